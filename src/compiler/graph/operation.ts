import type { DiagnosticKind } from "../diagnostics/diagnostic.js";
import type { Relation } from "./condition.js";
import type { Node } from "./graph.js";
import type { OnnxLowering } from "./lowering.js";
import type { Bindings, Size } from "./size.js";
import type { TensorType } from "./tensor.js";
import type { ValueRange } from "./value-range.js";
import type { ViewLayout } from "./view-layout.js";

/** An exact fraction in lowest terms with a positive denominator. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * The types an operation's argument can have. `extent` is one integer for every spatial axis or a tuple (`1x3x3`);
 * `axis` is the bare name of an axis of the input, `axes` one or several of them: `t`, `(h, w)`.
 */
export interface ArgumentTypes {
  int: number;
  float: number;
  ratio: Ratio;
  bool: boolean;
  string: string;
  axis: string;
  axes: readonly string[];
  extent: number | readonly number[];
}
export type ArgumentType = keyof ArgumentTypes;

/** An argument of an operation; without a default it is required, unless optional. By position they go in order. */
export interface ArgumentSpec {
  readonly name: string;
  readonly type: ArgumentType;
  readonly documentation: string;
  readonly default?: ArgumentTypes[ArgumentType];
  /** Without a default and not required: what its absence means is in `documentation`. */
  readonly optional?: boolean;
  /** For strings: the words that are allowed. */
  readonly choices?: readonly string[];
  /** For `axes`: takes all arguments by position, `Mean(h, w)`. */
  readonly variadic?: boolean;
}

/**
 * What an operation takes under the names of axes. `int`: `Linear(c: 96)`, `Roll(x: 3)`; `pair`: `Pad(x: (1, 2))`, where
 * one integer stands for both; `axis`: `rename(t: u)`; `parts`: `split(x: (gx, wx: 7))`, `merge(t: (wx, wy))`.
 */
export interface AxisArgumentSpec {
  readonly kind: "int" | "pair" | "axis" | "parts";
  /** How many are needed at least. */
  readonly minimum: number;
  /** For messages: `x: (gx, wx: 7)`; without it one that fits the kind. */
  readonly example?: string;
  readonly documentation: string;
}

/** One axis of a group such as `(gx, wx: 7)`; without a size it is what the others leave, or what the axis has. */
export interface AxisPart {
  readonly name: string;
  readonly size?: Size;
}

/** An argument under the name of an axis, checked: a number, two of them, an axis, or parts, as its operation takes. */
export interface AxisArgument {
  readonly axis: string;
  readonly value: number | readonly [number, number] | string | readonly AxisPart[];
}

/** What a slice keeps of an axis: so many positions from the first. */
export interface AxisRange {
  readonly axis: string;
  readonly first: Size;
  readonly count: Size;
}

export type AttributeValue =
  | number
  | boolean
  | string
  | Ratio
  | readonly number[]
  | readonly string[]
  | readonly AxisArgument[]
  | readonly AxisRange[];
/** Checked argument values by name; optional arguments without a default value are absent. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A weight that an operation holds, `weight` or `bias`, stored row-major in the order PyTorch uses. */
export interface ParameterSpec {
  readonly role: string;
  readonly shape: readonly number[];
  /** Stored under the node's path itself, not under its role there: a free parameter. */
  readonly free?: boolean;
  readonly documentation?: string;
  /** Running statistics are buffers: they are stored with the weights but not counted as parameters. */
  readonly buffer?: boolean;
}

/** What a call of an operation comes to: its output and the weights it holds. */
export interface Inference {
  readonly output: TensorType;
  readonly parameters?: readonly ParameterSpec[];
}

/** What a shape rule sees and may say. */
export interface ShapeContext {
  readonly inputs: readonly TensorType[];
  /** How the inputs are called in the source, for messages (`up`, `enc[2]`). */
  readonly inputNames: readonly string[];
  /** For inputs that are tables: their numbers, row-major. */
  readonly tables?: readonly (readonly number[] | undefined)[];
  readonly attributes: Attributes;
  readonly bindings: Bindings;
  /** Rejects the call; `argument` points at that argument instead of at the call. */
  refuse<A>(kind: DiagnosticKind<A>, args: A, argument?: string): never;
  /** States what must hold between sizes; checked now where they are known, else when they are bound. */
  require<A>(relation: Relation, kind: DiagnosticKind<A>, args: (bindings: Bindings) => A): void;
}

/** Multiply-accumulates of convolutions and matrix products; floating point operations of everything. */
export interface Cost {
  readonly macs: Size;
  readonly flops: Size;
}

