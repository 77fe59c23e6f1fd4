import { labelMapType } from "../../compiler/support/label-map.js";
import { createLabels, type Labels } from "./labels.js";
import { inside, type Triple, tileStarts } from "./positions.js";
import type { Blend } from "./weights.js";

/** The part of how a volume is segmented that decides whether scores have to be known. */
export interface ScoreUse {
  readonly overlap: number;
  readonly blend: Blend;
  /** Axes that are mirrored. */
  readonly mirror?: readonly number[];
  /** What takes the scores. */
  readonly collect?: unknown;
}

/** Why labels of single tiles don't make labels of a volume, in a few words; undefined where they do. */
export function whyScores(
  size: Triple,
  tile: Triple,
  { overlap, mirror, collect }: ScoreUse,
): string | undefined {
  if (collect !== undefined) return "scores go back to the scan's grid (--restore probabilities)";
  if (mirror !== undefined && mirror.length > 0) return "scores of the mirrored scan are averaged";
  const overlaps = tileStarts(size, tile, overlap).some((starts, axis) =>
    starts.some(
      (start, index) => index > 0 && start - (starts[index - 1] as number) < (tile[axis] as number),
    ),
  );
  return overlaps ? `tiles of ${tile.join("x")} overlap in a scan of ${size.join("x")}` : undefined;
}

/**
 * Whether labels that a model makes are those that would be made of its scores, in every voxel: each lies in one tile,
 * and its score is not multiplied by a weight and divided by it again, which rounding may make equal to another one.
 */
export function labelsSuffice(size: Triple, tile: Triple, use: ScoreUse): boolean {
  const isWeighted = use.blend !== "constant" && size.join() !== tile.join();
  return !isWeighted && whyScores(size, tile, use) === undefined;
}

/** Puts the labels of tiles together that do not overlap. */
export function joinTiles(size: Triple, tile: Triple, classes: number) {
  const labels = createLabels(size[0] * size[1] * size[2], classes);
  const { unknown } = labelMapType(classes);
  let notNumbers = 0;
  return {
    /** Takes the part of a tile that lies in the volume. */
    add: (own: Labels, start: Triple): void => {
      const [x0, x1] = inside(start[0], tile[0], size[0]);
      const [y0, y1] = inside(start[1], tile[1], size[1]);
      const [z0, z1] = inside(start[2], tile[2], size[2]);
      for (let x = x0; x < x1; x++) {
        for (let y = y0; y < y1; y++) {
          const source = ((x - start[0]) * tile[1] + (y - start[1])) * tile[2] - start[2];
          const target = (x * size[1] + y) * size[2];
          for (let z = z0; z < z1; z++) {
            const label = own[source + z] as number;
            if (label !== unknown) labels[target + z] = label;
            else notNumbers++;
          }
        }
      }
    },
    /** The labels, and how many voxels had a score that is NaN. */
    finish: () => ({ labels, notNumbers }),
  };
}
