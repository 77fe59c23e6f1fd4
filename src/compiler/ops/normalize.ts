import type { Node } from "../graph/graph.js";
import { type OnnxLowering, onnxType } from "../graph/lowering.js";
import type { Operation } from "../graph/operation.js";
import { constantSize } from "../graph/size.js";
import { axisIndex } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { axesOf, numberOf } from "./attributes.js";
import { inputType, nodeInputType } from "./axes.js";
import { perElement } from "./costs.js";
import { divisorNearRoot, largestDivisor, normalizeInSteps, stepsOf } from "./stepwise.js";

/** Longer rows are summed in pieces, which keeps digits. */
const longestRow = 2 ** 14;

/**
 * What an InstanceNorm becomes where it is computed by reductions. Not written by users: its attributes are `over`, the
 * axes whose elements have their statistics in common, `epsilon`, `moments`, whether the variance comes from the mean of
 * squares, `products`, whether squares are summed as products of long rows with themselves, which is fast on a processor, or
 * by reductions of short ones, which is fast on a card, `overVolumes`, whether a convolution over three axes may scale each
 * channel by itself, and `out`: the channels that a pointwise convolution made of the only one before they were normalized,
 * with its weight as `projection`, [out]. With weights it has `weight` and `bias`, [c].
 */