/**
 * Which positions along one axis of an input an output position depends on, `o` being its position along the output's
 * axis `from`. Positions are those of an axis without ends: what comes in at borders is not said here.
 *
 * - `window`: every `step`-th (1) from `floor((o * stride + low) / divisor)` to `floor((o * stride + high) / divisor)`,
 *   with the divisor 1 unless given. A negative stride reads backwards: a flip has -1 and `low` = `high` = size - 1.
 * - `transposed`: from `ceil((o + low) / stride)` to `floor((o + high) / stride)`, which may be none.
 * - `statistics`: position `o`, and besides it every one, but through statistics alone (a norm's mean and variance).
 * - `rolled`: position `o - by`, modulo the axis's size; the size is not needed where it is open.
 * - `whole`: every one.
 * - `none`: not one; only the size of the input matters.
 * - `position`: always the same one.
 * - `split`: the row-major index of the positions along several output axes, outermost first; all but the first have a
 *   size.
 * - `merged`: `floor(o / stride) mod size`, or without `mod` where there is no size: one of the axes that became `from`.
 * - `cases`: depends on where the output position lies along the output's axis `along`; none where no case applies.
 */
export type Reach =
  | {
      readonly kind: "window";
      readonly from: string;
      readonly stride: number;
      readonly low: number;
      readonly high: number;
      readonly step?: number;
      readonly divisor?: number;
    }
  | {
      readonly kind: "transposed";
      readonly from: string;
      readonly stride: number;
      readonly low: number;
      readonly high: number;
    }
  | { readonly kind: "statistics"; readonly from: string }
  | { readonly kind: "rolled"; readonly from: string; readonly by: number; readonly size?: number }
  | { readonly kind: "whole" }
  | { readonly kind: "none" }
  | { readonly kind: "position"; readonly position: number }
  | { readonly kind: "split"; readonly parts: readonly { readonly from: string; readonly size?: number }[] }
  | { readonly kind: "merged"; readonly from: string; readonly stride: number; readonly size?: number }
  | {
      readonly kind: "cases";
      readonly along: string;
      readonly cases: readonly { readonly first: number; readonly last: number; readonly reach: Reach }[];
    };

/** The reach of a node into one of its inputs, by axis of that input. */
export type ReachByAxis = Readonly<Record<string, Reach>>;

/** Everything known about one primitive operation. */
export interface Operation {
  /** As it is written in the language: CamelCase for layers (`Conv`), lower case for functions (`concat`). */
  readonly name: string;
  /** One sentence, then what a user should know: formula, axes, units, source (ONNX operator, paper). */
  readonly documentation: string;
  /** One tensor, or any number from `minimum` (for `concat`, arithmetic). */
  readonly inputs: { readonly minimum: number; readonly maximum: number };
  readonly arguments: readonly ArgumentSpec[];
  /** What it takes besides under the names of axes; they are the attribute `axes`. */
  readonly axisArguments?: AxisArgumentSpec;
  /** The shape rule over symbolic sizes. */
  infer(context: ShapeContext): Inference;
  /** The exact cost of a node, over symbolic sizes. The formula is stated in `documentation`. */
  cost(node: Node): Cost;
  /**
   * For the receptive field: by axis of that input, what an output position depends on. An axis that is not named goes
   * to the output's axis of its name, position by position; where the output has none, all of it counts. So a function
   * of single elements has `{}`, and what mixes channels says `c: { kind: "whole" }`. Where sizes matter that neither
   * the node nor the bindings give, the answer is `whole`.
   */
  reach(node: Node, input: number, bindings: Bindings): ReachByAxis;
  /**
   * What the values of a node lie between, given what those of its inputs do. Without it, that is anything, but for views,
   * whose values are those of their input.
   */
  range?(node: Node, inputs: readonly ValueRange[]): ValueRange;
  /** For views alone, which move elements without changing them: how, given the sizes of axes. Chains of them become one. */
  layout?(node: Node, shapeOf: (type: TensorType) => readonly number[]): ViewLayout;
  /**
   * Whether a node treats every position along all axes but c by itself, whatever those axes are and in whatever order
   * they stand. Then passes may reorder its axes, and merge those of all its inputs alike. Without it they may not.
   */
  pointwise?(node: Node): boolean;
  /** Whether it finds axes by their names alone: then passes may reorder those of its inputs. */
  readonly anyOrder?: boolean;
  /** Whether it is computed in float32 where a network is in float16: norms, and sums of many elements. */
  readonly precise?: boolean;
  /** Emits ONNX for a node and returns the name of its output value. */
  lower(node: Node, onnx: OnnxLowering): string;
}
