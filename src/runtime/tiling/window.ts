import { invariant } from "../../compiler/support/invariant.js";
import { inside, type Triple } from "./positions.js";

/** Scores of planes of a volume that no later tile touches. They may be read during the call only. */
export interface FinishedPlanes {
  /** For each class its scores, `count` planes row-major; the arrays may be longer. */
  readonly scores: readonly Float32Array[];
  /** What each score has to be divided by, voxel by voxel; undefined where it is 1 everywhere. */
  readonly weights?: Float32Array;
  /** The first of the planes, by its index along the volume's first axis. */
  readonly first: number;
  readonly count: number;
}

/** What becomes of the scores of a volume. Planes come in order along the first axis, each once. */
export interface Collector {
  add(planes: FinishedPlanes): void;
  /** What came of it. `notNumbers` voxels had scores that are NaN. */
  finish(): {
    readonly labels: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
    readonly notNumbers: number;
  };
}

/** Takes the scores of tiles, [classes, ...tile] row-major, which come ordered by their start along axis 0. */
export interface TileTarget {
  add(scores: Float32Array, start: Triple): void;
  /** Hands on what is left. */
  finish(): void;
}

/** Bytes that `blendTiles` holds, with the weights of a tile. */
export function blendingBytes(size: Triple, tile: Triple, classes: number): number {
  const window = Math.min(tile[0], size[0]) * size[1] * size[2];
  return 4 * ((classes + 1) * window + tile[0] * tile[1] * tile[2]);
}

/**
 * Blends the weighted scores of tiles over a volume of `size`. It holds one tile's thickness of the volume along the
 * first axis and no more: what lies before the newest tile is complete and goes to the collector. Sums are float32, as
 * MONAI's, in the order in which tiles come. What a tile has outside of the volume is left out. Throws RangeError where
 * memory does not suffice.
 */
export function blendTiles(
  size: Triple,
  tile: Triple,
  classes: number,
  tileWeights: Float32Array,
  collector: Collector,
): TileTarget {
  const thickness = Math.min(tile[0], size[0]);
  const plane = size[1] * size[2];
  const sums = Array.from({ length: classes }, () => new Float32Array(thickness * plane));
  const weights = new Float32Array(thickness * plane);
  const tileVoxels = tile[0] * tile[1] * tile[2];
  let first = 0;

  /** Hands on the planes before `next`, and moves the rest to the front. */
  const advance = (next: number): void => {
    const count = next - first;
    invariant(count >= 0 && count <= thickness, "tiles come in order and without gaps");
    if (count === 0) return;
    collector.add({ scores: sums, weights, first, count });
    for (const window of [...sums, weights]) {
      window.copyWithin(0, count * plane);
      window.fill(0, (thickness - count) * plane);
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
    finish: () => advance(size[0]),
  };
}

/** Hands on the scores of a single tile that covers the volume, without a copy. */
export function singleTile(size: Triple, classes: number, collector: Collector): TileTarget {
  const voxels = size[0] * size[1] * size[2];
  return {
    add: (scores) => {
      const planes = Array.from({ length: classes }, (_, label) =>
        scores.subarray(label * voxels, (label + 1) * voxels),
      );
      collector.add({ scores: planes, first: 0, count: size[0] });
    },
    finish: () => undefined,
  };
}
