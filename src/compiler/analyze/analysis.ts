import type { Span } from "../support/source.js";

/**
 * What an analysis says, as plain data. All counts are exact and `bigint`: a tile may be of any size. Bytes are those of
 * 32-bit floats. Every size of the network's inputs is known; for open sizes there are formulas (`NetworkFormulas`).
 */
export interface Analysis {
  readonly network: string;
  /** The network's documentation comment. */
  readonly documentation: string;
  /** The value of every setting, as the language writes it. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly inputs: readonly PortShape[];
  readonly outputs: readonly PortShape[];
  readonly parameters: ParameterCounts;
  /** The sums over all layers. */
  readonly total: Counts;
  /** One row for each node of the graph, in the order in which they are computed. */
  readonly layers: readonly LayerCounts[];
  /** The resolutions that occur, finest first. */
  readonly levels: readonly Level[];
  readonly coverage: Coverage;
  /** What other tools would print for this network. */
  readonly conventions: readonly ConventionCount[];
  /** As the portable schedule computes it; `memoryOf` tells other schedules'. */
  readonly memory: ScheduleMemory;
  /** One entry for each pair of an output and an input that it depends on. */
  readonly receptiveFields: readonly ReceptiveField[];
}

/** An input or output of the network. */
export interface PortShape {
  readonly name: string;
  readonly axes: readonly AxisExtent[];
  readonly bytes: bigint;
}

/** An axis with its number of elements. */
export interface AxisExtent {
  readonly axis: string;
  readonly size: bigint;
}

/** How many values the network's weights have. */
export interface ParameterCounts {
  /** Values that training changes, each counted once however often it is used. */
  readonly trainable: bigint;
  /** Values that training only records, such as running statistics. */
  readonly buffers: bigint;
  /** Trainable values counted at each operation that uses them: three views that share a network count it three times. */
  readonly applied: bigint;
  /** Trainable values that the network holds and nothing uses. */
  readonly unused: bigint;
  /** The number of tensors, trainable and buffers. */
  readonly tensors: number;
  /** Trainable values and buffers as 32-bit floats. */
  readonly bytes: bigint;
}

/** What an operation, or a group of them, costs. */
export interface Counts {
  /** Multiply-accumulates of convolutions and matrix products. */
  readonly macs: bigint;
  /** Floating point operations of everything, two for a multiply-accumulate; each operation's formula is in docs/ops.md. */
  readonly flops: bigint;
  /** Every operation reads each of its inputs and weights once. */
  readonly bytesRead: bigint;
  /** Every operation writes its output once. */
  readonly bytesWritten: bigint;
}

/** One operation of the network. */
export interface LayerCounts extends Counts {
  /** Unique: the path, with the views or indices it is seen through: `unet.enc.2.conv1@axial`. */
  readonly name: string;
  /** Where it is written: `unet.enc.2.conv1`. Layers that share weights share it. */
  readonly path: string;
  /** The views, or the indices of comprehensions, that it is seen through, the outermost first. */
  readonly views: readonly string[];
  /** The operation, as it is called in docs/ops.md. */
  readonly operation: string;
  /** Its arguments as the language writes them, without those that have their default. */
  readonly arguments: Readonly<Record<string, string>>;
  /** The arguments that have their default. */
  readonly defaults: Readonly<Record<string, string>>;
  /** The name of its level. */
  readonly level: string;
  /** The shapes of its inputs, in order. */
  readonly inputs: readonly (readonly AxisExtent[])[];
  readonly output: readonly AxisExtent[];
  /** Trainable values that no layer before it uses. */
  readonly parameters: bigint;
  /** Trainable values that it uses. */
  readonly appliedParameters: bigint;
  /** Buffer values that no layer before it uses. */
  readonly buffers: bigint;
  /** Whether it uses weights that a layer before it uses. */
  readonly shared: boolean;
  /** What it counts by the rules of other tools. */
  readonly conventions: Readonly<Record<ConventionName, bigint>>;
  /** Whether it becomes no computation at all: its output is its input under another name or shape. It costs nothing. */
  readonly alias: boolean;
  /** Where it is written. */
  readonly span: Span;
}

/**
 * A resolution: how many elements stand for one of the network's input, along each axis of the volume (the input's axes
 * other than n and c). `1/2` is half of the input's size along every axis, `1 x 1/2 x 1/2` half along the last two.
 */
export interface Level {
  readonly name: string;
  readonly ratios: readonly AxisRatio[];
}

/** Elements along an axis, for each element of the input's: a fraction in lowest terms. */
export interface AxisRatio {
  readonly axis: string;
  readonly numerator: number;
  readonly denominator: number;
}

