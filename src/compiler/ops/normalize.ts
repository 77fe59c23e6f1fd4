import type { Node } from "../graph/graph.js";
import type { OnnxLowering } from "../graph/lowering.js";
import type { Operation } from "../graph/operation.js";
import { axisIndex } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { axesOf, numberOf } from "./attributes.js";
import { inputType, nodeInputType } from "./axes.js";
import { perElement } from "./costs.js";
import { reduceInSteps } from "./stepwise.js";

/**
 * What an InstanceNorm becomes where it is computed by reductions. Not written by users: its attributes are `over`, the
 * axes whose elements have their statistics in common, and `epsilon`; with weights it has `weight` and `bias`, [c].
 */
export const normalize: Operation = {
  name: "normalize",
  documentation:
    "Normalizes to mean 0 and variance 1 over axes: what an InstanceNorm becomes in some schedules.\n\n" +
    "(x - mean) / sqrt(variance + epsilon), with the biased variance, times a weight plus a bias where there are such.\n\n" +
    "MACs: none. FLOPs: 4 per element, 5 with weights. ONNX: reductions, then BatchNormalization where c alone is " +
    "left, else arithmetic.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],

  infer: (context) => ({ output: inputType(context) }),

  cost: (node) => perElement(node, node.parameters.weight ? 5 : 4),

  reach: (node) =>
    Object.fromEntries(
      axesOf(node.attributes, "over").map((axis) => [axis, { kind: "statistics", from: axis }]),
    ),

  lower(node, onnx) {
    const type = nodeInputType(node);
    const shape = onnx.shape(type);
    const over = axesOf(node.attributes, "over").map((axis) => axisIndex(type, axis));
    const input = onnx.input(0);
    const mean = reduceInSteps(onnx, "ReduceMean", input, shape, over, "mean");
    const centred = onnx.node("Sub", [input, mean], {}, { hint: "centred" })[0];
    const squares = onnx.node("Mul", [centred, centred], {}, { hint: "squares" })[0];
    const variance = reduceInSteps(onnx, "ReduceMean", squares, shape, over, "variance");
    return applyStatistics(node, onnx, { centred, variance, shape });
  },
};

interface Statistics {
  readonly centred: string;
  readonly variance: string;
  readonly shape: readonly number[];
}

function applyStatistics(node: Node, onnx: OnnxLowering, { centred, variance, shape }: Statistics): string {
  const type = nodeInputType(node);
  const c = axisIndex(type, "c");
  const perChannel = (role: string) => {
    const trailing = shape.slice(c + 1).map(() => 1);
    const target = [known(shape[c], "channels"), ...trailing];
    return onnx.node("Reshape", [onnx.parameter(role), onnx.int64(target)], {}, { hint: role })[0];
  };
  const epsilon = onnx.float32([numberOf(node.attributes, "epsilon")], []);
  const stabilized = onnx.node("Add", [variance, epsilon], {}, { hint: "stabilized" })[0];
  const deviation = onnx.node("Sqrt", [stabilized], {}, { hint: "deviation" })[0];
  if (!node.parameters.weight) return onnx.node("Div", [centred, deviation])[0];
  const factor = onnx.node("Div", [perChannel("weight"), deviation], {}, { hint: "factor" })[0];
  const scaled = onnx.node("Mul", [centred, factor], {}, { hint: "scaled" })[0];
  return onnx.node("Add", [scaled, perChannel("bias")])[0];
}
