import { invariant } from "../support/invariant.js";
import type { Graph, Parameter, Value } from "./graph.js";
import { showType, type TensorType } from "./tensor.js";

/** States what every graph has: run after everything that makes or changes one. A violation is Slab's own mistake. */
export function verifyGraph(graph: Graph): void {
  const seen = new Set<Value>(graph.inputs);
  requireUnique("input", graph.inputs);
  for (const input of graph.inputs) requireNamedAxes(input.name, input.type);

  requireUnique("node", graph.nodes);
  for (const node of graph.nodes) {
    const { minimum, maximum } = node.operation.inputs;
    invariant(
      node.inputs.length >= minimum && node.inputs.length <= maximum,
      `${node.name}: ${node.operation.name} does not take ${node.inputs.length} inputs`,
    );
    for (const input of node.inputs) {
      invariant(seen.has(input), `${node.name} uses ${input.name}, which does not come before it`);
    }
    requireNamedAxes(node.name, node.type);
    seen.add(node);
  }

  requireUnique("output", graph.outputs);
  for (const { name, value } of graph.outputs) {
    invariant(seen.has(value), `output ${name} is ${value.name}, which is not in the graph`);
  }
  requireNodesNeeded(graph);
  requireParameters(graph);
}

function requireUnique(what: string, items: readonly { readonly name: string }[]): void {
  const names = new Set<string>();
  for (const { name } of items) {
    invariant(name !== "" && !names.has(name), `two ${what}s are called "${name}"`);
    names.add(name);
  }
}

function requireNamedAxes(name: string, type: TensorType): void {
  const twice = type.axes.some(
    (axis, index) => type.axes.findIndex((other) => other.name === axis.name) < index,
  );
  if (twice) invariant(false, `${name} has an axis twice: ${showType(type)}`);
}

/** Nodes that no output depends on would cost time and ask for weights. */
function requireNodesNeeded(graph: Graph): void {
  const needed = new Set<Value>(graph.outputs.map(({ value }) => value));
  for (const node of graph.nodes.toReversed()) {
    invariant(needed.has(node), `no output depends on ${node.name}`);
    for (const input of node.inputs) needed.add(input);
  }
}

function requireParameters(graph: Graph): void {
  const byPath = new Map<string, Parameter>();
  for (const parameter of graph.parameters) {
    invariant(!byPath.has(parameter.path), `the weight ${parameter.path} is listed twice`);
    byPath.set(parameter.path, parameter);
  }
  const used = new Set<string>();
  for (const node of graph.nodes) {
    for (const [role, { path, shape }] of Object.entries(node.parameters)) {
      const listed = byPath.get(path);
      invariant(listed, `the ${role} of ${node.name}, ${path}, is not among the graph's weights`);
      invariant(`${listed.shape}` === `${shape}`, `${path} has the shapes ${listed.shape} and ${shape}`);
      used.add(path);
    }
  }
  for (const { path, unused = false } of graph.parameters) {
    invariant(unused || used.has(path), `no node uses the weight ${path}`);
    invariant(!unused || !used.has(path), `a node uses the weight ${path}, which is held only`);
  }
}
