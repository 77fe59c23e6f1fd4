import { invariant, known } from "../../compiler/support/invariant.js";
import { type LabelNames, noNames } from "../labels/names.js";
import { writeFileAtomically } from "../volume/files.js";
import type { Volume } from "../volume/volume.js";
import { createCanvas, encodePng, layOver } from "./canvas.js";
import { labelColour } from "./colours.js";
import { type DisplayAxes, displayAxes, extentAlong, focus, PANELS, type Panel } from "./display.js";
import { greyWindow } from "./grey.js";
import { placeSlices } from "./layout.js";
import { layOutLegend, letteringSvg } from "./lettering.js";
import { svgToPixels } from "./rasterize.js";
import { drawSlice, labelsIn, sliceOf } from "./slice.js";

export interface PictureOptions {
  /** The least height of a slice in pixels. */
  readonly height?: number;
  /** How much a label covers the grey below it, 0 to 1. */
  readonly alpha?: number;
  /** Slices in each direction; 1 where not given. */
  readonly slices?: number;
  /** What labels are called, and their colours. */
  readonly names?: LabelNames;
  /** The values shown black and white; the 0.5th and 99.5th percentile where not given. */
  readonly window?: readonly [number, number];
}

/**
 * Orthogonal slices, axial, coronal and sagittal in radiological display, with the labels laid over: each label in its own
 * colour, half transparent, its outline opaque; below, a legend of the labels that are seen. One slice in each direction
 * goes through the labels' centre of mass; several are spread evenly over where labels are, and each is named by its index
 * along the file's axis i, j or k. Without labels, the volume's middle and extent.
 *
 * @param data the volume's values, scaled or not, row-major
 * @param labels a label per voxel, 0 for background
 * @returns a PNG file
 */
export async function drawPicture(
  volume: Pick<Volume, "grid">,
  data: Float32Array,
  labels: ArrayLike<number>,
  options: PictureOptions = {},
): Promise<Uint8Array> {
  const { size } = volume.grid;
  const voxels = size[0] * size[1] * size[2];
  invariant(data.length === voxels && labels.length === voxels, "a picture's data is as large as its volume");
  const { names = noNames, slices = 1, alpha = 0.5, height = slices > 1 ? 260 : 320 } = options;
  const axes = displayAxes(volume.grid);
  const { placed, width, height: top } = placeSlices(axes, placesOf(axes, labels, slices), height);
  const shown = placed.map(({ panel, at, frame }) => ({ panel, at, frame, slice: sliceOf(axes, panel, at) }));

  const seen = new Set(shown.flatMap(({ slice }) => [...labelsIn(slice, labels)]));
  const colourOf = (label: number) => names.get(label)?.colour ?? labelColour(label);
  const entries = [...seen]
    .sort((a, b) => a - b)
    .map((label) => ({ text: `${label} ${names.get(label)?.name ?? ""}`.trim(), colour: colourOf(label) }));
  const legend = layOutLegend(entries, width);

  const canvas = createCanvas(width, top + legend.height);
  const window = options.window ?? greyWindow(data);
  for (const { frame, slice } of shown)
    drawSlice(canvas, frame, slice, data, labels, window, alpha, colourOf);
  const lettering = shown.map(({ panel, at, frame }) => ({
    frame,
    letters: axes.oriented ? panel.letters : [],
    caption: slices > 1 ? sliceName(axes, panel, at) : undefined,
  }));
  layOver(canvas, await svgToPixels(letteringSvg(width, canvas.height, lettering, legend), width));
  return encodePng(canvas);
}

/** Draws a picture (see `drawPicture`) into a file, all of it or nothing. Unwritable paths are diagnostics. */
export async function writePicture(
  path: string,
  volume: Pick<Volume, "grid">,
  data: Float32Array,
  labels: ArrayLike<number>,
  options: PictureOptions = {},
): Promise<void> {
  writeFileAtomically(path, await drawPicture(volume, data, labels, options));
}

/** Which slices are drawn in each direction. */
function placesOf(axes: DisplayAxes, labels: ArrayLike<number>, slices: number): number[][] {
  if (slices === 1) {
    const at = focus(axes, labels);
    return PANELS.map(({ normal }) => [at[normal]]);
  }
  return PANELS.map(({ normal }) => {
    const [first, last] = extentAlong(axes, labels, normal);
    const count = Math.min(slices, last - first + 1);
    return Array.from({ length: count }, (_, index) =>
      Math.floor(first + ((index + 0.5) * (last - first + 1)) / count),
    );
  });
}

/** `k 56`: the slice's index along the file's own axis. */
function sliceName({ size, stride, axis }: DisplayAxes, { normal }: Panel, at: number): string {
  const index = stride[normal] < 0 ? size[normal] - 1 - at : at;
  return `${known("ijk"[axis[normal]], "an axis")} ${index}`;
}
