import { known } from "../../compiler/support/invariant.js";
import type { LabelMap } from "../labels/label-map.js";
import { voxelSpacing, voxelVolume } from "../volume/spacing.js";
import { type Definition, type DefinitionName, type Distances, definitions } from "./definitions.js";
import { distancesAt } from "./distance.js";
import { type Extent, extentsOf } from "./extents.js";
import { requireSameGrid } from "./same-grid.js";

export interface CompareOptions {
  /** Which labels; all but 0 that occur in either map where not given. */
  readonly labels?: readonly number[];
  /** In mm, at least 0. */
  readonly tolerance: number;
  readonly definition: DefinitionName;
}

/** How two label maps agree on one label. Distances in mm, volumes in ml. NaN where a value is not defined. */
export interface LabelMetrics {
  readonly label: number;
  readonly dice: number;
  /** Normalized surface Dice: the part of both surfaces that lies within the tolerance of the other. */
  readonly nsd: number;
  /** The 95th percentile of the Hausdorff distance. */
  readonly hd95: number;
  /** The average distance of both surfaces from each other. */
  readonly asd: number;
  /** The average distance of the prediction's surface from the truth's. */
  readonly asdPrediction: number;
  /** The average distance of the truth's surface from the prediction's. */
  readonly asdTruth: number;
  readonly predictionVolume: number;
  readonly truthVolume: number;
  readonly predictionVoxels: number;
  readonly truthVoxels: number;
}

/**
 * Compares a predicted label map with the true one, label by label (see docs/metrics.md for what is computed). Work and
 * memory for a label go with the box that it lies in. Fails with SLAB5302 where the maps lie on different grids.
 */
export function compareLabelMaps(
  prediction: LabelMap,
  truth: LabelMap,
  options: CompareOptions,
): readonly LabelMetrics[] {
  requireSameGrid(prediction, truth);
  const extents = extentsOf(prediction.labels, truth.labels, truth.grid.size);
  const wanted = options.labels ?? [...extents.keys()].sort((a, b) => a - b);
  const spacing = voxelSpacing(truth);
  const cubicMillimetres = voxelVolume(truth.grid.affine);
  const definition = definitions[options.definition];
  return wanted.map((label) => {
    const extent = extents.get(label);
    const { truth: inTruth, prediction: inPrediction } = extent ?? nothing;
    const directions = extent
      ? surfaceDistances(prediction, truth, label, extent, spacing, definition)
      : ([[], []] as const);
    return {
      label,
      dice: definition.dice(extent ?? nothing),
      nsd: surfaceDice(directions, definition.rounded(options.tolerance)),
      hd95: definition.hd95(directions),
      asd: average([...directions[0], ...directions[1]]),
      asdPrediction: average(directions[0]),
      asdTruth: average(directions[1]),
      predictionVolume: (inPrediction * cubicMillimetres) / 1000,
      truthVolume: (inTruth * cubicMillimetres) / 1000,
      predictionVoxels: inPrediction,
      truthVoxels: inTruth,
    };
  });
}

const nothing = { truth: 0, prediction: 0, both: 0 } as const;

/** How far the prediction's surface is from the truth's, and the other way round. */
function surfaceDistances(
  prediction: LabelMap,
  truth: LabelMap,
  label: number,
  extent: Extent,
  spacing: readonly [number, number, number],
  definition: Definition,
): readonly [Distances, Distances] {
  const [a, b] = [prediction, truth].map(({ labels, grid }) => {
    const { mask, size } = cut(labels, grid.size, label, extent);
    return definition.surface(mask, size);
  });
  const [ofPrediction, ofTruth] = [known(a, "a surface"), known(b, "a surface")];
  const weights = definition.weights(spacing);
  const directed = (points: Uint8Array, features: Uint8Array) => {
    const found = new Map<number, number>();
    distancesAt(points, features, ofTruth.size, spacing, (element, distance) => {
      const rounded = definition.rounded(distance);
      found.set(rounded, (found.get(rounded) ?? 0) + known(weights[element], "a weight"));
    });
    return [...found]
      .map(([distance, weight]) => ({ distance, weight }))
      .sort((one, other) => (one.distance === other.distance ? 0 : one.distance - other.distance));
  };
  const fromPrediction = directed(ofPrediction.elements, ofTruth.elements);
  const fromTruth = directed(ofTruth.elements, ofPrediction.elements);
  if (definition.missingIsFar && fromPrediction.length === 0) return [fromTruth, fromTruth];
  if (definition.missingIsFar && fromTruth.length === 0) return [fromPrediction, fromPrediction];
  return [fromPrediction, fromTruth];
}

/** The mask of a label within its box. */
function cut(
  labels: Uint16Array,
  [, ny, nz]: readonly [number, number, number],
  label: number,
  { first, size }: Extent,
): { readonly mask: Uint8Array; readonly size: readonly [number, number, number] } {
  const mask = new Uint8Array(size[0] * size[1] * size[2]);
  let target = 0;
  for (let x = 0; x < size[0]; x++) {
    for (let y = 0; y < size[1]; y++) {
      let source = ((first[0] + x) * ny + first[1] + y) * nz + first[2];
      for (let z = 0; z < size[2]; z++) mask[target++] = labels[source++] === label ? 1 : 0;
    }
  }
  return { mask, size };
}

/** The part of two surfaces within the tolerance; NaN where there is no surface. */
function surfaceDice(directions: readonly [Distances, Distances], tolerance: number): number {
  const all = [...directions[0], ...directions[1]];
  const within = all.filter(({ distance }) => distance <= tolerance);
  return weightOf(within) / weightOf(all);
}

/** The mean distance by weight; NaN where there is no surface, infinity where the other one is missing. */
function average(distances: Distances): number {
  const sum = distances.reduce((total, { distance, weight }) => total + distance * weight, 0);
  return sum / weightOf(distances);
}

function weightOf(distances: Distances): number {
  return distances.reduce((total, { weight }) => total + weight, 0);
}
