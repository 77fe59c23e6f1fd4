import type { DiagnosticKind } from "../diagnostics/diagnostic.js";
import type { Relation } from "./condition.js";
import type { Node } from "./graph.js";
import type { OnnxLowering } from "./lowering.js";
import type { Bindings, Size } from "./size.js";
import type { TensorType } from "./tensor.js";

/** An exact fraction in lowest terms with a positive denominator. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * The types an operation's argument can have. `extent` is one integer for every spatial axis or a tuple (`1x3x3`);
 * `axis` is the bare name of an axis of the input.
 */
export interface ArgumentTypes {
  int: number;
  float: number;
  ratio: Ratio;
  bool: boolean;
  string: string;
  axis: string;
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
}

export type AttributeValue = number | boolean | string | Ratio | readonly number[] | readonly string[];
/** Checked argument values by name; optional arguments without a default value are absent. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A weight that an operation holds, `weight` or `bias`, stored row-major in the order PyTorch uses. */
export interface ParameterSpec {
  readonly role: string;
  readonly shape: readonly number[];
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

/** Everything known about one primitive operation. */
export interface Operation {
  /** As it is written in the language: CamelCase for layers (`Conv`), lower case for functions (`concat`). */
  readonly name: string;
  /** One sentence, then what a user should know: formula, axes, units, source (ONNX operator, paper). */
  readonly documentation: string;
  /** One tensor, or any number from `minimum` (for `concat`, arithmetic). */
  readonly inputs: { readonly minimum: number; readonly maximum: number };
  readonly arguments: readonly ArgumentSpec[];
  /** The shape rule over symbolic sizes. */
  infer(context: ShapeContext): Inference;
  /** The exact cost of a node, over symbolic sizes. The formula is stated in `documentation`. */
  cost(node: Node): Cost;
  /** Emits ONNX for a node and returns the name of its output value. */
  lower(node: Node, onnx: OnnxLowering): string;
}
