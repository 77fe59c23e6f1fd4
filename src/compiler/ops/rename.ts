import type { Operation } from "../graph/operation.js";
import { axisArgumentsOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxisArguments } from "./axes.js";
import { free } from "./costs.js";
import { moved } from "./reach.js";
import { lowerView, outputWith, wholeAxes } from "./view.js";

const name = "rename";

/** Gives axes other names. */
export const rename: Operation = {
  name,
  documentation:
    "Gives axes other names; they stay where they are.\n\n" +
    "`rename(t: u)`; several at once can trade names: `rename(h: w, w: h)`.\n\n" +
    "MACs and FLOPs: none. ONNX: no node.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],
  axisArguments: { kind: "axis", minimum: 1, documentation: "The axis's new name." },

  infer(context) {
    const renamed = requireAxisArguments(context, rename);
    const axes = inputType(context).axes.map((axis) => {
      const given = renamed.find((argument) => argument.axis === axis.name);
      return given ? { name: given.value as string, size: axis.size, argument: axis.name } : axis;
    });
    return { output: outputWith(context, name, axes) };
  },

  cost: () => free,

  reach: (node) =>
    Object.fromEntries(
      axisArgumentsOf(node.attributes).map(({ axis, value }) => [axis, moved(value as string, 0)]),
    ),

  layout: (node, shapeOf) =>
    wholeAxes(
      shapeOf(nodeInputType(node)),
      node.type.axes.map((_, index) => [index]),
    ),

  lower: lowerView,
};
