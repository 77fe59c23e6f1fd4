import type { NiftiHeader } from "./nifti-header.js";

/** Where the voxels of a volume lie in the patient. */
export interface Grid {
  /** Voxels along axes 0, 1 and 2. */
  readonly size: readonly [number, number, number];
  /** Distance of neighbouring voxels along axes 0, 1 and 2 in mm: the lengths of the affine's columns. */
  readonly spacing: readonly [number, number, number];
  /** 4x4, from voxel index to RAS+ in mm. */
  readonly affine: readonly (readonly number[])[];
  /** Where axes 0, 1 and 2 point to, such as "RAS" or "LIA". */
  readonly orientation: string;
}

/** A scan in memory. */
export interface Volume {
  readonly grid: Grid;
  /** Row-major [axis 0][axis 1][axis 2], axis 2 fastest, intensity scaling applied. */
  readonly data: Float32Array;
  /** What is needed to write a label map on the same grid. */
  readonly header: NiftiHeader;
}
