import { axesDiffer, concatSizesDiffer } from "../diagnostics/catalogue/shapes.js";
import type { Operation, ShapeContext } from "../graph/operation.js";
import { addSizes, constantSize, evaluateSize, type Size } from "../graph/size.js";
import { axisIndex, findAxis, withAxisSize } from "../graph/tensor.js";
import { anyOf } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { stringOf } from "./attributes.js";
import { inputType, requireAxis, shownOperands } from "./axes.js";
import { free } from "./costs.js";
import { axisNames, transposeTo } from "./layout.js";
import { moved, whole } from "./reach.js";

/** Refuses operands that do not all have the axes of the first, in whatever order. */
export function requireSameAxes(context: ShapeContext, operation: string): void {
  const all = [...new Set(context.inputs.flatMap(axisNames))];
  const missing = all.filter((axis) => context.inputs.some((type) => !findAxis(type, axis)));
  if (missing.length > 0) {
    context.refuse(axesDiffer, { operation, operands: shownOperands(context), missing });
  }
}

/** Puts tensors one after another along an axis. */
export const concat: Operation = {
  name: "concat",
  documentation:
    "Puts tensors one after another along an axis.\n\n" +
    "All of them have the same axes, in any order; their other sizes are equal. The result has the first one's order.\n\n" +
    "MACs and FLOPs: none. ONNX: Concat.",
  inputs: { minimum: 2, maximum: Number.POSITIVE_INFINITY },
  arguments: [{ name: "along", type: "axis", documentation: "The axis whose sizes add up." }],

  infer(context) {
    const along = stringOf(context.attributes, "along");
    requireAxis(context, along, "along");
    requireSameAxes(context, "concat");
    const first = inputType(context);
    let total: Size = constantSize(0);
    for (const type of context.inputs) {
      total = addSizes(total, known(findAxis(type, along), along).size);
      for (const { name: axis, size } of type.axes) {
        if (axis === along) continue;
        const left = known(findAxis(first, axis), axis).size;
        context.require({ kind: "equal", left, right: size }, concatSizesDiffer, (bindings) => ({
          verb: "concatenated",
          along,
          axis,
          operands: shownOperands(context, bindings),
        }));
      }
    }
    return { output: withAxisSize(first, along, total) };
  },

  cost: () => free,

  reach(node, input, bindings) {
    const along = stringOf(node.attributes, "along");
    const sizes = node.inputs.map(({ type }) =>
      evaluateSize(known(findAxis(type, along), along).size, bindings),
    );
    const before = sizes.slice(0, input);
    const own = sizes[input];
    if (own === undefined || !before.every((size) => size !== undefined)) return { [along]: whole };
    const first = before.reduce((total, size) => total + size, 0);
    const cases = [{ first, last: first + own - 1, reach: moved(along, -first) }];
    return { [along]: { kind: "cases", along, cases } };
  },

  range: (_, inputs) => anyOf(inputs),

  pointwise: (node) => stringOf(node.attributes, "along") === "c",
  anyOrder: true,

  lower(node, onnx) {
    const order = axisNames(node.type);
    const inputs = node.inputs.map(({ type }, index) =>
      transposeTo(onnx, onnx.input(index), axisNames(type), order, `operand${index + 1}`),
    );
    const axis = axisIndex(node.type, stringOf(node.attributes, "along"));
    return onnx.node("Concat", inputs, { axis: { int: axis } })[0];
  },
};
