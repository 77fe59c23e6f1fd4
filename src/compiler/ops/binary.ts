import { operandSizesDiffer } from "../diagnostics/catalogue/shapes.js";
import type { Operation } from "../graph/operation.js";
import { findAxis } from "../graph/tensor.js";
import type { ValueRange } from "../graph/value-range.js";
import { inputType, nodeInputType, shownOperands } from "./axes.js";
import { perElement } from "./costs.js";
import { alignTo, axisNames } from "./layout.js";
import { elementwise } from "./reach.js";

/** Arithmetic of two tensors by axis name: an axis that one of them lacks is repeated, a shared one has one size. */
export function binary(
  name: string,
  formula: string,
  operator: string,
  range: (operands: readonly ValueRange[]) => ValueRange,
): Operation {
  return {
    name,
    documentation:
      `${formula} for each element, axes matched by name.\n\n` +
      "The result has the first operand's axes, then those that only the second has. An operand that lacks an axis is " +
      "repeated along it; sizes of a shared axis must be equal, also where one is 1.\n\n" +
      `MACs: none. FLOPs: 1 per element of the result. ONNX: ${operator}.`,
    inputs: { minimum: 2, maximum: 2 },
    arguments: [],

    infer(context) {
      const first = inputType(context, 0);
      const second = inputType(context, 1);
      for (const { name: axis, size: left } of first.axes) {
        const right = findAxis(second, axis)?.size;
        if (right === undefined) continue;
        context.require({ kind: "equal", left, right }, operandSizesDiffer, (bindings) => ({
          operation: name,
          axis,
          operands: shownOperands(context, bindings),
        }));
      }
      return {
        output: { axes: [...first.axes, ...second.axes.filter((axis) => !findAxis(first, axis.name))] },
      };
    },

    cost: (node) => perElement(node, 1),
    reach: elementwise,
    range: (_, operands) => range(operands),
    pointwise: () => true,

    lower(node, onnx) {
      const order = axisNames(node.type);
      const operands = [0, 1].map((index) =>
        alignTo(onnx, onnx.input(index), axisNames(nodeInputType(node, index)), order, `operand${index + 1}`),
      );
      return onnx.node(operator, operands)[0];
    },
  };
}
