/** What surrounds a network: the form in which a `pipeline` travels in an ONNX file, `docs/pipeline.schema.json`. */

/** The words that a pipeline's properties take. */
export const modalities = ["ct", "mr", "other"] as const;
export const interpolations = ["linear", "nearest", "cubic"] as const;
/** `constant(-1024)` has a value besides, and `zero` is constant(0). */
export const paddings = ["minimum", "edge", "reflect", "wrap"] as const;
export const blendings = ["gaussian", "constant"] as const;
export const restorings = ["labels", "probabilities"] as const;
export const intensityKinds = ["window", "zscore", "minmax", "percentiles", "none"] as const;

export type Modality = (typeof modalities)[number];
export type Interpolation = (typeof interpolations)[number];
/** What surrounds a volume that is shorter than a tile. */
export type Padding =
  | { readonly kind: (typeof paddings)[number] }
  | { readonly kind: "constant"; readonly value: number };
export type Blending = (typeof blendings)[number];
/** What is brought back to the scan's grid: labels by their nearest voxel, or probabilities, linearly, before arg-max. */
export type Restoring = (typeof restorings)[number];

/** The least and the greatest of something. */
export type Range = readonly [low: number, high: number];

/** A part that only some kinds of intensity have: they are computed from, and change, voxels other than 0 alone. */
interface OverVoxels {
  readonly over?: "nonzero";
}

/** What is done to the intensities of a scan before a network sees them. */
export type Intensity =
  | { readonly kind: "none" }
  /** The least and the greatest voxel to `to`, 0..1 unless given. */
  | ({ readonly kind: "minmax"; readonly to?: Range } & OverVoxels)
  /**
   * To mean 0 and population standard deviation 1; or by a mean and a deviation that are given, those of a data set.
   * `clip` limits the values before.
   */
  | ({
      readonly kind: "zscore";
      readonly mean?: number;
      readonly deviation?: number;
      readonly clip?: Range;
    } & OverVoxels)
  /** low..high to `to`, 0..1 unless given; what lies outside to its ends, or with `clip: false` beyond them. */
  | {
      readonly kind: "window";
      readonly low: number;
      readonly high: number;
      readonly to?: Range;
      readonly clip?: false;
    }
  /** The same between two percentiles of the volume, in 0..100. */
  | ({
      readonly kind: "percentiles";
      readonly low: number;
      readonly high: number;
      readonly to?: Range;
      readonly clip?: false;
    } & OverVoxels);

/** One label of a pipeline; its number is its place in the list. */
export interface PipelineLabel {
  readonly name: string;
  /** `#rrggbb`, lower case. */
  readonly colour?: string;
}

export interface Pipeline {
  readonly format: 1;
  readonly name: string;
  /** The `///` comment above it, or empty. */
  readonly documentation: string;
  readonly modality: Modality;
  /** Where the network's axes point to; without it they are the scan's own. */
  readonly orientation?: string;
  /** Voxel size along the network's axes in mm; without it, the scan's own. */
  readonly spacing?: readonly [number, number, number];
  readonly interpolation: Interpolation;
  readonly intensity: Intensity;
  readonly padding: Padding;
  /** The size of the network's spatial axes. */
  readonly tile: readonly [number, number, number];
  /** The part of a tile that its neighbour shares, in [0, 1). */
  readonly overlap: number;
  readonly blending: Blending;
  /** The network's spatial axes, 0 to 2, along which scores are averaged with those of the mirrored tile. */
  readonly mirroring: readonly number[];
  readonly restoring: Restoring;
  /** One for each class, in order, or none at all. */
  readonly labels: readonly PipelineLabel[];
}

/** The key of ONNX's `metadata_props` that holds it. */
export const pipelineKey = "slab.pipeline";
