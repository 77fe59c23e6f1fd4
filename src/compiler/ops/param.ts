import type { Operation } from "../graph/operation.js";
import { constantSize } from "../graph/size.js";
import { axisArgumentsOf, checkedParameters } from "./attributes.js";
import { free } from "./costs.js";
import { elementwise } from "./reach.js";

const name = "param";

/** A weight that is a value of its own. */
export const param: Operation = {
  name,
  documentation:
    "A free parameter: what `param w: float[c: 8]` becomes. It is stored under its own path.\n\n" +
    "MACs and FLOPs: none. ONNX: no node; the weight itself.",
  inputs: { minimum: 0, maximum: 0 },
  arguments: [
    {
      name: "documentation",
      type: "string",
      optional: true,
      documentation: "What goes into the ONNX file beside it.",
    },
  ],
  axisArguments: { kind: "int", minimum: 1, documentation: "The size of each axis." },

  infer(context) {
    const axes = axisArgumentsOf(context.attributes).map(({ axis, value }) => ({
      name: axis,
      size: value as number,
    }));
    const { documentation } = context.attributes;
    const described = typeof documentation === "string" ? { documentation } : {};
    return {
      output: { axes: axes.map((axis) => ({ name: axis.name, size: constantSize(axis.size) })) },
      parameters: checkedParameters(context, name, [
        { role: "value", shape: axes.map(({ size }) => size), free: true, ...described },
      ]),
    };
  },

  cost: () => free,

  reach: elementwise,

  lower: (_node, onnx) => onnx.parameter("value"),
};
