import type { Grid } from "../../runtime/index.js";
import { formatCount, table } from "../text.js";

/** The labels that occur, with the volume they take. */
export function labelTable(histogram: readonly number[], grid: Grid): string {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const millilitres = voxelVolume(grid.affine) / 1000;
  const rows = histogram.flatMap((count, label) => {
    if (count === 0) return [];
    const percent = ((100 * count) / total).toFixed(2);
    return [[String(label), formatCount(count), percent, (count * millilitres).toFixed(2)]];
  });
  const absent = histogram.length - rows.length;
  const note = absent === 0 ? "" : `\n${absent} of ${histogram.length} labels do not occur`;
  return table([["label", "voxels", "%", "ml"], ...rows], [0, 1, 2, 3]) + note;
}

/** In mm³: the affine may shear, so this is its determinant. */
export function voxelVolume(affine: readonly (readonly number[])[]): number {
  const [a, b, c] = affine.map((row) => row.slice(0, 3)) as [number[], number[], number[]];
  const [a0, a1, a2] = a as [number, number, number];
  const [b0, b1, b2] = b as [number, number, number];
  const [c0, c1, c2] = c as [number, number, number];
  return Math.abs(a0 * (b1 * c2 - b2 * c1) - a1 * (b0 * c2 - b2 * c0) + a2 * (b0 * c1 - b1 * c0));
}
