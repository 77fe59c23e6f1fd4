import { invariant } from "../../compiler/support/invariant.js";
import { argMax, type Labels } from "./labels.js";
import type { Triple } from "./positions.js";

/**
 * Adds up the weighted scores of tiles. It holds one tile's thickness of the volume along the first axis and no more:
 * tiles come ordered by their start along it, so what lies before the newest tile is complete.
 */
export interface Blender {
  /** Adds the scores of the tile at `start`, [classes, ...tile] row-major. Starts never fall back along axis 0. */
  add(scores: Float32Array, start: Triple): void;
  /** Labels what is left. Gives the number of voxels whose scores include NaN. */
  finish(): number;
}

/**
 * Starts to blend tiles into `labels`, the row-major label map of a volume of `size`. Sums are float32, as MONAI's, in
 * the order in which tiles come. What a tile has outside of the volume is left out. Throws RangeError where memory
 * does not suffice.
 */
export function createBlender(
  size: Triple,
  tile: Triple,
  classes: number,
  tileWeights: Float32Array,
  labels: Labels,
): Blender {
  const thickness = Math.min(tile[0], size[0]);
  const plane = size[1] * size[2];
  const sums = Array.from({ length: classes }, () => new Float32Array(thickness * plane));
  const weights = new Float32Array(thickness * plane);
  const tileVoxels = tile[0] * tile[1] * tile[2];
  let first = 0;
  let notNumbers = 0;

  /** Labels the planes before `next`, and moves the rest to the front. */
  const advance = (next: number): void => {
    const complete = next - first;
    invariant(complete >= 0 && complete <= thickness, "tiles come in order and without gaps");
    if (complete === 0) return;
    notNumbers += argMax(sums, complete * plane, labels, first * plane, weights);
    for (const window of [...sums, weights]) {
      window.copyWithin(0, complete * plane);
      window.fill(0, (thickness - complete) * plane);
    }
    first = next;
  };

  return {
    add: (scores, start) => {
      advance(Math.max(0, start[0]));
      const [fromX, toX] = inside(start[0], tile[0], size[0]);
      const [fromY, toY] = inside(start[1], tile[1], size[1]);
      const [fromZ, toZ] = inside(start[2], tile[2], size[2]);
      const rows = (use: (source: number, target: number) => void) => {
        for (let x = fromX; x < toX; x++) {
          for (let y = fromY; y < toY; y++) {
            const source = ((x - start[0]) * tile[1] + (y - start[1])) * tile[2] - start[2];
            use(source, (x - first) * plane + y * size[2]);
          }
        }
      };
      rows((source, target) => {
        for (let z = fromZ; z < toZ; z++) {
          weights[target + z] = (weights[target + z] as number) + (tileWeights[source + z] as number);
        }
      });
      for (const [label, sum] of sums.entries()) {
        const own = scores.subarray(label * tileVoxels, (label + 1) * tileVoxels);
        rows((source, target) => {
          for (let z = fromZ; z < toZ; z++) {
            const weighted = Math.fround((own[source + z] as number) * (tileWeights[source + z] as number));
            sum[target + z] = (sum[target + z] as number) + weighted;
          }
        });
      }
    },
    finish: () => {
      advance(size[0]);
      return notNumbers;
    },
  };
}

/** The part of a tile that lies within the volume, along one axis: from, to. */
function inside(start: number, tile: number, length: number): [number, number] {
  return [Math.max(0, start), Math.min(length, start + tile)];
}
