import type { Span } from "../support/source.js";
import type { Condition } from "./condition.js";
import type { Attributes, Operation } from "./operation.js";
import type { Bindings } from "./size.js";
import type { TensorType } from "./tensor.js";

/** A tensor in a graph: an input of the network, or the output of a node. */
export type Value = GraphInput | Node;

/** An input of the network. */
export interface GraphInput {
  readonly kind: "input";
  readonly name: string;
  readonly type: TensorType;
}

/** A weight: stored once under its path, however many nodes use it. */
export interface Parameter {
  /** Where it is written: `unet.enc.2.conv1.weight`. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly buffer: boolean;
  /** Whether it belongs to the network though no node has it: files hold it, and it counts, but nothing is computed with it. */
  readonly unused?: boolean;
  /** What its author says about it; goes into the ONNX file. */
  readonly documentation?: string;
  /** For a weight that a pass made of others when compiling; else its values are stored under its path. */
  readonly derived?: Derivation;
}

/** How the values of a weight follow from those of others, all of them row-major. */
export interface Derivation {
  readonly from: readonly Parameter[];
  compute(values: readonly Float32Array[]): Float32Array;
}

/** One application of a layer. Elements of a comprehension are applications of their own. */
export interface AppliedLayer {
  /** The layer's name. */
  readonly layer: string;
  /** `unet.enc.2`; applications that share their weights share it. */
  readonly path: string;
  /** Where it is applied. */
  readonly span: Span;
  /** The layer in which it is applied; absent in the network itself. */
  readonly within?: AppliedLayer;
}

/** One application of an operation. */
export interface Node {
  readonly kind: "node";
  /** Unique in its graph: the path, with the views or indices it is seen through: `unet.enc.2.conv1@axial`. */
  readonly name: string;
  /** The path of the instance in the source: `unet.enc.2.conv1`. Shared by the nodes that share its weights. */
  readonly path: string;
  readonly operation: Operation;
  readonly attributes: Attributes;
  readonly inputs: readonly Value[];
  /** Weights by role (`weight`, `bias`). */
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly type: TensorType;
  /** Whether it follows from tables alone, so that it is known before anything runs: it costs nothing. */
  readonly constant?: true;
  readonly span: Span;
  /** The layer in which it is applied; absent in the network itself. */
  readonly within?: AppliedLayer;
}

/** A network with its settings applied: typed, named axes, immutable. */
export interface Graph {
  readonly network: string;
  /** The network's documentation comment. */
  readonly documentation: string;
  /** The value of every setting, as the language writes it. */
  readonly settings: Readonly<Record<string, string>>;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  /** The nodes that outputs depend on; a node comes after its inputs. */
  readonly nodes: readonly Node[];
  /** The weights of those nodes, in order of first use. */
  readonly parameters: readonly Parameter[];
  /** What must hold between sizes that were not known when the graph was made. */
  readonly conditions: readonly Condition[];
  /** Where a network requires more of such sizes, which is checked when they are given. */
  readonly untold?: readonly Span[];
  /** Sizes given to the inputs' axes. */
  readonly bindings: Bindings;
}
