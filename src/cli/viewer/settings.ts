import { known } from "../../compiler/support/invariant.js";
import type { LabelMap } from "../../runtime/labels/label-map.js";
import type { LabelNames } from "../../runtime/labels/names.js";
import { type Colour, labelColour } from "../../runtime/picture/colours.js";

/** A label in the viewer's list. */
export interface ViewedLabel {
  readonly label: number;
  readonly name: string;
  readonly colour: Colour;
  /** Its middle, in RAS mm. */
  readonly place: readonly [number, number, number];
}

/** A label map for the viewer, and what its list shows. */
export interface ViewedMap {
  /** For each voxel 0, or the place of its label in `entries`, from 1: label 14175 would need 14175 colours otherwise. */
  readonly places: Uint16Array;
  readonly entries: readonly ViewedLabel[];
}

/** What the page is told: `settings.json`. */
export interface ViewerSettings {
  readonly title: string;
  /** The names under which scan and labels are served. */
  readonly scan: string;
  readonly labels?: string;
  /** The intensities shown black and white. */
  readonly window: readonly [number, number];
  readonly entries: readonly ViewedLabel[];
}

/** The labels of a map in the order of their numbers, each with the place that the list leads to. */
export function viewedMap({ labels, grid }: LabelMap, names: LabelNames): ViewedMap {
  const [, ny, nz] = grid.size;
  const sums = new Map<number, [number, number, number, number]>();
  for (const [voxel, label] of labels.entries()) {
    if (label === 0) continue;
    const sum = sums.get(label) ?? [0, 0, 0, 0];
    sum[0] += Math.floor(voxel / (ny * nz));
    sum[1] += Math.floor(voxel / nz) % ny;
    sum[2] += voxel % nz;
    sum[3]++;
    sums.set(label, sum);
  }
  const entries = [...sums]
    .sort(([a], [b]) => a - b)
    .map(([label, [x, y, z, count]]) => ({
      label,
      name: names.get(label)?.name ?? `label ${label}`,
      colour: names.get(label)?.colour ?? labelColour(label),
      place: toWorld(grid.affine, [x / count, y / count, z / count]),
    }));
  const placeOf = new Map(entries.map(({ label }, index) => [label, index + 1]));
  return { places: labels.map((label) => placeOf.get(label) ?? 0), entries };
}

function toWorld(affine: LabelMap["grid"]["affine"], voxel: readonly number[]): [number, number, number] {
  return [0, 1, 2].map((row) => {
    const entries = known(affine[row], "a row");
    return voxel.reduce(
      (sum, at, axis) => sum + at * known(entries[axis], "an entry"),
      known(entries[3], "an offset"),
    );
  }) as [number, number, number];
}
