import type { Graph, Node } from "../graph/graph.js";
import type { ParameterCounts } from "./analysis.js";
import { bytesPerValue, valuesOf } from "./exact.js";

/** What a node's weights count, and how much of that for the first time. */
export interface NodeParameters {
  readonly parameters: bigint;
  readonly appliedParameters: bigint;
  readonly buffers: bigint;
  readonly shared: boolean;
}

export function countParameters({ nodes, parameters }: Graph): ParameterCounts {
  let trainable = 0n;
  let buffers = 0n;
  let unused = 0n;
  for (const parameter of parameters) {
    const values = valuesOf(parameter.shape);
    if (parameter.buffer) buffers += values;
    else trainable += values;
    if (parameter.unused && !parameter.buffer) unused += values;
  }
  let applied = 0n;
  for (const node of nodes) {
    for (const { shape, buffer } of Object.values(node.parameters)) if (!buffer) applied += valuesOf(shape);
  }
  const bytes = bytesPerValue * (trainable + buffers);
  return { trainable, buffers, applied, unused, tensors: parameters.length, bytes };
}

/** The weights of each node, in order: what two nodes use is counted at the first. */
export function parametersByNode(nodes: readonly Node[]): readonly NodeParameters[] {
  const seen = new Set<string>();
  return nodes.map((node) => {
    const counts = { parameters: 0n, appliedParameters: 0n, buffers: 0n, shared: false };
    for (const { path, shape, buffer } of Object.values(node.parameters)) {
      const values = valuesOf(shape);
      const isFirst = !seen.has(path);
      seen.add(path);
      if (!isFirst) counts.shared = true;
      if (!buffer) counts.appliedParameters += values;
      if (isFirst) counts[buffer ? "buffers" : "parameters"] += values;
    }
    return counts;
  });
}
