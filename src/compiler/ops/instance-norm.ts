import type { Node } from "../graph/graph.js";
import type { OnnxLowering } from "../graph/lowering.js";
import type { Operation } from "../graph/operation.js";
import { axisIndex } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { booleanOf, checkedFloat, numberOf } from "./attributes.js";
import { inputType, nodeInputType, requireChannels, requireSpatialAxes } from "./axes.js";
import { perElement } from "./costs.js";
import { lowerChannelsFirst } from "./layout.js";
import { normalized } from "./reach.js";

const name = "InstanceNorm";

/** Instance normalization; ONNX InstanceNormalization, PyTorch InstanceNorm1d to InstanceNorm3d. */
export const instanceNorm: Operation = {
  name,
  documentation:
    "Normalizes each channel of each sample to mean 0 and variance 1 over every axis but n and c.\n\n" +
    "(x - mean) / sqrt(variance + epsilon), with the biased variance; with affine, times `weight` [c] plus `bias` [c]. " +
    "(Ulyanov et al., Instance Normalization, 2016.)\n\n" +
    "MACs: none. FLOPs: 4 per element, 5 with affine. ONNX: InstanceNormalization.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    {
      name: "affine",
      type: "bool",
      documentation: "Whether each channel has a weight and a bias.",
      default: false,
    },
    { name: "epsilon", type: "float", documentation: "Added to the variance.", default: 1e-5 },
  ],

  infer(context) {
    requireSpatialAxes(context, name, 1);
    checkedFloat(context, name, "epsilon", 0, 1);
    const output = inputType(context);
    if (!booleanOf(context.attributes, "affine")) return { output };
    const channels = requireChannels(context, name, "weight and bias depend on it");
    return {
      output,
      parameters: [
        { role: "weight", shape: [channels] },
        { role: "bias", shape: [channels] },
      ],
    };
  },

  cost: (node) => perElement(node, booleanOf(node.attributes, "affine") ? 5 : 4),

  reach: normalized,

  anyOrder: true,

  precise: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const channels = known(onnx.shape(type)[axisIndex(type, "c")], "channels");
    return lowerChannelsFirst(node, onnx, channelNormalizer(node, onnx, channels));
  },
};

/**
 * Applies the operator to a value with so many channels, with the node's own weight and bias, or 1 and 0. `options` name
 * what comes out.
 */
export function channelNormalizer(node: Node, onnx: OnnxLowering, channels: number) {
  const constant = (value: number) => onnx.float32(Array<number>(channels).fill(value), [channels]);
  const operands = booleanOf(node.attributes, "affine")
    ? [onnx.parameter("weight"), onnx.parameter("bias")]
    : [constant(1), constant(0)];
  const epsilon = { float: numberOf(node.attributes, "epsilon") };
  return (value: string, options: { readonly hint?: string } = {}): string =>
    onnx.node("InstanceNormalization", [value, ...operands], { epsilon }, options)[0];
}
