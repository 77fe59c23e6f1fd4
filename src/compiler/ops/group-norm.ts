import { groupsDoNotDivide } from "../diagnostics/catalogue/shapes.js";
import type { Operation } from "../graph/operation.js";
import { axisIndex, spatialAxes } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { booleanOf, checkedFloat, checkedInteger, numberOf } from "./attributes.js";
import { inputType, nodeInputType, requireChannels, requireSpatialAxes } from "./axes.js";
import { perElement } from "./costs.js";
import { lowerChannelsFirst } from "./layout.js";
import { normalized } from "./reach.js";
import { normalizeInSteps } from "./stepwise.js";

const name = "GroupNorm";

/** Group normalization, PyTorch GroupNorm. ONNX's GroupNormalization is not used: few runtimes have it. */
export const groupNorm: Operation = {
  name,
  documentation:
    "Normalizes groups of consecutive channels of each sample to mean 0 and variance 1, over their channels and every " +
    "axis but n and c.\n\n" +
    "(x - mean) / sqrt(variance + epsilon), with the biased variance; with affine, times `weight` [c] plus `bias` [c]. " +
    "(Wu and He, Group Normalization, 2018.)\n\n" +
    "MACs: none. FLOPs: 4 per element, 5 with affine. ONNX: ReduceMean axis by axis, which keeps the digits that one " +
    "long sum loses, and Sub, Mul, Add, Sqrt, Div.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    { name: "groups", type: "int", documentation: "Groups of channels; they must divide the channels." },
    {
      name: "affine",
      type: "bool",
      documentation: "Whether each channel has a weight and a bias.",
      default: true,
    },
    { name: "epsilon", type: "float", documentation: "Added to the variance.", default: 1e-5 },
  ],

  infer(context) {
    requireSpatialAxes(context, name, 0);
    checkedFloat(context, name, "epsilon", 0, 1);
    const groups = checkedInteger(context, name, "groups");
    const channels = requireChannels(context, name, "the groups must divide it");
    if (channels % groups !== 0) {
      context.refuse(groupsDoNotDivide, { operation: name, what: "input", channels, groups }, "groups");
    }
    const output = inputType(context);
    if (!booleanOf(context.attributes, "affine")) return { output };
    return {
      output,
      parameters: [
        { role: "weight", shape: [channels] },
        { role: "bias", shape: [channels] },
      ],
    };
  },

  cost: (node) => perElement(node, booleanOf(node.attributes, "affine") ? 5 : 4),

  reach: (node) => ({ ...normalized(node), c: { kind: "statistics", from: "c" } }),

  anyOrder: true,

  precise: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const sizes = onnx.shape(type);
    const sizeOf = (axis: string) => known(sizes[axisIndex(type, axis)], axis);
    const spatial = spatialAxes(type).map((axis) => sizeOf(axis.name));
    const groups = numberOf(node.attributes, "groups");
    const shape = [sizeOf("n"), groups, sizeOf("c") / groups, ...spatial];
    const reduced = shape.map((_, axis) => axis).slice(2);
    const perChannel = (role: string) =>
      onnx.node(
        "Reshape",
        [onnx.parameter(role), onnx.int64([groups, sizeOf("c") / groups, ...spatial.map(() => 1)])],
        {},
        { hint: `${role}_grouped` },
      )[0];
    const affine = booleanOf(node.attributes, "affine")
      ? { weight: perChannel("weight"), bias: perChannel("bias") }
      : undefined;
    return lowerChannelsFirst(node, onnx, (input) => {
      const grouped = onnx.node("Reshape", [input, onnx.int64(shape)], {}, { hint: "grouped" })[0];
      const epsilon = numberOf(node.attributes, "epsilon");
      const result = normalizeInSteps(onnx, grouped, shape, reduced, epsilon, affine);
      return onnx.node("Reshape", [result, onnx.int64([sizeOf("n"), sizeOf("c"), ...spatial])])[0];
    });
  },
};
