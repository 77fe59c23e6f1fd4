import type { Operation } from "../graph/operation.js";
import { known } from "../support/invariant.js";
import { booleanOf, stringOf } from "./attributes.js";
import { nodeInputType, requireAxis } from "./axes.js";
import { free } from "./costs.js";
import { none } from "./reach.js";

const name = "Index";

/** The positions along an axis: PyTorch's arange over its size. */
export const indexAlong: Operation = {
  name,
  documentation:
    "The positions along an axis, 0, 1, 2, …, as a tensor over that axis alone.\n\n" +
    "`volume -> Index(x)` is float[x]; only the size of the axis matters, not what the input holds. With `share`, " +
    "(position + 1/2) / size: the middle of each element on an axis that goes from 0 to 1.\n\n" +
    "MACs and FLOPs: none, it is a constant. ONNX: Identity of an initializer.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    { name: "axis", type: "axis", documentation: "The axis whose positions these are." },
    {
      name: "share",
      type: "bool",
      documentation: "Whether positions are shares of the axis, between 0 and 1.",
      default: false,
    },
  ],

  infer(context) {
    return { output: { axes: [requireAxis(context, stringOf(context.attributes, "axis"), "axis")] } };
  },

  cost: () => free,

  reach: (node) => Object.fromEntries(nodeInputType(node).axes.map((axis) => [axis.name, none])),

  lower(node, onnx) {
    const size = known(onnx.shape(node.type)[0], name);
    const share = booleanOf(node.attributes, "share");
    const values = Array.from({ length: size }, (_, i) => (share ? (i + 0.5) / size : i));
    return onnx.node("Identity", [onnx.float32(values, [size])])[0];
  },
};
