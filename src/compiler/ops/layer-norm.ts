import type { Operation } from "../graph/operation.js";
import { axisIndex } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { axesOf, booleanOf, checkedFloat, checkedParameters, numberOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis, requireKnownSize } from "./axes.js";
import { perElement } from "./costs.js";
import { alignTo, axisNames, transposeTo } from "./layout.js";
import { normalizeInSteps } from "./stepwise.js";

const name = "LayerNorm";
/** Over more elements at once, ONNX Runtime's LayerNormalization loses digits. */
const largestRow = 2 ** 16;

/** Layer normalization; ONNX LayerNormalization, PyTorch LayerNorm. */
export const layerNorm: Operation = {
  name,
  documentation:
    "Normalizes to mean 0 and variance 1 over the named axes, at every position of the others.\n\n" +
    "(x - mean) / sqrt(variance + epsilon), with the biased variance; with affine, times `weight` plus `bias`, whose " +
    "axes are the named ones, in that order. (Ba et al., Layer Normalization, 2016.)\n\n" +
    "MACs: none. FLOPs: 4 per element, 5 with affine. ONNX: LayerNormalization; over more than 65536 elements " +
    "ReduceMean axis by axis, and Sub, Mul, Add, Sqrt, Div.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    {
      name: "axes",
      type: "axes",
      variadic: true,
      documentation: "The axes that it normalizes over: `c` or `c, t`.",
    },
    {
      name: "affine",
      type: "bool",
      documentation: "Whether each element along these axes has a weight and a bias.",
      default: true,
    },
    { name: "epsilon", type: "float", documentation: "Added to the variance.", default: 1e-5 },
  ],

  infer(context) {
    const axes = axesOf(context.attributes, "axes");
    for (const axis of axes) requireAxis(context, axis, "axes");
    checkedFloat(context, name, "epsilon", 0, 1);
    const output = inputType(context);
    if (!booleanOf(context.attributes, "affine")) return { output };
    const shape = axes.map((axis) =>
      requireKnownSize(context, name, axis, "weight and bias, which affine: false omits, depend on it"),
    );
    return {
      output,
      parameters: checkedParameters(context, name, [
        { role: "weight", shape },
        { role: "bias", shape },
      ]),
    };
  },

  cost: (node) => perElement(node, booleanOf(node.attributes, "affine") ? 5 : 4),

  reach: (node) =>
    Object.fromEntries(
      axesOf(node.attributes, "axes").map((axis) => [axis, { kind: "statistics", from: axis }]),
    ),

  precise: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const own = axisNames(type);
    const axes = axesOf(node.attributes, "axes");
    const sizes = onnx.shape(type);
    const positions = axes.map((axis) => axisIndex(type, axis));
    const shape = positions.map((position) => known(sizes[position], "size"));
    const count = product(shape);
    const epsilon = numberOf(node.attributes, "epsilon");
    const affine = booleanOf(node.attributes, "affine");
    if (count > largestRow) {
      const aligned = (role: string) => alignTo(onnx, onnx.parameter(role), axes, own, role);
      const scaled = affine ? { weight: aligned("weight"), bias: aligned("bias") } : undefined;
      return normalizeInSteps(onnx, onnx.input(0), sizes, positions, epsilon, scaled);
    }
    const order = [...own.filter((axis) => !axes.includes(axis)), ...axes];
    const weights = affine
      ? [onnx.parameter("weight"), onnx.parameter("bias")]
      : [onnx.float32(Array(count).fill(1), shape)];
    const input = transposeTo(onnx, onnx.input(0), own, order, "axes_last");
    const attributes = { axis: { int: -axes.length }, epsilon: { float: epsilon } };
    const result = onnx.node("LayerNormalization", [input, ...weights], attributes)[0];
    return transposeTo(onnx, result, order, own, "restored");
  },
};
