import { sliceBeyond, slicedTwice, sliceEmpty } from "../diagnostics/catalogue/views.js";
import type { Attributes, AxisRange, Operation } from "../graph/operation.js";
import { addSizes, constantSize, evaluateSize, sameSize, showSize, subtractSizes } from "../graph/size.js";
import { axisIndex, showType, withAxisSize } from "../graph/tensor.js";
import { anyOf } from "../graph/value-range.js";
import { invariant, known } from "../support/invariant.js";
import { inputType, nodeInputType, requireAxis } from "./axes.js";
import { free } from "./costs.js";
import { moved, whole } from "./reach.js";

const one = constantSize(1);

/** What `x[c: 0..<8]` becomes. Not written by name: its attribute is `ranges`. */
export const slice: Operation = {
  name: "slice",
  documentation:
    "Keeps a range of positions of some axes: what `x[c: 0..<8]` becomes.\n\n" +
    "MACs and FLOPs: none. ONNX: Slice.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],

  infer(context) {
    let output = inputType(context);
    const ranges = rangesOf(context.attributes);
    for (const [index, { axis, first, count }] of ranges.entries()) {
      if (ranges.findIndex((other) => other.axis === axis) !== index) context.refuse(slicedTwice, { axis });
      const { size } = requireAxis(context, axis);
      const end = addSizes(first, count);
      context.require({ kind: "at-least", size: count, minimum: 1 }, sliceEmpty, (bindings) => ({
        axis,
        first: showSize(first, bindings),
        end: showSize(end, bindings),
        type: showType(inputType(context), bindings),
      }));
      const beyond = subtractSizes(end, size);
      context.require(
        { kind: "at-least", size: subtractSizes(size, end), minimum: 0 },
        sliceBeyond,
        (bindings) => ({
          axis,
          position: showSize(subtractSizes(end, one), bindings),
          last: showSize(subtractSizes(size, one), bindings),
          type: showType(inputType(context), bindings),
          byOne: evaluateSize(count, bindings) !== 1 && evaluateSize(beyond, bindings) === 1,
        }),
      );
      context.require({ kind: "at-least", size: first, minimum: 0 }, sliceBeyond, (bindings) => ({
        axis,
        position: showSize(first, bindings),
        last: showSize(subtractSizes(size, one), bindings),
        type: showType(inputType(context), bindings),
        byOne: false,
      }));
      output = withAxisSize(output, axis, count);
    }
    return { output };
  },

  cost: () => free,

  reach(node, _input, bindings) {
    const reaches = rangesOf(node.attributes).map(({ axis, first }) => {
      const from = evaluateSize(first, bindings);
      return [axis, from === undefined ? whole : moved(axis, from)] as const;
    });
    return Object.fromEntries(reaches);
  },

  range: (_, inputs) => anyOf(inputs),

  pointwise: (node) => rangesOf(node.attributes).every(({ axis }) => axis === "c"),
  anyOrder: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const ranges = rangesOf(node.attributes).filter(
      ({ axis, count }) => !sameSize(count, known(type.axes[axisIndex(type, axis)], axis).size),
    );
    if (ranges.length === 0) return onnx.input(0);
    const numbers = (part: (range: AxisRange) => AxisRange["first"]) =>
      onnx.int64(onnx.shape({ axes: ranges.map((range) => ({ name: range.axis, size: part(range) })) }));
    const bounds = [
      numbers(({ first }) => first),
      numbers(({ first, count }) => addSizes(first, count)),
      onnx.int64(ranges.map(({ axis }) => axisIndex(type, axis))),
    ];
    return onnx.node("Slice", [onnx.input(0), ...bounds])[0];
  },
};

function rangesOf({ ranges }: Attributes): readonly AxisRange[] {
  invariant(Array.isArray(ranges) && ranges.every((item) => typeof item === "object"), "no ranges");
  return ranges as readonly AxisRange[];
}
