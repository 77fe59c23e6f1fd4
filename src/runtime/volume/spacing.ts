import { known } from "../../compiler/support/invariant.js";
import { millimetresPerUnit } from "./nifti-grid.js";
import type { Volume } from "./volume.js";

/** How far the affine's spacing may be from the header's, as a part of it, to be the same number rounded otherwise. */
const tolerance = 1e-4;

/**
 * The distance of neighbouring voxels along each axis in mm, for distances and volumes: as the header's pixdim states it,
 * unless the affine says something else. The affine of a scan that lies askew is rounded, and 3 mm would be 2.9999998.
 */
export function voxelSpacing({ grid, header }: Pick<Volume, "grid" | "header">): [number, number, number] {
  const scale = millimetresPerUnit(header.xyztUnits);
  return grid.spacing.map((length, axis) => {
    const stated = Math.abs(known(header.pixdim[axis + 1], "pixdim")) * scale;
    return Math.abs(stated - length) <= tolerance * length ? stated : length;
  }) as [number, number, number];
}

/** The volume of a voxel in mm³: the affine may shear, so this is its determinant. */
export function voxelVolume(affine: readonly (readonly number[])[]): number {
  const [a, b, c] = affine.map((row) => row.slice(0, 3)) as [number[], number[], number[]];
  const [a0, a1, a2] = a as [number, number, number];
  const [b0, b1, b2] = b as [number, number, number];
  const [c0, c1, c2] = c as [number, number, number];
  return Math.abs(a0 * (b1 * c2 - b2 * c1) - a1 * (b0 * c2 - b2 * c0) + a2 * (b0 * c1 - b1 * c0));
}
