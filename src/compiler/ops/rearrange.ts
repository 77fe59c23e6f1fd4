import type { Operation } from "../graph/operation.js";
import { axisIndex } from "../graph/tensor.js";
import { invariant } from "../support/invariant.js";
import { namesOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis } from "./axes.js";
import { free } from "./costs.js";
import { moved } from "./reach.js";
import { lowerView, wholeAxes } from "./view.js";

/**
 * What a view, its undo and a renaming become. Not written by users: its attributes are `axes`, the input's axis names
 * in their new order, `names`, how those are called in the output, and, for reports, `view` or `undo`, the view's name.
 */
export const rearrange: Operation = {
  name: "rearrange",
  documentation:
    "Renames and reorders axes: what a view and its undo become.\n\n" +
    "MACs and FLOPs: none. ONNX: Transpose, or no node where the order stays.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],

  infer(context) {
    const axes = namesOf(context.attributes, "axes");
    const names = namesOf(context.attributes, "names");
    const found = axes.map((name) => requireAxis(context, name));
    invariant(
      new Set(axes).size === inputType(context).axes.length,
      "rearrange does not name every axis once",
    );
    invariant(
      new Set(names).size === axes.length && names.length === axes.length,
      "rearrange repeats a name",
    );
    return { output: { axes: found.map(({ size }, index) => ({ name: names[index] as string, size })) } };
  },

  cost: () => free,

  reach(node) {
    const names = namesOf(node.attributes, "names");
    const axes = namesOf(node.attributes, "axes").map((axis, index) => [
      axis,
      moved(names[index] as string, 0),
    ]);
    return Object.fromEntries(axes);
  },

  layout(node, shapeOf) {
    const type = nodeInputType(node);
    const order = namesOf(node.attributes, "axes").map((axis) => [axisIndex(type, axis)]);
    return wholeAxes(shapeOf(type), order);
  },

  lower: lowerView,
};
