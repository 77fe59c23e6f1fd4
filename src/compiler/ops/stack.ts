import { concatSizesDiffer } from "../diagnostics/catalogue/shapes.js";
import type { Operation } from "../graph/operation.js";
import { constantSize } from "../graph/size.js";
import { axisIndex, findAxis } from "../graph/tensor.js";
import { anyOf } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { stringOf } from "./attributes.js";
import { inputType, shownOperands } from "./axes.js";
import { requireSameAxes } from "./concat.js";
import { free } from "./costs.js";
import { axisNames, transposeTo } from "./layout.js";
import { outputWith } from "./view.js";

const name = "stack";

/** Puts tensors side by side along a new axis, PyTorch's stack. */
export const stack: Operation = {
  name,
  documentation:
    "Puts tensors side by side along a new axis, which stands last.\n\n" +
    "All of them have the same axes, in any order, and the same sizes. The result has the first one's order. " +
    "`stack([f(v) for v in views], along: v)` takes a list.\n\n" +
    "MACs and FLOPs: none. ONNX: Unsqueeze and Concat.",
  inputs: { minimum: 1, maximum: Number.POSITIVE_INFINITY },
  arguments: [
    { name: "along", type: "axis", documentation: "The new axis; its size is the number of tensors." },
  ],

  infer(context) {
    const along = stringOf(context.attributes, "along");
    requireSameAxes(context, name);
    const first = inputType(context);
    const added = { name: along, size: constantSize(context.inputs.length), argument: "along" };
    const output = outputWith(context, name, [...first.axes, added]);
    for (const type of context.inputs.slice(1)) {
      for (const { name: axis, size } of type.axes) {
        const left = known(findAxis(first, axis), axis).size;
        context.require({ kind: "equal", left, right: size }, concatSizesDiffer, (bindings) => ({
          verb: "stacked",
          along,
          axis,
          operands: shownOperands(context, bindings),
        }));
      }
    }
    return { output };
  },

  cost: () => free,

  reach(node, input) {
    const along = stringOf(node.attributes, "along");
    const [anchor] = known(node.inputs[input], "operand").type.axes;
    // An output position belongs to one operand; which one, any axis of the operand can say.
    if (!anchor) return {};
    const reach = { kind: "window" as const, from: anchor.name, stride: 1, low: 0, high: 0 };
    return { [anchor.name]: { kind: "cases", along, cases: [{ first: input, last: input, reach }] } };
  },

  range: (_, inputs) => anyOf(inputs),

  lower(node, onnx) {
    const along = stringOf(node.attributes, "along");
    const position = axisIndex(node.type, along);
    const order = axisNames(node.type).filter((axis) => axis !== along);
    const operands = node.inputs.map(({ type }, index) => {
      const hint = `operand${index + 1}`;
      const ordered = transposeTo(onnx, onnx.input(index), axisNames(type), order, `${hint}_transposed`);
      return onnx.node("Unsqueeze", [ordered, onnx.int64([position])], {}, { hint })[0];
    });
    return onnx.node("Concat", operands, { axis: { int: position } })[0];
  },
};
