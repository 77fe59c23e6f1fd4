/** A class per voxel, in the smallest type that holds the classes. */
export type Labels = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** Voxels that are compared at a time: their scores of one class, and the best so far, stay in the fastest cache. */
const BLOCK = 2048;

/** Room for the labels of so many voxels, all of class 0. */
export function createLabels(voxels: number, classes: number): Labels {
  return classes <= 256 ? new Uint8Array(voxels) : new Uint16Array(voxels);
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

/** The number of voxels of each class. */
export function histogram(labels: Labels, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
}