/** Layers that are counted together. */
export interface Group extends Counts {
  /** A path up to a depth, a level, an operation, a view, or `total`. */
  readonly key: string;
  /** How many layers there are. */
  readonly layers: number;
  readonly parameters: bigint;
  readonly appliedParameters: bigint;
  readonly conventions: Readonly<Record<ConventionName, bigint>>;
}

/** How layers can be grouped. */
export type Grouping = "total" | "layer" | "level" | "op" | "view";

/** How many operations the counts cover. */
export interface Coverage {
  /** Operations with FLOPs. */
  readonly counted: number;
  /** Operations without: they move or rename values. */
  readonly free: number;
  /** Always 0: an operation without a cost rule does not compile. */
  readonly unknown: 0;
}

export type ConventionName = "fvcore" | "ptflops" | "torch";

/** The network counted as another tool would. */
export interface ConventionCount {
  readonly name: ConventionName;
  /** What the tool calls its number: `FLOPs`, `MACs`. */
  readonly unit: string;
  readonly value: bigint;
  /** The tool and the version whose rule this is. */
  readonly tool: string;
  /** The rule in words. */
  readonly rule: string;
}

/** Bytes of activations while a network runs as a schedule says. Weights are not among them. */
export interface ScheduleMemory {
  /** `portable`, `cpu`. */
  readonly schedule: string;
  /** The most that is held at one time. */
  readonly peakBytes: bigint;
  /** The layer that is computed then. */
  readonly peakAt: string;
  /** What is held then, largest first. */
  readonly live: readonly TensorBytes[];
  /** All activations, as if none were ever given back. */
  readonly activationBytes: bigint;
  readonly weightBytes: bigint;
  /** Every tensor that takes memory of its own, in order. */
  readonly tensors: readonly TensorBytes[];
}

export interface TensorBytes {
  /** The name of the input or layer whose value it is. */
  readonly name: string;
  readonly axes: readonly AxisExtent[];
  readonly bytes: bigint;
}

/** Which positions of an input one position of an output depends on. */
export interface ReceptiveField {
  readonly output: string;
  readonly input: string;
  /** For each axis of the volume, in the input's order. */
  readonly axes: readonly AxisReceptiveField[];
  /** Operations that look at whole axes besides, such as instance norms for their statistics. */
  readonly whole: readonly WholeReach[];
  /** Whether the figures are exact; else, in networks of great intricacy, they are at least as large. */
  readonly exact: boolean;
}

/**
 * The receptive field along one axis of an input: far from the borders, with weights none of which is 0, for the output
 * position that sees most.
 */
export interface AxisReceptiveField {
  readonly axis: string;
  /** Voxels from the first to the last that matter, statistics of norms left out; `whole`: all there are. */
  readonly voxels: number | "whole";
  /**
   * How many of them lie before the position itself, and how many after it, at most; negative where the position does not
   * see itself, as after a shift of all channels. 0 where it is `whole`.
   */
  readonly before: number;
  readonly after: number;
  /** The same as `voxels`, statistics included. */
  readonly withStatistics: number | "whole";
  /** After so many voxels the network's strides repeat: tiles that don't start at multiples of it compute other values. */
  readonly period: number;
  /**
   * The smallest number of voxels that neighbouring tiles must share so that every voxel has a tile in which its whole
   * receptive field lies, for tiles that start at multiples of the period; `whole`: no overlap suffices. Results that are
   * taken from those tiles alone show no tile borders, unless statistics see the whole tile. Blending as `slab run` does
   * it averages them with those of other tiles, and makes borders fainter, not absent.
   */
  readonly overlap: number | "whole";
  /** The overlap for this tile, with which the next tile starts at a multiple of the period; absent if it is too small. */
  readonly tileOverlap?: number;
}

/** Operations of one kind that make an output depend on whole axes of the tile. */
export interface WholeReach {
  readonly operation: string;
  /** How many layers. */
  readonly layers: number;
  /** `statistics`: a mean and a variance that change little; `values`: everything. */
  readonly of: "statistics" | "values";
}

/** A device's rates for 32-bit floats. */
export interface DeviceProfile {
  /** What `--device` takes: `h100-sxm`. */
  readonly name: string;
  /** `NVIDIA H100 SXM5 80 GB`. */
  readonly title: string;
  readonly kind: "cpu" | "gpu";
  /** Floating point operations per second. */
  readonly flopsPerSecond: number;
  /** Bytes per second to and from its memory. */
  readonly bytesPerSecond: number;
  /** Where the figures are published, or how they were measured. */
  readonly source: string;
}

