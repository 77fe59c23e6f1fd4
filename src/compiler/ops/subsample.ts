import type { Node } from "../graph/graph.js";
import type { Operation } from "../graph/operation.js";
import { constantSize } from "../graph/size.js";
import { axisIndex, withAxisSize } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { numberOf, stringOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis } from "./axes.js";
import { free } from "./costs.js";

/**
 * Positions of an axis at equal distances. Not written by users: its attributes are `axis`, `offset`, the first position,
 * `step`, from each to the next, and `count`. Positions before the first element and after the last hold zeros.
 */
export const subsample: Operation = {
  name: "subsample",
  documentation:
    "Takes positions of an axis at equal distances, zeros where there are none: what a stride along an axis, or an " +
    "element of a kernel, becomes in some schedules.\n\nMACs and FLOPs: none. ONNX: Gather, Pad.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],

  infer(context) {
    const { name } = requireAxis(context, stringOf(context.attributes, "axis"));
    const count = constantSize(numberOf(context.attributes, "count"));
    return { output: withAxisSize(inputType(context), name, count) };
  },

  cost: () => free,

  reach(node) {
    const axis = stringOf(node.attributes, "axis");
    const { offset, step } = placesOf(node);
    return { [axis]: { kind: "window", from: axis, stride: step, low: offset, high: offset } };
  },

  anyOrder: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const shape = onnx.shape(type);
    const axis = axisIndex(type, stringOf(node.attributes, "axis"));
    const size = known(shape[axis], "size");
    const { offset, step, count } = placesOf(node);
    // Those of the positions that are inside: the first, and how many.
    const before = Math.min(count, Math.max(0, Math.ceil(-offset / step)));
    const inside = Math.max(0, Math.min(count, Math.floor((size - 1 - offset) / step) + 1) - before);
    if (inside === 0) {
      const zeros = shape.map((own, index) => (index === axis ? count : own));
      return onnx.node("Expand", [onnx.float32([0], []), onnx.int64(zeros)])[0];
    }
    const pads = (front: number, back: number) => {
      const amounts = Array<number>(2 * shape.length).fill(0);
      amounts[axis] = front;
      amounts[shape.length + axis] = back;
      return onnx.int64(amounts);
    };
    // A negative amount takes away: one Pad both moves and crops.
    if (step === 1) return onnx.node("Pad", [onnx.input(0), pads(-offset, offset + count - size)])[0];
    // ONNX Runtime's CPU copies on all cores what is gathered, and on one what is sliced.
    const places = onnx.int64(Array.from({ length: inside }, (_, index) => offset + (before + index) * step));
    const along = { axis: { int: axis } };
    if (inside === count) return onnx.node("Gather", [onnx.input(0), places], along)[0];
    const found = onnx.node("Gather", [onnx.input(0), places], along, { hint: "inside" })[0];
    return onnx.node("Pad", [found, pads(before, count - before - inside)])[0];
  },
};

function placesOf({ attributes }: Node) {
  const [offset, step, count] = ["offset", "step", "count"].map((name) => numberOf(attributes, name));
  return { offset: offset as number, step: step as number, count: count as number };
}
