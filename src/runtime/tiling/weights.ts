import type { Triple } from "./positions.js";

/** How the scores of overlapping tiles are averaged. */
export type Blend = "constant" | "gaussian";

/** The gaussian's standard deviation as a part of the tile's length, MONAI's default. */
const SIGMA_SCALE = 0.125;
/** MONAI's floor, which keeps a voxel in a tile's corner from being divided by next to nothing. */
const SMALLEST_WEIGHT = 1e-3;

/**
 * The weight of each voxel of a tile, row-major, as MONAI's `compute_importance_map` gives it in float32: 1 everywhere,
 * or a product of gaussians around the tile's middle, at least 0.001.
 */
export function tileWeights(tile: Triple, blend: Blend): Float32Array<ArrayBuffer> {
  const [a, b, c] = tile;
  const weights = new Float32Array(a * b * c);
  if (blend === "constant") return weights.fill(1);
  const along = tile.map(gaussian) as [Float32Array, Float32Array, Float32Array];
  let index = 0;
  for (const first of along[0]) {
    for (const second of along[1]) {
      const both = Math.fround(first * second);
      for (const third of along[2]) weights[index++] = Math.max(both * third, SMALLEST_WEIGHT);
    }
  }
  return weights;
}

/** A gaussian over one axis of a tile, 1 at its middle, rounded to float32 at each step as torch does. */
function gaussian(length: number): Float32Array {
  const sigma = length * SIGMA_SCALE;
  const divisor = Math.fround(-2 * sigma ** 2);
  return Float32Array.from({ length }, (_, index) => {
    const distance = index - (length - 1) / 2;
    return Math.exp(Math.fround(Math.fround(distance ** 2) / divisor));
  });
}
