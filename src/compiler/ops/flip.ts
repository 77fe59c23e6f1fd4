import type { Operation } from "../graph/operation.js";
import { evaluateSize } from "../graph/size.js";
import { axisIndex, findAxis } from "../graph/tensor.js";
import { anyOf } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { axesOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis } from "./axes.js";
import { free } from "./costs.js";
import { whole } from "./reach.js";

/** Turns axes around, PyTorch's flip. */
export const flip: Operation = {
  name: "flip",
  documentation:
    "Turns axes around: `flip(x)` is out[x] = in[size - 1 - x].\n\n" +
    "MACs and FLOPs: none. ONNX: Slice with step -1.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    {
      name: "axes",
      type: "axes",
      variadic: true,
      documentation: "The axes that run backwards: `x` or `x, y`.",
    },
  ],

  infer(context) {
    for (const axis of axesOf(context.attributes, "axes")) requireAxis(context, axis, "axes");
    return { output: inputType(context) };
  },

  cost: () => free,

  reach(node, _input, bindings) {
    const type = nodeInputType(node);
    const reaches = axesOf(node.attributes, "axes").map((axis) => {
      const size = evaluateSize(known(findAxis(type, axis), axis).size, bindings);
      if (size === undefined) return [axis, whole] as const;
      return [
        axis,
        { kind: "window" as const, from: axis, stride: -1, low: size - 1, high: size - 1 },
      ] as const;
    });
    return Object.fromEntries(reaches);
  },

  range: (_, inputs) => anyOf(inputs),

  anyOrder: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const shape = onnx.shape(type);
    const axes = axesOf(node.attributes, "axes").map((axis) => axisIndex(type, axis));
    const starts = onnx.int64(axes.map(() => -1));
    // As far before the first element as the axis is long: the end itself is left out.
    const ends = onnx.int64(axes.map((axis) => -known(shape[axis], "size") - 1));
    return onnx.node("Slice", [onnx.input(0), starts, ends, onnx.int64(axes), starts])[0];
  },
};
