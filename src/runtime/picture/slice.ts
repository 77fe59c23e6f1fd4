import { type Canvas, paint } from "./canvas.js";
import type { Colour } from "./colours.js";
import type { DisplayAxes, Panel } from "./display.js";

/** A slice as a grid of voxels: how many across and down, and where the one at a column and row lies in the data. */
export interface Slice {
  readonly columns: number;
  readonly rows: number;
  index(column: number, row: number): number;
}

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function sliceOf({ size, stride, offset }: DisplayAxes, panel: Panel, at: number): Slice {
  const { normal, across, down } = panel;
  const columns = size[across];
  const rows = size[down];
  const start = offset + at * stride[normal];
  return {
    columns,
    rows,
    index: (column, row) => start + (columns - 1 - column) * stride[across] + (rows - 1 - row) * stride[down],
  };
}

export function drawSlice(
  canvas: Canvas,
  frame: Frame,
  slice: Slice,
  data: Float32Array,
  labels: ArrayLike<number>,
  [low, high]: readonly [number, number],
  alpha: number,
  colourOf: (label: number) => Colour,
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
      const [red, green, blue] = colourOf(label);
      const mix = (channel: number) => cover * channel + (1 - cover) * grey;
      paint(canvas, frame.left + x, frame.top + y, mix(red), mix(green), mix(blue));
    }
  }
}

/** The labels that a slice shows. */
export function labelsIn(slice: Slice, labels: ArrayLike<number>): ReadonlySet<number> {
  const found = new Set<number>();
  for (let row = 0; row < slice.rows; row++) {
    for (let column = 0; column < slice.columns; column++) {
      const label = labels[slice.index(column, row)] as number;
      if (label !== 0) found.add(label);
    }
  }
  return found;
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

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
