import type { Operation } from "../graph/operation.js";
import { invariant } from "../support/invariant.js";
import { namesOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis } from "./axes.js";
import { free } from "./costs.js";
import { axisNames, transposeTo } from "./layout.js";

/**
 * What a view, its undo and a renaming become. Not written by users: its attributes are `axes`, the input's axis names
 * in their new order, and `names`, how those are called in the output.
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

  lower: (node, onnx) =>
    transposeTo(onnx, onnx.input(0), axisNames(nodeInputType(node)), namesOf(node.attributes, "axes")),
};
