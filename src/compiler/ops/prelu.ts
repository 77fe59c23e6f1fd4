import type { Operation } from "../graph/operation.js";
import { axisIndex } from "../graph/tensor.js";
import { booleanOf } from "./attributes.js";
import { inputType, nodeInputType, requireChannels } from "./axes.js";
import { perElement } from "./costs.js";
import { elementwise } from "./reach.js";

const name = "PReLU";

/** Leaky rectified linear unit with learned slopes; ONNX PRelu, PyTorch PReLU. */
export const prelu: Operation = {
  name,
  documentation:
    "x where x is positive, weight * x elsewhere, with a learned weight.\n\n" +
    "The weight is one number for all elements, [1], or with `channels` one for each channel, [c]. (He et al., Delving " +
    "Deep into Rectifiers, 2015.)\n\n" +
    "MACs: none. FLOPs: 1 per element. ONNX: PRelu.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    {
      name: "channels",
      type: "bool",
      documentation: "Whether each channel has a slope of its own.",
      default: false,
    },
  ],

  infer(context) {
    const each = booleanOf(context.attributes, "channels");
    const count = each ? requireChannels(context, name, "its weight depends on it") : 1;
    return { output: inputType(context), parameters: [{ role: "weight", shape: [count] }] };
  },

  cost: (node) => perElement(node, 1),

  reach: elementwise,
  pointwise: () => true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const weight = onnx.parameter("weight");
    if (!booleanOf(node.attributes, "channels")) return onnx.node("PRelu", [onnx.input(0), weight])[0];
    // ONNX broadcasts from the last axis: the slopes need an axis of size 1 for each one after c.
    const after = type.axes.slice(axisIndex(type, "c") + 1).map((_, index) => index + 1);
    const slopes =
      after.length === 0
        ? weight
        : onnx.node("Unsqueeze", [weight, onnx.int64(after)], {}, { hint: "slopes" })[0];
    return onnx.node("PRelu", [onnx.input(0), slopes])[0];
  },
};
