import { invariant } from "./invariant.js";

/**
 * Where tiles start along one axis, as MONAI's `sliding_window_inference` places them: every `int(tile * (1 - overlap))`
 * voxels (at least 1), the last tile moved back so that it ends with the volume. A volume that is shorter than a tile
 * has one tile, which begins half of the missing length before it: a negative start, the odd voxel behind.
 */
export function axisStarts(length: number, tile: number, overlap: number): number[] {
  invariant(length >= 1 && tile >= 1, "lengths are positive");
  invariant(overlap >= 0 && overlap < 1, "the overlap is in [0, 1)");
  if (length <= tile) return [0 - Math.floor((tile - length) / 2)];
  const interval = Math.max(1, Math.trunc(tile * (1 - overlap)));
  const count = Math.ceil((length - tile) / interval) + 1;
  return Array.from({ length: count }, (_, index) => Math.min(index * interval, length - tile));
}
