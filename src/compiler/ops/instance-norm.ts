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
    const operands = weightAndBias(node, onnx, channels);
    const epsilon = { float: numberOf(node.attributes, "epsilon") };
    return lowerChannelsFirst(
      node,
      onnx,
      (input) => onnx.node("InstanceNormalization", [input, ...operands], { epsilon })[0],
    );
  },
};

/** What the operator multiplies each channel by and adds to it: the node's own, or 1 and 0. */
export function weightAndBias(node: Node, onnx: OnnxLowering, channels: number): readonly [string, string] {
  if (booleanOf(node.attributes, "affine")) return [onnx.parameter("weight"), onnx.parameter("bias")];
  const [ones, zeros] = [Array<number>(channels).fill(1), Array<number>(channels).fill(0)];
  return [onnx.float32(ones, [channels]), onnx.float32(zeros, [channels])];
}
