import { type Graph, levelsOf, type Value } from "../../compiler/index.js";

/** How fine values are. */
export interface Resolutions {
  /** The number of positions for each of the input's: 1 at full size, 1/8 after halving three axes. */
  of(value: Value): number;
  /** The name of the value's level, `1 x 1/2 x 1/2`; undefined for weights that stand as tensors of their own. */
  level(value: Value): string | undefined;
}

export function resolutionsOf(graph: Graph): Resolutions {
  const positions = new Map<Value, number>();
  const names = new Map<Value, string>();
  for (const input of graph.inputs) names.set(input, "1");
  for (const [node, { name, ratios }] of levelsOf(graph)) {
    if (ratios.length === 0 && node.inputs.length === 0) continue;
    positions.set(
      node,
      ratios.reduce((all, { numerator, denominator }) => (all * numerator) / denominator, 1),
    );
    names.set(node, ratios.length === 0 ? "1" : name);
  }
  return { of: (value) => positions.get(value) ?? 1, level: (value) => names.get(value) };
}
