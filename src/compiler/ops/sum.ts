import { operandSizesDiffer } from "../diagnostics/catalogue/shapes.js";
import type { Operation } from "../graph/operation.js";
import { findAxis } from "../graph/tensor.js";
import { sumOf } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { inputType, shownOperands } from "./axes.js";
import { requireSameAxes } from "./concat.js";
import { free, perElement } from "./costs.js";
import { axisNames, transposeTo } from "./layout.js";
import { elementwise } from "./reach.js";

/** The sum of any number of tensors. */
export const sum: Operation = {
  name: "sum",
  documentation:
    "The sum of tensors, element by element.\n\n" +
    "All of them have the same axes, in any order, and the same sizes. The result has the first one's order.\n\n" +
    "MACs: none. FLOPs: 1 per element for each tensor after the first. ONNX: a chain of Add.",
  inputs: { minimum: 1, maximum: Number.POSITIVE_INFINITY },
  arguments: [],

  infer(context) {
    requireSameAxes(context, "sum");
    const first = inputType(context);
    for (const type of context.inputs.slice(1)) {
      for (const { name: axis, size } of type.axes) {
        const left = known(findAxis(first, axis), axis).size;
        context.require({ kind: "equal", left, right: size }, operandSizesDiffer, (bindings) => ({
          operation: "sum",
          axis,
          operands: shownOperands(context, bindings),
        }));
      }
    }
    return { output: first };
  },

  cost: (node) => (node.inputs.length === 1 ? free : perElement(node, node.inputs.length - 1)),

  reach: elementwise,
  range: (_, inputs) => sumOf(inputs),
  pointwise: () => true,

  lower(node, onnx) {
    const order = axisNames(node.type);
    const [first, ...others] = node.inputs.map(({ type }, index) =>
      transposeTo(onnx, onnx.input(index), axisNames(type), order, `operand${index + 1}`),
    );
    // Pairs, not ONNX's Sum: each addition can be done as soon as its view is ready, and frees its memory.
    return others.reduce(
      (total, operand, index) => {
        const options = index === others.length - 1 ? {} : { hint: `partial${index + 1}` };
        return onnx.node("Add", [total, operand], {}, options)[0];
      },
      known(first, "operand"),
    );
  },
};
