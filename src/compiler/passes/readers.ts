import type { Graph, Node, Value } from "../graph/graph.js";

/** The nodes that have a value for input, by value, in order; one that has it twice is there twice. */
export function readersOf({ nodes }: Graph): ReadonlyMap<Value, readonly Node[]> {
  const readers = new Map<Value, Node[]>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      const found = readers.get(input);
      if (found) found.push(node);
      else readers.set(input, [node]);
    }
  }
  return readers;
}

/** Whether a value has one reader and is no output, so that nothing else notices what becomes of it. */
export function readOnce(graph: Graph): (value: Value) => boolean {
  const readers = readersOf(graph);
  const outputs = new Set<Value>(graph.outputs.map(({ value }) => value));
  return (value) => readers.get(value)?.length === 1 && !outputs.has(value);
}
