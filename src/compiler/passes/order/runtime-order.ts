import type { Graph, Node, Value } from "../../graph/graph.js";

/**
 * The order in which ONNX Runtime computes the nodes of a file: from the last output back, an operation after its inputs,
 * and of several inputs the one first that the file computes last (its default, a reversed depth-first search).
 */
export function runtimeOrder(graph: Graph): readonly Node[] {
  const places = new Map<Value, number>(graph.nodes.map((node, place) => [node, place]));
  const place = (value: Value) => places.get(value) ?? -1;
  return depthFirst(graph, ({ inputs }) => inputs.toSorted((a, b) => place(b) - place(a)));
}

/** A graph with its nodes in that order. */
export function inRuntimeOrder(graph: Graph): Graph {
  return { ...graph, nodes: runtimeOrder(graph) };
}

/** Every node after its inputs, which are visited in an order. */
export function depthFirst(graph: Graph, inputsOf: (node: Node) => readonly Value[]): readonly Node[] {
  const read = new Set<Value>(graph.nodes.flatMap(({ inputs }) => inputs));
  const sequence: Node[] = [];
  const entered = new Set<Node>();
  // What waits: a node that is to be entered, or, a second time, one whose inputs are done.
  const waiting = graph.nodes.filter((node) => !read.has(node)).map((node) => ({ node, isDone: false }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, isDone } = next;
    if (isDone) sequence.push(node);
    if (isDone || entered.has(node)) continue;
    entered.add(node);
    waiting.push({ node, isDone: true });
    for (const input of inputsOf(node).toReversed()) {
      if (input.kind === "node" && !entered.has(input)) waiting.push({ node: input, isDone: false });
    }
  }
  return sequence;
}
