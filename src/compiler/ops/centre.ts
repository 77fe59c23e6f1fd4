import type { Operation } from "../graph/operation.js";
import { axisIndex } from "../graph/tensor.js";
import { axesOf } from "./attributes.js";
import { inputType, nodeInputType } from "./axes.js";
import { perElement } from "./costs.js";

/**
 * What stands before a norm where the norm's own sums lose digits. Not written by users: its attribute is `over`, the axes
 * whose elements have their mean in common.
 */
export const centre: Operation = {
  name: "centre",
  documentation:
    "Takes the mean over axes off: what stands before a norm in some schedules.\n\n" +
    "MACs: none. FLOPs: 2 per element. ONNX: ReduceMean and Sub.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],

  infer: (context) => ({ output: inputType(context) }),

  cost: (node) => perElement(node, 2),

  reach: (node) =>
    Object.fromEntries(
      axesOf(node.attributes, "over").map((axis) => [axis, { kind: "statistics", from: axis }]),
    ),

  anyOrder: true,

  precise: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const axes = axesOf(node.attributes, "over").map((axis) => axisIndex(type, axis));
    const input = onnx.input(0);
    // The sum may be of many elements and lose digits: the norm takes off what is left of the mean.
    const [mean] = onnx.node(
      "ReduceMean",
      [input, onnx.int64(axes.toSorted((a, b) => a - b))],
      { keepdims: { int: 1 } },
      { hint: "mean" },
    );
    return onnx.node("Sub", [input, mean])[0];
  },
};
