import { PNG } from "pngjs";
import { invariant } from "../../compiler/support/invariant.js";
import { writeFileAtomically } from "../volume/files.js";
import type { Volume } from "../volume/volume.js";
import { labelColour } from "./colours.js";
import { type DisplayAxes, displayAxes, focus, PANELS, type Panel } from "./display.js";
import { drawGlyph, GLYPH_HEIGHT, GLYPH_WIDTH } from "./font.js";

export interface PictureOptions {
  /** The least height of a slice in pixels. */
  readonly height?: number;
  /** How much a label covers the grey below it, 0 to 1. */
  readonly alpha?: number;
}

/** A picture, three bytes per pixel. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const LONGEST_SIDE = 960;
const MARGIN = 12;
const BACKGROUND = 14;
const LETTER_SCALE = 2;
/** Enough voxels to find percentiles among. */
const SAMPLES = 1 << 18;

/**
 * Three orthogonal slices side by side, axial, coronal and sagittal in radiological display, with the labels laid over:
 * each label in its own colour, half transparent, its outline opaque. The slices go through the labels' centre of mass,
 * or the volume's middle where there are none. Grey runs from the 0.5th to the 99.5th percentile.
 *
 * @param data the volume's values, scaled or not, row-major
 * @param labels a label per voxel, 0 for background
 * @returns a PNG file
 */
export function drawPicture(
  volume: Volume,
  data: Float32Array,
  labels: ArrayLike<number>,
  options: PictureOptions = {},
): Uint8Array {
  const { size } = volume.grid;
  const voxels = size[0] * size[1] * size[2];
  invariant(data.length === voxels && labels.length === voxels, "a picture's data is as large as its volume");
  const axes = displayAxes(volume.grid);
  const extents = PANELS.map((panel) => panelExtent(axes, panel));
  const scale = pixelsPerMillimetre(extents, options.height ?? 320);
  const sizes = extents.map(([width, height]) => [pixels(width * scale), pixels(height * scale)] as const);
  const tallest = Math.max(...sizes.map(([, height]) => height));
  const canvas = createCanvas(
    sizes.reduce((sum, [width]) => sum + width + MARGIN, MARGIN),
    tallest + 2 * MARGIN,
  );
  const at = focus(axes, labels);
  const window = greyWindow(data);
  let left = MARGIN;
  for (const [index, panel] of PANELS.entries()) {
    const [width, height] = sizes[index] as readonly [number, number];
    const frame = { left, top: MARGIN + Math.floor((tallest - height) / 2), width, height };
    drawSlice(canvas, frame, sliceOf(axes, panel, at), data, labels, window, options.alpha ?? 0.5);
    if (axes.oriented) drawLetters(canvas, frame, panel);
    left += width + MARGIN;
  }
  return encodePng(canvas);
}

/** Draws a picture (see `drawPicture`) into a file, all of it or nothing. Unwritable paths are diagnostics. */
export function writePicture(
  path: string,
  volume: Volume,
  data: Float32Array,
  labels: ArrayLike<number>,
  options: PictureOptions = {},
): void {
  writeFileAtomically(path, drawPicture(volume, data, labels, options));
}

/** A slice as a grid of voxels: how many across and down, and where the one at a column and row lies in the data. */
interface Slice {
  readonly columns: number;
  readonly rows: number;
  index(column: number, row: number): number;
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function sliceOf({ size, stride, offset }: DisplayAxes, panel: Panel, at: readonly number[]): Slice {
  const { normal, across, down } = panel;
  const columns = size[across];
  const rows = size[down];
  const start = offset + (at[normal] as number) * stride[normal];
  return {
    columns,
    rows,
    index: (column, row) => start + (columns - 1 - column) * stride[across] + (rows - 1 - row) * stride[down],
  };
}

function drawSlice(
  canvas: Canvas,
  frame: Frame,
  slice: Slice,
  data: Float32Array,
  labels: ArrayLike<number>,
  [low, high]: readonly [number, number],
  alpha: number,
): void {
  const { width, height } = frame;
  const labelAt = (x: number, y: number): number => {
    if (x < 0 || y < 0 || x >= width || y >= height) return 0;
    const column = Math.floor((x * slice.columns) / width);
    return labels[slice.index(column, Math.floor((y * slice.rows) / height))] as number;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = interpolate(slice, data, (x + 0.5) / width, (y + 0.5) / height);
      const grey = 255 * Math.min(1, Math.max(0, (value - low) / (high - low)));
      const label = labelAt(x, y);
      if (label === 0) {
        paint(canvas, frame.left + x, frame.top + y, grey, grey, grey);
        continue;
      }
      const edge =
        labelAt(x - 1, y) !== label ||
        labelAt(x + 1, y) !== label ||
        labelAt(x, y - 1) !== label ||
        labelAt(x, y + 1) !== label;
      const cover = edge ? 1 : alpha;
      const [red, green, blue] = labelColour(label);
      const mix = (channel: number) => cover * channel + (1 - cover) * grey;
      paint(canvas, frame.left + x, frame.top + y, mix(red), mix(green), mix(blue));
    }
  }
}

