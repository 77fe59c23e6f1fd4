import type { Node } from "../graph/graph.js";
import type { OnnxLowering } from "../graph/lowering.js";
import type { Operation } from "../graph/operation.js";
import { axisIndex } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { axesOf, numberOf } from "./attributes.js";
import { inputType, nodeInputType } from "./axes.js";
import { perElement } from "./costs.js";
import { divisorNearRoot, normalizeInSteps } from "./stepwise.js";

/** Longer rows are summed in pieces, which keeps digits. */
const longestRow = 2 ** 14;

/**
 * What an InstanceNorm becomes where it is computed by reductions. Not written by users: its attributes are `over`, the
 * axes whose elements have their statistics in common, and `epsilon`; with weights it has `weight` and `bias`, [c].
 */
export const normalize: Operation = {
  name: "normalize",
  documentation:
    "Normalizes to mean 0 and variance 1 over axes: what an InstanceNorm becomes in some schedules.\n\n" +
    "(x - mean) / sqrt(variance + epsilon), with the biased variance, times a weight plus a bias where there are such.\n\n" +
    "MACs: none. FLOPs: 4 per element, 5 with weights. ONNX: ReduceMean, MatMul and Conv where each channel has its " +
    "statistics, else ReduceMean and arithmetic.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],

  infer: (context) => ({ output: inputType(context) }),

  cost: (node) => perElement(node, node.parameters.weight ? 5 : 4),

  reach: (node) =>
    Object.fromEntries(
      axesOf(node.attributes, "over").map((axis) => [axis, { kind: "statistics", from: axis }]),
    ),

  anyOrder: true,

  precise: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const shape = onnx.shape(type);
    const over = axesOf(node.attributes, "over");
    const perChannel = type.axes.every(({ name }, axis) => {
      return name === "c" ? !over.includes(name) : over.includes(name) || shape[axis] === 1;
    });
    return perChannel && axisIndex(type, "c") >= 0
      ? lowerPerChannel(node, onnx, shape)
      : lowerArithmetic(node, onnx, shape);
  },
};

/** Any statistics: sums in steps, then arithmetic. */
function lowerArithmetic(node: Node, onnx: OnnxLowering, shape: readonly number[]): string {
  const type = nodeInputType(node);
  const axes = axesOf(node.attributes, "over").map((axis) => axisIndex(type, axis));
  const after = type.axes.slice(axisIndex(type, "c") + 1).map(() => 1);
  const scaled = (role: string) =>
    onnx.node(
      "Reshape",
      [onnx.parameter(role), onnx.int64([-1, ...after])],
      {},
      { hint: `${role}_aligned` },
    )[0];
  const affine = node.parameters.weight ? { weight: scaled("weight"), bias: scaled("bias") } : undefined;
  return normalizeInSteps(onnx, onnx.input(0), shape, axes, numberOf(node.attributes, "epsilon"), affine);
}

/**
 * One mean and one variance for each channel. ONNX Runtime's fast ways: ReduceMean of rows; the sum of squares as a product
 * of each row with itself, where its own reductions of squares take several times as long; and scale and bias as a
 * convolution of each channel by itself with a kernel of 1, with which it also computes the activation that follows.
 * The mean is taken off before anything is squared: that keeps the digits where the mean is far from 0.
 */
function lowerPerChannel(node: Node, onnx: OnnxLowering, shape: readonly number[]): string {
  const c = axisIndex(nodeInputType(node), "c");
  const product = (sizes: readonly number[]) => sizes.reduce((total, size) => total * size, 1);
  const channels = known(shape[c], "channels");
  const [outer, inner] = [product(shape.slice(0, c)), product(shape.slice(c + 1))];
  const step = (operator: string, operands: readonly string[], hint: string, attributes = {}) =>
    onnx.node(operator, operands, attributes, { hint })[0];
  const reshape = (value: string, sizes: readonly number[], hint: string) =>
    step("Reshape", [value, onnx.int64(sizes)], hint);

  const row = inner > longestRow ? divisorNearRoot(inner) : inner;
  const rows = inner / row;
  const blocks = [outer, channels, rows, row];
  const isImage = shape.length === 4 && c === 1 && rows === 1;
  const input = isImage ? onnx.input(0) : reshape(onnx.input(0), blocks, "blocks");
  const imageAxes = isImage ? [2, 3] : [3];

  const keep = { keepdims: { int: 1 } };
  const rowMeans = step("ReduceMean", [input, onnx.int64(imageAxes)], "row_means", keep);
  const mean = step("ReduceMean", [rowMeans, onnx.int64(isImage ? [0] : [0, 2])], "mean", keep);
  const centred = step("Sub", [input, mean], "centred");
  const left = reshape(centred, [outer * channels * rows, 1, row], "rows");
  const right = step("Transpose", [left], "columns", { perm: { ints: [0, 2, 1] } });
  const squares = reshape(step("MatMul", [left, right], "row_squares"), [outer, channels, rows], "squares");
  const sum = step("ReduceSum", [squares, onnx.int64([0, 2])], "sum", { keepdims: { int: 0 } });
  const variance = step("Mul", [sum, onnx.float32([1 / (outer * inner)], [])], "variance");
  const epsilon = onnx.float32([numberOf(node.attributes, "epsilon")], []);
  const deviation = step("Sqrt", [step("Add", [variance, epsilon], "stabilized")], "deviation");
  const numerator = node.parameters.weight ? onnx.parameter("weight") : onnx.float32([1], []);
  const factor = step("Div", [numerator, deviation], "factor");
  const kernel = reshape(factor, [channels, 1, 1, 1], "kernel");
  const operands = [centred, kernel, ...(node.parameters.bias ? [onnx.parameter("bias")] : [])];
  const attributes = { kernel_shape: { ints: [1, 1] }, group: { int: channels } };
  if (isImage) return onnx.node("Conv", operands, attributes)[0];
  return onnx.node("Reshape", [step("Conv", operands, "scaled", attributes), onnx.int64(shape)])[0];
}
