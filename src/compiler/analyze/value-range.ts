import type { Graph, Value } from "../graph/graph.js";
import { anyOf, anyValue, type ValueRange } from "../graph/value-range.js";

/** What a value of a graph lies between, whatever the network is given and whatever its weights are. */
export function valueRange({ nodes }: Graph, wanted: Value): ValueRange {
  const ranges = new Map<Value, ValueRange>();
  const rangeOf = (value: Value) => ranges.get(value) ?? anyValue;
  for (const node of nodes) {
    const inputs = node.inputs.map(rangeOf);
    const { operation } = node;
    ranges.set(node, operation.range?.(node, inputs) ?? (operation.layout ? anyOf(inputs) : anyValue));
  }
  return rangeOf(wanted);
}