export const normalize: Operation = {
  name: "normalize",
  documentation:
    "Normalizes to mean 0 and variance 1 over axes: what an InstanceNorm becomes in some schedules.\n\n" +
    "(x - mean) / sqrt(variance + epsilon), with the biased variance, times a weight plus a bias where there are such.\n\n" +
    "MACs: none. FLOPs: 4 per element, 5 with weights. ONNX: ReduceMean, MatMul or ReduceSumSquare, and Conv where each channel has its " +
    "statistics, else ReduceMean and arithmetic.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],

  infer(context) {
    const input = inputType(context);
    const { out } = context.attributes;
    if (out === undefined) return { output: input };
    const size = constantSize(numberOf(context.attributes, "out"));
    return {
      output: { ...input, axes: input.axes.map((axis) => (axis.name === "c" ? { ...axis, size } : axis)) },
    };
  },

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

/** A value whose elements lie as [outer, channels, rows, row], so that each row belongs to one channel. */
interface Rows {
  /** The value in the shape in which it is scaled: [n, channels, ...] of at most five axes, or as rows. */
  readonly value: string;
  readonly shape: readonly number[];
  /** The value as [outer, channels, rows, row], or as it is where it is an image, whose slices are its rows. */
  readonly blocks: string;
  readonly outer: number;
  readonly channels: number;
  readonly rows: number;
  readonly row: number;
  /** The axes of `blocks` that a row lies along. */
  readonly rowAxes: readonly number[];
  /** Whether rows are squared as products. */
  readonly products: boolean;
}

/**
 * One mean and one variance for each channel. ONNX Runtime's fast ways: ReduceMean of rows; the sum of squares on a processor as
 * a product of each row with itself, where its own reductions of squares take several times as long, elsewhere by
 * ReduceSumSquare, where a product of one number each keeps a group of threads busy; and scale and bias as a convolution of
 * each channel by itself with a kernel of 1, with which it also computes an Add and the activation that follow, where the
 * convolution has a bias.
 */
function lowerPerChannel(node: Node, onnx: OnnxLowering, shape: readonly number[]): string {
  const laid = rowsOf(node, onnx, shape);
  const { scaled, factor, bias } = node.attributes.moments
    ? byMoments(node, onnx, laid)
    : centred(node, onnx, laid);
  const ones = laid.shape.slice(2).map(() => 1);
  const kernel = reshape(onnx, factor, [outputChannels(node, laid.channels), 1, ...ones], "kernel");
  const operands = [scaled, kernel, bias];
  const attributes = { kernel_shape: { ints: ones }, group: { int: laid.channels } };
  if (laid.shape === shape) return onnx.node("Conv", operands, attributes)[0];
  const applied = onnx.node("Conv", operands, attributes, { hint: "scaled" })[0];
  return onnx.node("Reshape", [applied, onnx.int64(onnx.shape(node.type))])[0];
}

function rowsOf(node: Node, onnx: OnnxLowering, shape: readonly number[]): Rows {
  const { products, overVolumes } = node.attributes;
  const c = axisIndex(nodeInputType(node), "c");
  const channels = known(shape[c], "channels");
  const [outer, inner] = [product(shape.slice(0, c)), product(shape.slice(c + 1))];
  const piece = products ? largestDivisor(inner, longestRow) : divisorNearRoot(inner);
  const row = inner > longestRow ? piece : inner;
  const rows = inner / row;
  const layout = [outer, channels, rows, row];
  const input = onnx.input(0);
  const isImage = shape.length === 4 && c === 1 && rows === 1;
  const blocks = isImage ? input : reshape(onnx, input, layout, "blocks");
  const convolves = c === 1 && shape.length >= 3 && shape.length <= (overVolumes ? 5 : 4);
  const scaled = convolves ? { value: input, shape } : { value: blocks, shape: layout };
  return {
    ...scaled,
    blocks,
    outer,
    channels,
    rows,
    row,
    rowAxes: isImage ? [2, 3] : [3],
    products: products === true,
  };
}

/** What is scaled, by what, and what is added: the latter two [channels]. */
interface Applied {
  readonly scaled: string;
  readonly factor: string;
  readonly bias: string;
}

/** The mean is taken off before anything is squared: that keeps the digits where the mean is far from 0. */
function centred(node: Node, onnx: OnnxLowering, laid: Rows): Applied {
  const { outer, channels, rows, row } = laid;
  const out = outputChannels(node, channels);
  const step = stepsOf(onnx);
  const epsilon = onnx.float32([numberOf(node.attributes, "epsilon")], []);
  const weight = node.parameters.weight ? onnx.parameter("weight") : onnx.float32([1], []);
  const bias = node.parameters.bias ? onnx.parameter("bias") : onnx.float32(Array(out).fill(0), [out]);
  const mean = step("ReduceMean", [rowMeans(onnx, laid), onnx.int64([0, 2])], "mean");
  const spread = [1, channels, ...laid.shape.slice(2).map(() => 1)];
  const aligned = spread.length === 4 ? mean : reshape(onnx, mean, spread, "mean_aligned");
  const scaled = step("Sub", [laid.value, aligned], "centred");
  const squared = rowSquares(onnx, laid, scaled);
  const squares = reshape(onnx, squared, [outer, channels, rows], "squares");
  const axes = onnx.int64([0, 2]);
  const sum = onnx.node("ReduceSum", [squares, axes], { keepdims: { int: 0 } }, { hint: "sum" })[0];
  const own = step("Mul", [sum, onnx.float32([1 / (outer * rows * row)], [])], "variance");
  // A channel made by a factor has the mean times the factor, and the variance times its square.
  const projection = node.parameters.projection ? onnx.parameter("projection") : undefined;
  const square = projection && step("Mul", [projection, projection], "squared_projection");
  const variance = square ? step("Mul", [own, square], "projected_variance") : own;
  const numerator = projection ? step("Mul", [projection, weight], "projected_weight") : weight;
  const deviation = step("Sqrt", [step("Add", [variance, epsilon], "stabilized")], "deviation");
  return { scaled, factor: step("Div", [numerator, deviation], "factor"), bias };
}

/**
 * The mean of squares less the square of the mean: no pass that takes off the mean. Means of many rows are exact to more
 * than float32's digits; they stay in float64 until nothing is left to cancel.
 */
function byMoments(node: Node, onnx: OnnxLowering, laid: Rows): Applied {
  const { outer, channels, rows, row } = laid;
  const { weight, bias } = node.parameters;
  const step = stepsOf(onnx);
  const wide = (value: string, hint: string) =>
    step("Cast", [value], hint, { to: { int: onnxType.float64 } });
  const narrow = (value: string, hint: string) =>
    step("Cast", [value], hint, { to: { int: onnxType.float32 } });
  const average = (value: string, hint: string) => {
    const table = wide(reshape(onnx, value, [outer, channels, rows], `${hint}_table`), `${hint}_wide`);
    return step("ReduceMean", [table, onnx.int64([0, 2])], hint, { keepdims: { int: 0 } });
  };
  const mean = average(rowMeans(onnx, laid), "mean");
  const rowSquare = average(rowSquares(onnx, laid, laid.value), "row_square");
  const meanSquare = step("Div", [rowSquare, onnx.float64([row], [])], "mean_square");
  const difference = step("Sub", [meanSquare, step("Mul", [mean, mean], "squared_mean")], "difference");
  const variance = step("Max", [difference, onnx.float64([0], [])], "variance");
  const epsilon = onnx.float64([numberOf(node.attributes, "epsilon")], []);
  const deviation = step("Sqrt", [step("Add", [variance, epsilon], "stabilized")], "deviation");
  const numerator = weight ? wide(onnx.parameter("weight"), "weight") : onnx.float64([1], []);
  const factor = step("Div", [numerator, deviation], "factor");
  const shift = step("Mul", [mean, factor], "scaled_mean");
  const offset = bias
    ? step("Sub", [wide(onnx.parameter("bias"), "bias"), shift], "offset")
    : step("Neg", [shift], "offset");
  return { scaled: laid.value, factor: narrow(factor, "factor32"), bias: narrow(offset, "offset32") };
}

function outputChannels(node: Node, channels: number): number {
  return node.attributes.out === undefined ? channels : numberOf(node.attributes, "out");
}

/** [outer, channels, rows, 1] */
function rowMeans(onnx: OnnxLowering, { blocks, rowAxes }: Rows): string {
  return onnx.node(
    "ReduceMean",
    [blocks, onnx.int64(rowAxes)],
    { keepdims: { int: 1 } },
    { hint: "row_means" },
  )[0];
}

/** One number for each row of a value that lies as the one to normalize does. */
function rowSquares(onnx: OnnxLowering, laid: Rows, value: string): string {
  const { outer, channels, rows, row } = laid;
  const hint = "row_squares";
  if (!laid.products) {
    const isLaid = laid.value === laid.blocks;
    const blocks = isLaid ? value : reshape(onnx, value, [outer, channels, rows, row], "rows");
    return onnx.node(
      "ReduceSumSquare",
      [blocks, onnx.int64(laid.rowAxes)],
      { keepdims: { int: 0 } },
      { hint },
    )[0];
  }
  const left = reshape(onnx, value, [outer * channels * rows, 1, row], "rows");
  const right = onnx.node("Transpose", [left], { perm: { ints: [0, 2, 1] } }, { hint: "columns" })[0];
  return onnx.node("MatMul", [left, right], {}, { hint })[0];
}

function reshape(onnx: OnnxLowering, value: string, sizes: readonly number[], hint: string): string {
  return onnx.node("Reshape", [value, onnx.int64(sizes)], {}, { hint })[0];
}
