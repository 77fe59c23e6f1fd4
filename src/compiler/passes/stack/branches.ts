import type { Node, Value } from "../../graph/graph.js";
import { evaluateSize, noBindings } from "../../graph/size.js";
import { findAxis, type TensorType } from "../../graph/tensor.js";
import { known } from "../../support/invariant.js";

/** One value of each branch, in the order of the branches. */
export type Tuple<T extends Value = Value> = readonly T[];

/** Whether all branches have the very same value. */
export function isShared(values: Tuple): boolean {
  return values.every((value) => value === values[0]);
}

/** What the branches feed a node with at one place. */
export function inputsAt(nodes: Tuple<Node>, index: number): Tuple {
  return nodes.map(({ name, inputs }) => known(inputs[index], `input ${index} of ${name}`));
}

/** Axes and sizes, as a text. */
export function shapeOf({ axes }: TensorType): string {
  return axes.map(({ name, size }) => `${name}: ${evaluateSize(size, noBindings)}`).join(", ");
}

/** Why nodes of one signature, one of each branch, can't be one node over a batch of the branches; undefined if they can. */
export function obstacle(nodes: Tuple<Node>): string | undefined {
  const [first] = nodes;
  if (!first || new Set(nodes).size < nodes.length) return "it is one application";
  if (nodes.some((node) => shapeOf(node.type) !== shapeOf(first.type)))
    return "its applications see tensors of different axes or sizes";
  if (!findAxis(first.type, "n")) return "it has no batch";
  let differs = false;
  for (const index of first.inputs.keys()) {
    const values = inputsAt(nodes, index);
    const type = known(values[0], "a branch").type;
    if (values.some((value) => shapeOf(value.type) !== shapeOf(type)))
      return "its applications see tensors of different axes or sizes";
    if (!findAxis(type, "n")) {
      if (!isShared(values)) return "what differs between its applications has no batch";
    } else if (!keepsSamplesApart(first, index))
      return `${first.operation.name} mixes the samples of a batch`;
    differs ||= !isShared(values);
  }
  return differs ? undefined : "its applications see the same tensors";
}

/** Whether what a sample of the output is depends on the same sample of an input, and not on its place in the batch. */
function keepsSamplesApart(node: Node, index: number): boolean {
  const reach = node.operation.reach(node, index, noBindings).n;
  if (reach === undefined) return true;
  const { kind } = reach;
  return kind === "window" && reach.from === "n" && reach.stride === 1 && reach.low === 0 && reach.high === 0;
}
