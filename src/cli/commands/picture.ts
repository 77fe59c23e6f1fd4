import { malformedWindow } from "../../compiler/diagnostics/catalogue/cases.js";
import { outputEnding } from "../../compiler/diagnostics/catalogue/cli.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { readLabelMap } from "../../runtime/labels/label-map.js";
import { joinNames, noNames } from "../../runtime/labels/names.js";
import { readLabelNames } from "../../runtime/labels/read-names.js";
import { selectLabels } from "../../runtime/labels/select.js";
import { requireSameGrid } from "../../runtime/metrics/same-grid.js";
import { drawPicture } from "../../runtime/picture/picture.js";
import { writeFileAtomically } from "../../runtime/volume/files.js";
import { readNiftiFile } from "../../runtime/volume/read-nifti.js";
import { requireWritable } from "../files.js";
import { parseCount } from "../options.js";
import { mostSlices } from "../run/settings.js";
import type { Terminal } from "../terminal.js";
import { formatBytes } from "../text.js";

export interface PictureArguments {
  readonly output: string;
  readonly slices: string;
  readonly labels?: string;
  readonly names?: string;
  readonly window?: string;
}

/** `slab picture`: slices of a scan as a PNG, with the labels of a map laid over. */
export async function picture(
  scan: string,
  labels: string | undefined,
  options: PictureArguments,
  terminal: Terminal,
): Promise<number> {
  const { output, window } = options;
  if (!output.toLowerCase().endsWith(".png")) {
    fail(outputEnding, { what: "a picture", endings: [".png"], example: "labels.png" }, { path: output });
  }
  const inputs = [scan, labels, options.names].filter((path) => path !== undefined);
  requireWritable([output], inputs);
  const slices = parseCount("--slices", options.slices, mostSlices);
  const shades = window === undefined ? {} : { window: parseWindow(window) };
  const given = options.names === undefined ? noNames : readLabelNames(options.names);
  const volume = readNiftiFile(scan);
  const map = labels === undefined ? undefined : readLabelMap(labels);
  if (map) requireSameGrid({ grid: volume.grid, path: scan }, map);
  // Colours that a label map brings along repeat; those of --names were chosen.
  const own = new Map([...(map?.names ?? noNames)].map(([label, { name }]) => [label, { name }]));
  const names = joinNames(given, own);
  const shown = map ? only(map.labels, options.labels, names) : new Uint8Array(volume.data.length);
  const png = await drawPicture(volume, volume.data, shown, { slices, names, ...shades });
  writeFileAtomically(output, png);
  terminal.remark(`${output}: ${formatBytes(png.length)}`);
  return 0;
}

function only(labels: Uint16Array, text: string | undefined, names: typeof noNames): Uint16Array {
  if (text === undefined) return labels;
  const chosen = new Set(selectLabels(text, names));
  return labels.map((label) => (chosen.has(label) ? label : 0));
}

function parseWindow(text: string): readonly [number, number] {
  const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [low = Number.NaN, high = Number.NaN] = parts;
  if (parts.length !== 2 || !Number.isFinite(high - low) || low >= high) {
    fail(malformedWindow, { found: text });
  }
  return [low, high];
}
