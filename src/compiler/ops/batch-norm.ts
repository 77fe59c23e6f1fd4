import type { Operation } from "../graph/operation.js";
import { checkedFloat, numberOf } from "./attributes.js";
import { inputType, requireChannels, requireSpatialAxes } from "./axes.js";
import { perElement } from "./costs.js";
import { lowerChannelsFirst } from "./layout.js";
import { elementwise } from "./reach.js";

const name = "BatchNorm";

/** Batch normalization at inference; ONNX BatchNormalization, PyTorch BatchNorm1d to BatchNorm3d. */
export const batchNorm: Operation = {
  name,
  documentation:
    "Normalizes each channel by statistics that were collected in training.\n\n" +
    "(x - running_mean) / sqrt(running_var + epsilon) * weight + bias, each of these [c]; the running statistics are " +
    "buffers, not parameters. (Ioffe and Szegedy, Batch Normalization, 2015.)\n\n" +
    "MACs: none. FLOPs: 2 per element. ONNX: BatchNormalization.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [{ name: "epsilon", type: "float", documentation: "Added to the variance.", default: 1e-5 }],

  infer(context) {
    requireSpatialAxes(context, name, 0);
    checkedFloat(context, name, "epsilon", 0, 1);
    const shape = [requireChannels(context, name, "its weights depend on it")];
    return {
      output: inputType(context),
      parameters: [
        { role: "weight", shape },
        { role: "bias", shape },
        { role: "running_mean", shape, buffer: true },
        { role: "running_var", shape, buffer: true },
      ],
    };
  },

  cost: (node) => perElement(node, 2),
  reach: elementwise,
  pointwise: () => true,

  precise: true,

  lower(node, onnx) {
    const roles = ["weight", "bias", "running_mean", "running_var"].map((role) => onnx.parameter(role));
    const epsilon = { float: numberOf(node.attributes, "epsilon") };
    return lowerChannelsFirst(
      node,
      onnx,
      (input) => onnx.node("BatchNormalization", [input, ...roles], { epsilon })[0],
    );
  },
};
