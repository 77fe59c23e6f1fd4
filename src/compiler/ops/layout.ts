import type { Node } from "../graph/graph.js";
import type { OnnxLowering } from "../graph/lowering.js";
import { spatialAxes, type TensorType } from "../graph/tensor.js";
import { invariant, known } from "../support/invariant.js";
import { nodeInputType } from "./axes.js";

/** The names of a type's axes, in memory order. */
export function axisNames(type: TensorType): readonly string[] {
  return type.axes.map(({ name }) => name);
}

/** The sizes of some of a type's axes. */
export function sizesAlong(
  axes: readonly string[],
  type: TensorType,
  shapeOf: OnnxLowering["shape"],
): readonly number[] {
  const shape = shapeOf(type);
  return axes.map((axis) => known(shape[axisNames(type).indexOf(axis)], axis));
}

/** Whether a tensor is a batch of images as ONNX's operators want them: n, c, and two axes more. */
export function isImage(type: TensorType): boolean {
  const [n, c, ...rest] = axisNames(type);
  return n === "n" && c === "c" && rest.length === 2;
}

/** Reorders axes with a Transpose, or gives the value itself where the order is right already. */
export function transposeTo(
  onnx: OnnxLowering,
  value: string,
  from: readonly string[],
  to: readonly string[],
  hint?: string,
): string {
  invariant(from.length === to.length, `${from} and ${to} are not the same axes`);
  const permutation = to.map((name) => from.indexOf(name));
  invariant(!permutation.includes(-1), `${from} and ${to} are not the same axes`);
  if (permutation.every((source, target) => source === target)) return value;
  return onnx.node("Transpose", [value], { perm: { ints: permutation } }, hint ? { hint } : {})[0];
}

/**
 * Gives a value the axes of a wider type for ONNX broadcasting: its own in that order, and size 1 for those it lacks
 * (leading ones are implied).
 */
export function alignTo(
  onnx: OnnxLowering,
  value: string,
  from: readonly string[],
  to: readonly string[],
  hint: string,
): string {
  const own = to.filter((name) => from.includes(name));
  const ordered = transposeTo(onnx, value, from, own, `${hint}_transposed`);
  const first = own.length === 0 ? to.length : to.indexOf(known(own[0], "first axis"));
  const missing = to.slice(first).flatMap((name, index) => (from.includes(name) ? [] : [index]));
  if (missing.length === 0) return ordered;
  // ONNX's checker takes products of two unsqueezed vectors for sizes of one shape, and refuses other lengths.
  if (own.length === 1 && to.length === 2)
    return onnx.node("Reshape", [ordered, onnx.int64([-1, 1])], {}, { hint: `${hint}_column` })[0];
  return onnx.node("Unsqueeze", [ordered, onnx.int64(missing)], {}, { hint: `${hint}_unsqueezed` })[0];
}

/**
 * Lowers an operation that ONNX defines for n, c, then the kernel's axes: transposes its input to that order and the
 * result back to the node's own, where those differ.
 */
export function lowerChannelsFirst(node: Node, onnx: OnnxLowering, body: (input: string) => string): string {
  const type = nodeInputType(node);
  const order = ["n", "c", ...spatialAxes(type).map(({ name }) => name)];
  const input = transposeTo(onnx, onnx.input(0), axisNames(type), order, "channels_first");
  return transposeTo(onnx, body(input), order, axisNames(node.type), "restored");
}
