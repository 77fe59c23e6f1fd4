import type { Node } from "../graph/graph.js";
import type { Operation } from "../graph/operation.js";
import { constantSize } from "../graph/size.js";
import { invariant } from "../support/invariant.js";
import { axisArgumentsOf } from "./attributes.js";
import { free } from "./costs.js";
import { elementwise } from "./reach.js";

/** What `[x - y for x: 7, y: 7]` becomes. Its attribute `values` has the numbers, row-major. */
export const table: Operation = {
  name: "table",
  documentation:
    "Numbers that are known when the network is compiled: what `[x - y for x: 7, y: 7]` becomes.\n\n" +
    "MACs and FLOPs: none. ONNX: a constant.",
  inputs: { minimum: 0, maximum: 0 },
  arguments: [],
  axisArguments: { kind: "int", minimum: 1, documentation: "The size of each axis." },

  infer({ attributes }) {
    const axes = axisArgumentsOf(attributes).map(({ axis, value }) => ({
      name: axis,
      size: constantSize(value as number),
    }));
    return { output: { axes } };
  },

  cost: () => free,

  reach: elementwise,

  lower: (node, onnx) => onnx.float32(tableValues(node), onnx.shape(node.type)),
};

/** The numbers of a table, row-major. */
export function tableValues({ operation, attributes: { values } }: Pick<Node, "operation" | "attributes">) {
  invariant(operation === table && Array.isArray(values), `${operation.name} is no table`);
  return values as readonly number[];
}
