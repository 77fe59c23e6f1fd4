import type { Operation } from "../graph/operation.js";
import { evaluateSize } from "../graph/size.js";
import { invariant } from "../support/invariant.js";
import { axesOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis } from "./axes.js";
import { free } from "./costs.js";
import { axisNames } from "./layout.js";
import { lowerView, wholeAxes } from "./view.js";

/** What a slice at one position becomes, after `slice`: the axis of size 1 goes away. */
export const drop: Operation = {
  name: "drop",
  documentation:
    "Leaves out axes of size 1: what `x[part: 0]` becomes after `slice`.\n\n" +
    "MACs and FLOPs: none. ONNX: Reshape.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    { name: "axes", type: "axes", variadic: true, documentation: "The axes, each of one position." },
  ],

  infer(context) {
    const dropped = axesOf(context.attributes, "axes");
    for (const axis of dropped) {
      const { size } = requireAxis(context, axis);
      invariant(evaluateSize(size) === 1, `${axis} has more than one position`);
    }
    return { output: { axes: inputType(context).axes.filter((axis) => !dropped.includes(axis.name)) } };
  },

  cost: () => free,

  reach: (node) =>
    Object.fromEntries(
      axesOf(node.attributes, "axes").map((axis) => [axis, { kind: "position" as const, position: 0 }]),
    ),

  layout(node, shapeOf) {
    const type = nodeInputType(node);
    const names = axisNames(type);
    return wholeAxes(
      shapeOf(type),
      axisNames(node.type).map((axis) => [names.indexOf(axis)]),
    );
  },

  lower: lowerView,
};
