import type { Interpolation } from "../../compiler/support/pipeline.js";

/** For each position of a resampled axis: from which source positions it comes, with which weights. */
export interface Taps {
  /** Source positions for each position, 1 (nearest, or nothing to do), 2 (linear) or 4 (cubic). */
  readonly count: 1 | 2 | 4;
  /** `count` source positions for each position of the result. */
  readonly positions: Int32Array;
  readonly weights: Float64Array;
  /** Length of the result. */
  readonly length: number;
}

/**
 * Voxels along an axis after resampling, as MONAI's Spacing counts them (its `compute_shape_offset`): the distance from
 * the first to the last voxel at the new spacing, rounded as NumPy does, halves to even.
 */
export function resampledLength(length: number, from: number, to: number): number {
  return Math.max(1, roundHalfEven(((length - 1) * from) / to + 1));
}

/** Whether two spacings are the same but for rounding: 1e-3 of a voxel over 2048 voxels. */
export function sameSpacing(a: number, b: number): boolean {
  return Math.abs(a - b) <= 5e-7 * Math.max(a, b);
}

/** The axis as it is. */
export function identityTaps(length: number): Taps {
  const positions = Int32Array.from({ length }, (_, index) => index);
  return { count: 1, positions, weights: new Float64Array(length).fill(1), length };
}

/**
 * Position `index` of the result lies at `index * step` source voxels, held within the source (for cubic, within its
 * `margin` of repeated ends). Halves go up to the next voxel, as scipy's order 0 has it.
 */
export function tapsOf(source: number, length: number, step: number, how: Interpolation, margin = 0): Taps {
  const last = source - 1;
  const count = how === "nearest" ? 1 : how === "linear" ? 2 : 4;
  const positions = new Int32Array(length * count);
  const weights = new Float64Array(length * count);
  for (let index = 0; index < length; index++) {
    const at = index * step;
    if (count === 1) {
      positions[index] = Math.min(Math.floor(at + 0.5), last);
      weights[index] = 1;
    } else if (count === 2) {
      const held = Math.min(at, last);
      const low = Math.min(Math.floor(held), Math.max(0, last - 1));
      positions[2 * index] = low;
      positions[2 * index + 1] = Math.min(low + 1, last);
      weights[2 * index] = 1 - (held - low);
      weights[2 * index + 1] = held - low;
    } else {
      const held = Math.min(at, last + margin - 2);
      const low = Math.floor(held);
      const spline = cubicWeights(held - low);
      for (let tap = 0; tap < 4; tap++) {
        positions[4 * index + tap] = low - 1 + tap + margin;
        weights[4 * index + tap] = spline[tap] as number;
      }
    }
  }
  return { count, positions, weights, length };
}

/** The cubic B-spline at the distances 1 + t, t, 1 - t and 2 - t. */
function cubicWeights(t: number): [number, number, number, number] {
  const u = 1 - t;
  return [(u * u * u) / 6, 2 / 3 - t * t * (1 - t / 2), 2 / 3 - u * u * (1 - u / 2), (t * t * t) / 6];
}

function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}
