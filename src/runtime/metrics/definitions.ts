import { elementAreas } from "./element-areas.js";
import { type Surface, surfaceBetweenVoxels, surfaceVoxels } from "./surfaces.js";

/** How far the elements of one surface are from another: a distance in mm with how much lies at it, ascending. */
export type Distances = readonly { readonly distance: number; readonly weight: number }[];

/** Voxels of a label: in the truth, in the prediction, and in both. */
export interface Overlap {
  readonly truth: number;
  readonly prediction: number;
  readonly both: number;
}

/** What a published implementation computes, where implementations differ. */
export interface Definition {
  dice(overlap: Overlap): number;
  surface(mask: Uint8Array, size: readonly [number, number, number]): Surface;
  /** How much each element of a surface weighs. */
  weights(spacing: readonly [number, number, number]): Float64Array;
  /** Whether a surface that is missing is infinitely far from the other one, as the other is from it. */
  readonly missingIsFar: boolean;
  /** A distance, or a tolerance, in the precision in which they are compared. */
  rounded(distance: number): number;
  /** The 95th percentile of the distances in each direction, the larger one. */
  hd95(directions: readonly [Distances, Distances]): number;
}

export type DefinitionName = "deepmind" | "monai";

export const definitions: Readonly<Record<DefinitionName, Definition>> = {
  /** google-deepmind/surface-distance: elements of the surface between voxels, weighted by their area; float64. */
  deepmind: {
    dice: ({ truth, prediction, both }) => (2 * both) / (truth + prediction),
    surface: surfaceBetweenVoxels,
    weights: elementAreas,
    missingIsFar: false,
    rounded: (distance) => distance,
    hd95: (directions) => Math.max(...directions.map((distances) => firstReaching(distances, 0.95))),
  },
  /** Project-MONAI/MONAI: voxels with a neighbour outside, all of one weight; distances in float32. */
  monai: {
    dice: ({ truth, prediction, both }) => (truth === 0 ? Number.NaN : (2 * both) / (truth + prediction)),
    surface: surfaceVoxels,
    weights: () => new Float64Array(256).fill(1),
    missingIsFar: true,
    rounded: Math.fround,
    hd95: (directions) => {
      const both = directions.map((distances) => quantile(distances, 0.95));
      return both.some(Number.isNaN) ? Number.NaN : Math.max(...both);
    },
  },
};

/** The least distance at which a part of all weight is reached, without interpolation; infinity where there is none. */
function firstReaching(distances: Distances, part: number): number {
  const total = distances.reduce((sum, { weight }) => sum + weight, 0);
  let reached = 0;
  for (const { distance, weight } of distances) {
    reached += weight;
    if (reached / total >= part) return distance;
  }
  return distances.at(-1)?.distance ?? Number.POSITIVE_INFINITY;
}

/** The quantile of distances that weigh 1 each, linear between the two nearest, in float32; NaN where one is infinite. */
function quantile(distances: Distances, part: number): number {
  const count = distances.reduce((sum, { weight }) => sum + weight, 0);
  if (count === 0) return Number.NaN;
  const rank = Math.fround(Math.fround(part) * (count - 1));
  const below = at(distances, Math.floor(rank));
  const above = at(distances, Math.ceil(rank));
  const share = rank - Math.floor(rank);
  return Math.fround(share < 0.5 ? below + share * (above - below) : above - (above - below) * (1 - share));
}

function at(distances: Distances, rank: number): number {
  let passed = 0;
  for (const { distance, weight } of distances) {
    passed += weight;
    if (passed > rank) return distance;
  }
  return distances.at(-1)?.distance ?? Number.NaN;
}