/** The least time a device needs, layer by layer: a bound, not a forecast. */
export interface Roofline {
  readonly device: DeviceProfile;
  /** FLOPs per byte above which arithmetic is the bound. */
  readonly ridge: number;
  /** In the order of the analysis' layers. */
  readonly layers: readonly LayerTime[];
  readonly seconds: number;
  /** Of these, in layers bounded by arithmetic, and in layers bounded by memory. */
  readonly computeSeconds: number;
  readonly memorySeconds: number;
}

export interface LayerTime {
  readonly name: string;
  readonly seconds: number;
  /** `nothing` where the layer costs nothing. */
  readonly bound: "compute" | "memory" | "nothing";
}

/** What it takes to run over a whole volume in overlapping tiles, as `slab run` does. */
export interface VolumeCost {
  readonly volume: readonly AxisExtent[];
  readonly tile: readonly AxisExtent[];
  /** The part of a tile that its neighbour shares, in [0, 1). */
  readonly overlap: number;
  /** Where tiles start along each axis, in voxels; negative where the volume is shorter than a tile. */
  readonly starts: readonly (readonly number[])[];
  readonly tiles: bigint;
  readonly macs: bigint;
  readonly flops: bigint;
  /** How many voxels the tiles have together for each of the volume: 1 is no waste. */
  readonly redundancy: number;
  /** The label map. */
  readonly labelBytes: bigint;
  /** The scores of one tile, as the network gives them. */
  readonly tileOutputBytes: bigint;
  /** Sums of scores and of weights that are held while tiles are blended, and the weights of a tile. 0 for one tile. */
  readonly blendingBytes: bigint;
}

/** Counts as exact formulas in the sizes of open axes. */
export interface NetworkFormulas {
  readonly network: string;
  readonly documentation: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
  readonly parameters: ParameterCounts;
  /** The open axes, in the order in which the inputs name them. */
  readonly axes: readonly string[];
  /** What the open axes must be divisible by for the formulas to be exact; an axis that may have any size is left out. */
  readonly divisibility: readonly { readonly axis: string; readonly divisor: number }[];
  /** What must hold besides, such as `x = y`. */
  readonly conditions: readonly string[];
  readonly formulas: readonly Formula[];
}

export type FormulaName = "macs" | "flops" | "bytes" | ConventionName;

/** `macs = 247320.5 * n*x*y*z`. */
export interface Formula {
  readonly name: FormulaName;
  /** The sum of these; terms of the highest degree first. */
  readonly terms: readonly FormulaTerm[];
  /** As people write it: `247320.5 * n*x*y*z + 96 * n*x`. */
  readonly text: string;
}

/** A fraction in lowest terms times a product of axes' sizes; an axis that is squared stands twice. */
export interface FormulaTerm {
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly axes: readonly string[];
}

/** Something that a budget can limit, a sweep can write and a chart can show. */
export type QuantityName =
  | "parameters"
  | "buffers"
  | "applied"
  | "macs"
  | "flops"
  | "bytes"
  | "peak"
  | "activations"
  | "weights"
  | "layers"
  | ConventionName;

/** One limit of a budget, `macs<600G`. */
export interface BudgetLimit {
  /** As it is written. */
  readonly text: string;
  readonly quantity: QuantityName;
  readonly comparison: "<" | "<=";
  readonly limit: bigint;
}

/** A limit with what was found for it. */
export interface BudgetVerdict extends BudgetLimit {
  readonly found: bigint;
  readonly kept: boolean;
  /** By how much the limit is exceeded; 0 where it is kept. */
  readonly excess: bigint;
}

/** What changed from one network to another. */
export interface NetworkComparison {
  /** Layers in the second's order, those that were removed after what stood before them. */
  readonly layers: readonly LayerChange[];
  readonly before: Totals;
  readonly after: Totals;
}

export interface Totals extends Counts {
  readonly parameters: bigint;
  readonly peakBytes: bigint;
}

/** A layer path that is in both networks, or only in one. All nodes of the path count together. */
export interface LayerChange {
  readonly path: string;
  readonly change: "added" | "removed" | "changed" | "same";
  readonly before?: LayerSummary;
  readonly after?: LayerSummary;
  /** What differs, for `changed`: `out` 32 → 64, `output` [n: 1, …] → …. */
  readonly differences: readonly Difference[];
}

export interface LayerSummary extends Counts {
  readonly operation: string;
  /** How many nodes. */
  readonly nodes: number;
  readonly parameters: bigint;
}

export interface Difference {
  /** An argument's name, or `operation`, `output`, `nodes`, `parameters`, `macs`, `flops`, `bytes`. */
  readonly what: string;
  readonly before: string;
  readonly after: string;
}
