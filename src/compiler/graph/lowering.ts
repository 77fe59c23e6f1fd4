import type { TensorType } from "./tensor.js";

export type OnnxAttribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly string: string };

/** ONNX's numbers of the types that a Cast goes to (TensorProto.DataType). */
export const onnxType = { float32: 1, int32: 6, float64: 11 } as const;

/**
 * What an operation's lowering may do: name its inputs and weights, and add ONNX nodes and constants. The emitter
 * implements it; operations never see protobufs. Physical axis order is the order of a type's axes.
 */
export interface OnnxLowering {
  /** The ONNX value of the node's input. */
  input(index: number): string;
  /** The ONNX value of the node's weight with that role; only for roles that its shape rule declared. */
  parameter(role: string): string;
  /** The concrete sizes of a type's axes, in order. */
  shape(type: TensorType): readonly number[];
  /** A shared one-dimensional int64 constant. */
  int64(values: readonly number[]): string;
  /** A shared float32 constant. */
  float32(values: readonly number[], shape: readonly number[]): string;
  /** A shared float64 constant. */
  float64(values: readonly number[], shape: readonly number[]): string;
  /** Adds a node; `hint` tells several nodes of one operation apart in names. Returns its output values' names. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
    options?: { readonly hint?: string; readonly outputs?: number },
  ): readonly [string, ...string[]];
}
