import { labelOutOfRange, labelsNotWhole } from "../../compiler/diagnostics/catalogue/metrics.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { readFileBytes } from "../volume/files.js";
import type { NiftiHeader } from "../volume/nifti-header.js";
import { readNifti } from "../volume/read-nifti.js";
import type { Grid, Volume } from "../volume/volume.js";
import { type LabelNames, noNames } from "./names.js";
import { namesInNifti } from "./nifti-names.js";

export const greatestLabel = 65535;

/** A label for each voxel of a scan. */
export interface LabelMap {
  /** As the user named the file. */
  readonly path: string;
  readonly grid: Grid;
  readonly header: NiftiHeader;
  /** Row-major, as `Volume.data`. */
  readonly labels: Uint16Array;
  /** What the file itself says about its labels. */
  readonly names: LabelNames;
}

/** Reads a label map from a NIfTI file. Fails with SLAB5001 to SLAB5018, SLAB5300 or SLAB5301. */
export function readLabelMap(path: string): LabelMap {
  const bytes = readFileBytes(path);
  return labelMapOf(readNifti(bytes, path), path, namesInNifti(bytes, path));
}

/** The voxels of a volume as labels. Fails with SLAB5300 (not whole) or SLAB5301 (below 0 or above 65535). */
export function labelMapOf(
  { grid, header, data }: Pick<Volume, "grid" | "header" | "data">,
  path: string,
  names: LabelNames = noNames,
): LabelMap {
  const labels = new Uint16Array(data.length);
  for (let voxel = 0; voxel < data.length; voxel++) labels[voxel] = data[voxel] as number;
  // What does not fit comes out as another number.
  for (let voxel = 0; voxel < data.length; voxel++) {
    if (labels[voxel] !== data[voxel]) failNotLabels(data, path);
  }
  return { path, grid, header, labels, names };
}

function failNotLabels(data: Float32Array, path: string): never {
  const total = data.length;
  const isWhole = (value: number) => Number.isInteger(value);
  const first = data.find((value) => !isWhole(value));
  if (first !== undefined) {
    const count = data.reduce((sum, value) => sum + (isWhole(value) ? 0 : 1), 0);
    fail(labelsNotWhole, { count, total, first }, { path });
  }
  const isOut = (value: number) => value < 0 || value > greatestLabel;
  const count = data.reduce((sum, value) => sum + (isOut(value) ? 1 : 0), 0);
  fail(labelOutOfRange, { found: data.find(isOut) ?? Number.NaN, count }, { path });
}
