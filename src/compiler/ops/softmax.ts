import type { Operation } from "../graph/operation.js";
import { axisIndex } from "../graph/tensor.js";
import { stringOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis } from "./axes.js";
import { perElement } from "./costs.js";

/** Softmax along one axis. */
export const softmax: Operation = {
  name: "Softmax",
  documentation:
    "exp(x) divided by its sum along one axis.\n\n" +
    "MACs: none. FLOPs: 5 per element (maximum, difference, exp, sum, quotient). ONNX: Softmax.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [{ name: "axis", type: "axis", documentation: "The axis along which the result sums to 1." }],
  infer(context) {
    requireAxis(context, stringOf(context.attributes, "axis"), "axis");
    return { output: inputType(context) };
  },
  cost: (node) => perElement(node, 5),
  lower: (node, onnx) =>
    onnx.node("Softmax", [onnx.input(0)], {
      axis: { int: axisIndex(nodeInputType(node), stringOf(node.attributes, "axis")) },
    })[0],
};
