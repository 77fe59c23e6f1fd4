import { axisTaken } from "../diagnostics/catalogue/views.js";
import type { Node } from "../graph/graph.js";
import type { OnnxLowering } from "../graph/lowering.js";
import type { ShapeContext } from "../graph/operation.js";
import { type Axis, showType, type TensorType } from "../graph/tensor.js";
import { type ViewLayout, viewLayout, viewSteps } from "../graph/view-layout.js";
import { known } from "../support/invariant.js";
import { inputType, nodeInputType } from "./axes.js";

/** What the shapes of a view's tensors are at the moment. */
export type ShapeOf = (type: TensorType) => readonly number[];

/** The type of a view's output; refuses two axes of one name. `argument` is where the name comes from. */
export function outputWith(
  context: ShapeContext,
  operation: string,
  axes: readonly (Axis & { readonly argument?: string })[],
): TensorType {
  const twice = axes.findLast(({ name }, index) => axes.findIndex((other) => other.name === name) !== index);
  if (twice) {
    const type = showType(inputType(context), context.bindings);
    const { argument } =
      axes.find(({ name, argument }) => name === twice.name && argument !== undefined) ?? twice;
    context.refuse(axisTaken, { operation, axis: twice.name, type }, argument);
  }
  return { axes: axes.map(({ name, size }) => ({ name, size })) };
}

/** A layout in which every axis of the input is one part; `sources` are the parts of each axis of the output. */
export function wholeAxes(shape: readonly number[], sources: readonly (readonly number[])[]): ViewLayout {
  return viewLayout({ parts: shape.map((size) => [size]), output: sources });
}

/** Emits a view: at most a Reshape, a Transpose and a Reshape; the input itself where nothing changes. */
export function lowerView(node: Node, onnx: OnnxLowering): string {
  const shapeOf: ShapeOf = (type) => onnx.shape(type);
  const layout = known(node.operation.layout, `layout of ${node.operation.name}`)(node, shapeOf);
  const steps = viewSteps(layout, shapeOf(nodeInputType(node)), shapeOf(node.type));
  let value = onnx.input(0);
  if (steps.parted) {
    value = onnx.node("Reshape", [value, onnx.int64(steps.parted)], {}, { hint: "parted" })[0];
  }
  if (steps.order) {
    const options = steps.shape ? { hint: "ordered" } : {};
    value = onnx.node("Transpose", [value], { perm: { ints: steps.order } }, options)[0];
  }
  return steps.shape ? onnx.node("Reshape", [value, onnx.int64(steps.shape)])[0] : value;
}
