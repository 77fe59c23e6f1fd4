import { alignedNearest, resizeTarget } from "../diagnostics/catalogue/shapes.js";
import type { Node } from "../graph/graph.js";
import type { OnnxLowering } from "../graph/lowering.js";
import type { Operation, Ratio, Reach } from "../graph/operation.js";
import {
  type Bindings,
  constantSize,
  evaluateSize,
  greatestCommonDivisor,
  scaleSize,
} from "../graph/size.js";
import { axisIndex, elementCount, findAxis, spatialAxes, type TensorType } from "../graph/tensor.js";
import { anyOf } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { booleanOf, checkedExtent, extentOf, stringOf } from "./attributes.js";
import { inputType, nodeInputType, requireSpatialAxes } from "./axes.js";
import { free } from "./costs.js";
import { lowerChannelsFirst } from "./layout.js";
import { whole } from "./reach.js";

const name = "Resize";
/** Up to this scale, nearest positions are not rounded to the one below, whatever the size. */
const largestExactScale = 40;

/** Interpolation to another size; PyTorch's interpolate. */
export const resize: Operation = {
  name,
  documentation:
    "Interpolates every axis but n and c to `scale` times its size, or to a `size`.\n\n" +
    'With mode "nearest" output position o is the input\'s floor(o * in / out), with "linear" the weighted mean of the ' +
    "input positions around (o + 1/2) * in / out - 1/2, or with align_corners around o * (in - 1) / (out - 1); at the " +
    "borders the outermost element goes on. As PyTorch's interpolate, its rounding of nearest positions included.\n\n" +
    "MACs: none. FLOPs: nearest none; linear 2^(axes + 1) - 1 per output element, for a weighted mean of 2^axes. ONNX: " +
    "Gather for nearest, Resize for linear.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    {
      name: "scale",
      type: "extent",
      optional: true,
      documentation: "How many times its size each axis becomes; either this or `size` is needed.",
    },
    { name: "size", type: "extent", optional: true, documentation: "The new size of each axis." },
    {
      name: "mode",
      type: "string",
      choices: ["nearest", "linear"],
      documentation: "How values between positions are made.",
      default: "nearest",
    },
    {
      name: "align_corners",
      type: "bool",
      documentation: "Whether the first and the last positions of input and output coincide (linear only).",
      default: false,
    },
  ],

  infer(context) {
    const axes = requireSpatialAxes(context, name, 1, 3);
    const scale = checkedExtent(context, name, "scale", axes, 1);
    const size = checkedExtent(context, name, "size", axes, 1);
    if ((scale === undefined) === (size === undefined)) {
      const found = scale ? "both" : "neither";
      context.refuse(resizeTarget, { found, example: "Resize(scale: 2) or Resize(size: 64)" });
    }
    if (
      stringOf(context.attributes, "mode") === "nearest" &&
      booleanOf(context.attributes, "align_corners")
    ) {
      context.refuse(alignedNearest, {}, "align_corners");
    }
    const sizes = new Map(
      axes.map((axis, i) => [
        axis.name,
        size ? constantSize(size[i] as number) : scaleSize(axis.size, known(scale?.[i], "scale")),
      ]),
    );
    const { axes: all } = inputType(context);
    return { output: { axes: all.map((axis) => ({ ...axis, size: sizes.get(axis.name) ?? axis.size })) } };
  },

  cost(node) {
    if (stringOf(node.attributes, "mode") === "nearest") return free;
    const axes = spatialAxes(node.type).length;
    return { macs: constantSize(0), flops: scaleSize(elementCount(node.type), 2 ** (axes + 1) - 1) };
  },

  reach: (node, _, bindings) =>
    Object.fromEntries(
      spatialAxes(node.type).map(({ name: axis }, i) => [axis, reachAlong(node, axis, i, bindings)]),
    ),

  range: (_, inputs) => anyOf(inputs),

  precise: true,

  lower: (node, onnx) =>
    lowerChannelsFirst(node, onnx, (input) =>
      stringOf(node.attributes, "mode") === "nearest"
        ? lowerNearest(node, onnx, input)
        : lowerLinear(node, onnx, input),
    ),
};

