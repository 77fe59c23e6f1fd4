import type { Triple } from "./positions.js";
import type { Collector } from "./window.js";

/** A class per voxel, in the smallest type that holds the classes. */
export type Labels = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** Voxels that are compared at a time: their scores of one class, and the best so far, stay in the fastest cache. */
const BLOCK = 2048;

/** Room for the labels of so many voxels, all of class 0. */
export function createLabels(voxels: number, classes: number): Labels {
  return classes <= 256 ? new Uint8Array(voxels) : new Uint16Array(voxels);
}

/**
 * Labels each voxel with the class of its highest score, plane by plane as they are finished. With one class, a voxel
 * is 1 where its score is above `threshold`, and 0 elsewhere.
 */
export function labelHighest([a, b, c]: Triple, classes: number, threshold = 0): Collector {
  const labels = createLabels(a * b * c, classes);
  let notNumbers = 0;
  return {
    add: ({ scores, weights, first, count }) => {
      const offset = first * b * c;
      const [only] = scores;
      notNumbers +=
        scores.length === 1 && only
          ? aboveThreshold(only, threshold, count * b * c, labels, offset, weights)
          : argMax(scores, count * b * c, labels, offset, weights);
    },
    finish: () => ({ labels, notNumbers }),
  };
}

/**
 * Writes the class with the highest score of each voxel into `labels`, from `offset` on; the lowest class where several
 * are equal, as torch and numpy do.
 *
 * `scores` has a plane per class, `voxels` long each. With `weights`, a score is divided by its voxel's weight before it
 * is compared, in float32, since that is what decides ties. Gives the number of voxels with a score that is NaN.
 */
export function argMax(
  scores: readonly Float32Array[],
  voxels: number,
  labels: Labels,
  offset: number,
  weights?: Float32Array,
): number {
  const best = new Float32Array(BLOCK);
  const unknown = new Uint8Array(BLOCK);
  let notNumbers = 0;
  for (let start = 0; start < voxels; start += BLOCK) {
    const length = Math.min(BLOCK, voxels - start);
    best.fill(Number.NEGATIVE_INFINITY, 0, length);
    unknown.fill(0);
    for (const [label, plane] of scores.entries()) {
      for (let index = 0; index < length; index++) {
        const raw = plane[start + index] as number;
        const score = weights === undefined ? raw : Math.fround(raw / (weights[start + index] as number));
        if (score > (best[index] as number)) {
          best[index] = score;
          labels[offset + start + index] = label;
        } else if (Number.isNaN(score)) {
          unknown[index] = 1;
        }
      }
    }
    for (let index = 0; index < length; index++) notNumbers += unknown[index] as number;
  }
  return notNumbers;
}

/** Writes 1 where a score, divided by its weight, is above the threshold. Gives the number of scores that are NaN. */
function aboveThreshold(
  scores: Float32Array,
  threshold: number,
  voxels: number,
  labels: Labels,
  offset: number,
  weights: Float32Array | undefined,
): number {
  let notNumbers = 0;
  for (let index = 0; index < voxels; index++) {
    const raw = scores[index] as number;
    const score = weights === undefined ? raw : Math.fround(raw / (weights[index] as number));
    if (score > threshold) labels[offset + index] = 1;
    else if (Number.isNaN(score)) notNumbers++;
  }
  return notNumbers;
}

/** The number of voxels of each class. */
export function histogram(labels: Labels, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