/** The value at a place of a slice (0 to 1 across and down), linear between the middles of voxels. */
function interpolate(slice: Slice, data: Float32Array, across: number, down: number): number {
  const [left, right, x] = neighbours(across, slice.columns);
  const [top, bottom, y] = neighbours(down, slice.rows);
  const value = (column: number, row: number) => finite(data[slice.index(column, row)] as number);
  const above = (1 - x) * value(left, top) + x * value(right, top);
  const below = (1 - x) * value(left, bottom) + x * value(right, bottom);
  return (1 - y) * above + y * below;
}

function neighbours(place: number, length: number): [number, number, number] {
  const position = Math.min(Math.max(place * length - 0.5, 0), length - 1);
  const first = Math.floor(position);
  return [first, Math.min(first + 1, length - 1), position - first];
}

/** The values shown black and white: the 0.5th and 99.5th percentile of what is finite. */
function greyWindow(data: Float32Array): [number, number] {
  const step = Math.max(1, Math.floor(data.length / SAMPLES));
  const count = Math.floor((data.length - 1) / step) + 1;
  const samples = Float32Array.from({ length: count }, (_, index) => data[index * step] as number)
    .filter((value) => Number.isFinite(value))
    .sort();
  const percentile = (part: number) => samples[Math.round(part * (samples.length - 1))] ?? 0;
  const low = percentile(0.005);
  const high = percentile(0.995);
  return high > low ? [low, high] : [low, low + 1];
}

/** Width and height of a slice in mm; at most 16 times as long as wide, whatever a file's spacing claims. */
function panelExtent({ size, spacing }: DisplayAxes, { across, down }: Panel): [number, number] {
  const length = (axis: 0 | 1 | 2) => {
    const extent = size[axis] * Math.abs(spacing[axis]);
    return Number.isFinite(extent) && extent > 0 ? extent : size[axis];
  };
  const longest = Math.max(length(0), length(1), length(2));
  return [Math.max(length(across), longest / 16), Math.max(length(down), longest / 16)];
}

function pixelsPerMillimetre(extents: readonly (readonly [number, number])[], height: number): number {
  const lowest = Math.min(...extents.map(([, extent]) => extent));
  const longest = Math.max(...extents.flat());
  return Math.min(height / lowest, Math.max(LONGEST_SIDE, height) / longest);
}

function pixels(length: number): number {
  return Math.max(1, Math.round(length));
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function drawLetters(canvas: Canvas, frame: Frame, { letters }: Panel): void {
  const width = GLYPH_WIDTH * LETTER_SCALE;
  const height = GLYPH_HEIGHT * LETTER_SCALE;
  const gap = 5;
  const middleX = frame.left + Math.floor((frame.width - width) / 2);
  const middleY = frame.top + Math.floor((frame.height - height) / 2);
  const places: readonly (readonly [number, number])[] = [
    [frame.left + gap, middleY],
    [frame.left + frame.width - width - gap, middleY],
    [middleX, frame.top + gap],
    [middleX, frame.top + frame.height - height - gap],
  ];
  for (const [index, [x, y]] of places.entries()) {
    const letter = letters[index] as string;
    // A dark rim keeps letters legible on bright tissue.
    drawLetter(canvas, letter, x, y, 1, [0, 0, 0]);
    drawLetter(canvas, letter, x, y, 0, [255, 235, 120]);
  }
}

function drawLetter(
  canvas: Canvas,
  letter: string,
  left: number,
  top: number,
  rim: number,
  [red, green, blue]: readonly [number, number, number],
): void {
  drawGlyph(letter, (column, row) => {
    for (let y = -rim; y < LETTER_SCALE + rim; y++) {
      for (let x = -rim; x < LETTER_SCALE + rim; x++) {
        paint(canvas, left + column * LETTER_SCALE + x, top + row * LETTER_SCALE + y, red, green, blue);
      }
    }
  });
}

function createCanvas(width: number, height: number): Canvas {
  return { width, height, pixels: new Uint8Array(width * height * 3).fill(BACKGROUND) };
}

/** Paints a pixel; what lies outside of the picture is left out. */
function paint(canvas: Canvas, x: number, y: number, red: number, green: number, blue: number): void {
  if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return;
  canvas.pixels.set([Math.round(red), Math.round(green), Math.round(blue)], (y * canvas.width + x) * 3);
}

function encodePng({ width, height, pixels }: Canvas): Uint8Array {
  const png = new PNG({ width, height });
  for (let pixel = 0; pixel < width * height; pixel++) {
    png.data.set(pixels.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    png.data[pixel * 4 + 3] = 255;
  }
  return PNG.sync.write(png, { colorType: 2 });
}
