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

/** The nodes that alone notice what becomes of a value: its readers, or none where it is an output as well. */
export function onlyReaders(graph: Graph): (value: Value) => readonly Node[] {
  const readers = readersOf(graph);
  const outputs = new Set<Value>(graph.outputs.map(({ value }) => value));
  return (value) => (outputs.has(value) ? [] : (readers.get(value) ?? []));
}

/** Whether a value has one reader and is no output, so that nothing else notices what becomes of it. */
export function readOnce(graph: Graph): (value: Value) => boolean {
  const readers = onlyReaders(graph);
  return (value) => readers(value).length === 1;
}