/** Gathers along one axis after the other, from the last one: its single elements are the slowest to copy. */
function lowerNearest(node: Node, onnx: OnnxLowering, input: string): string {
  const [from, to] = spatialSizes(node, onnx);
  const changed = from.flatMap((size, i) => (size === to[i] ? [] : [i])).reverse();
  return changed.reduce((value, i, index) => {
    const positions = nearestPositions(from[i] as number, to[i] as number);
    const options = index === changed.length - 1 ? {} : { hint: `axis${i + 3}` };
    return onnx.node("Gather", [value, onnx.int64(positions)], { axis: { int: i + 2 } }, options)[0];
  }, input);
}

function lowerLinear(node: Node, onnx: OnnxLowering, input: string): string {
  const type = nodeInputType(node);
  const shape = onnx.shape(type);
  const kept = ["n", "c"].map((axis) => known(shape[axisIndex(type, axis)], axis));
  const [, to] = spatialSizes(node, onnx);
  const corners = booleanOf(node.attributes, "align_corners");
  return onnx.node("Resize", [input, "", "", onnx.int64([...kept, ...to])], {
    mode: { string: "linear" },
    coordinate_transformation_mode: { string: corners ? "align_corners" : "half_pixel" },
  })[0];
}

function spatialSizes(node: Node, onnx: OnnxLowering): readonly [readonly number[], readonly number[]] {
  const type = nodeInputType(node);
  const sizes = (shape: readonly number[]) =>
    spatialAxes(type).map((axis) => known(shape[axisIndex(type, axis.name)], axis.name));
  return [sizes(onnx.shape(type)), sizes(onnx.shape(node.type))];
}

/**
 * The input position of each output position. PyTorch multiplies in 32-bit floats, which now and then rounds to the
 * position below floor(o * from / to); networks were trained with that, so it is done here too.
 */
function nearestPositions(from: number, to: number): readonly number[] {
  const step = Math.fround(from / to);
  return Array.from({ length: to }, (_, o) => Math.min(Math.floor(Math.fround(o * step)), from - 1));
}

/** The input positions that an output position is made of, along one axis. */
function reachAlong(node: Node, axis: string, index: number, bindings: Bindings): Reach {
  const sizeOf = (type: TensorType) => evaluateSize(known(findAxis(type, axis), axis).size, bindings);
  const from = sizeOf(nodeInputType(node));
  const to = sizeOf(node.type);
  const scale = extentOf(node.attributes, "scale", spatialAxes(node.type).length)?.[index];
  const window = (ratio: Ratio, low: number, high: number): Reach => {
    const { numerator: stride, denominator: divisor } = ratio;
    return { kind: "window", from: axis, stride, low, high, divisor };
  };
  if (booleanOf(node.attributes, "align_corners")) {
    if (from === undefined || to === undefined) return whole;
    if (to === 1) return { kind: "position", position: 0 };
    const ratio = lowest(from - 1, to - 1);
    return window(ratio, 0, ratio.denominator - 1);
  }
  const step = scale === undefined ? from && to && lowest(from, to) : lowest(1, scale);
  if (!step) return whole;
  const { numerator, denominator } = step;
  if (stringOf(node.attributes, "mode") === "nearest") {
    // Where rounding picks the position below, no formula tells where that is.
    const isExact = (position: number, o: number) => position === Math.floor((o * numerator) / denominator);
    const exact = from && to ? nearestPositions(from, to).every(isExact) : denominator <= largestExactScale;
    return window(step, exact ? 0 : -denominator, 0);
  }
  const [low, high] = [numerator - denominator, numerator + denominator - 1];
  return low % 2 === 0
    ? window(step, low / 2, (high - 1) / 2)
    : window({ numerator: 2 * numerator, denominator: 2 * denominator }, low, high);
}

function lowest(numerator: number, denominator: number): Ratio {
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}
