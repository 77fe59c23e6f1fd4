import { gridsDiffer } from "../../compiler/diagnostics/catalogue/metrics.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import type { LabelMap } from "../labels/label-map.js";
import type { Grid } from "../volume/volume.js";

/** How far apart voxels of two grids may lie to be taken for the same one, as a part of the shortest voxel edge. */
const gridTolerance = 0.01;

/**
 * Makes sure that two files have their voxels at the same places: equal sizes, and no corner of the one further from the
 * other's than `gridTolerance`. Fails with SLAB5302.
 */
export function requireSameGrid(
  first: Pick<LabelMap, "grid" | "path">,
  second: Pick<LabelMap, "grid" | "path">,
): void {
  const apart = distanceBetween(first.grid, second.grid);
  const limit = gridTolerance * Math.min(...first.grid.spacing, ...second.grid.spacing);
  if (apart <= limit) return;
  fail(
    gridsDiffer,
    {
      first: shown(first.grid),
      second: shown(second.grid),
      other: second.path,
      apart: Number.isFinite(apart) ? apart : undefined,
      limit,
    },
    { path: first.path },
  );
}

/** The largest distance in mm between the same corner of two grids; infinity where their sizes differ. */
function distanceBetween(first: Grid, second: Grid): number {
  if (first.size.join() !== second.size.join()) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let corner = 0; corner < 8; corner++) {
    const place = first.size.map((length, axis) => (corner & (1 << axis) ? length - 1 : 0));
    const [a, b] = [at(first.affine, place), at(second.affine, place)];
    largest = Math.max(largest, Math.hypot(...a.map((value, axis) => value - (b[axis] as number))));
  }
  return largest;
}

function at(affine: Grid["affine"], place: readonly number[]): number[] {
  return affine
    .slice(0, 3)
    .map((row) =>
      row.reduce((sum, value, axis) => sum + value * (axis < 3 ? (place[axis] as number) : 1), 0),
    );
}

function shown({ size, spacing, orientation, affine }: Grid): string {
  const origin = affine.slice(0, 3).map((row) => short(row[3] as number));
  return `${size.join("x")} voxels of ${spacing.map(short).join("x")} mm, axes ${orientation}, first voxel at (${origin.join(", ")})`;
}

function short(value: number): string {
  return String(Number(value.toFixed(4)));
}
