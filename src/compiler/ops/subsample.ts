import type { Operation } from "../graph/operation.js";
import { addSizes, constantSize, floorDivideSize } from "../graph/size.js";
import { axisIndex, withAxisSize } from "../graph/tensor.js";
import { numberOf, stringOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis } from "./axes.js";
import { free } from "./costs.js";

/** Keeps every so-many-th position of an axis. Not written by users: its attributes are `axis` and `step`. */
export const subsample: Operation = {
  name: "subsample",
  documentation:
    "Keeps the first position of an axis and every step-th after it: what a stride along an axis without a kernel " +
    "becomes in some schedules.\n\nMACs and FLOPs: none. ONNX: Slice.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],

  infer(context) {
    const { name, size } = requireAxis(context, stringOf(context.attributes, "axis"));
    const last = floorDivideSize(addSizes(size, constantSize(-1)), numberOf(context.attributes, "step"));
    return { output: withAxisSize(inputType(context), name, addSizes(last, constantSize(1))) };
  },

  cost: () => free,

  reach(node) {
    const axis = stringOf(node.attributes, "axis");
    return {
      [axis]: { kind: "window", from: axis, stride: numberOf(node.attributes, "step"), low: 0, high: 0 },
    };
  },

  anyOrder: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const axis = axisIndex(type, stringOf(node.attributes, "axis"));
    const end = onnx.shape(type)[axis] ?? 0;
    const bounds = [0, end, axis, numberOf(node.attributes, "step")].map((value) => onnx.int64([value]));
    return onnx.node("Slice", [onnx.input(0), ...bounds])[0];
  },
};
