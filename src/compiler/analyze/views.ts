import type { Graph, Node, Value } from "../graph/graph.js";

/** The views that each node sees the volume through, the outermost first: what `undo` takes back is gone. */
export function viewsOf({ nodes }: Graph): ReadonlyMap<Node, readonly string[]> {
  const through = new Map<Value, readonly string[]>();
  const found = new Map<Node, readonly string[]>();
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => through.get(input) ?? []);
    const { view, undo } = node.attributes;
    const before = common(inputs);
    if (typeof view === "string") {
      through.set(node, [...before, view]);
      found.set(node, [...before, view]);
    } else {
      const last = typeof undo === "string" ? before.lastIndexOf(undo) : -1;
      through.set(
        node,
        before.filter((_, index) => index !== last),
      );
      // Looking back is still work for that view.
      found.set(node, before);
    }
  }
  return found;
}

/**
 * The views of several inputs: those of the deepest, where the others lie on the way to it, such as a gate that was made
 * outside of it; else what all have in common.
 */
function common(inputs: readonly (readonly string[])[]): readonly string[] {
  const deepest = inputs.reduce((all, own) => (own.length > all.length ? own : all), []);
  const apart = deepest.findIndex((view, index) =>
    inputs.some((own) => index < own.length && own[index] !== view),
  );
  return apart < 0 ? deepest : deepest.slice(0, apart);
}
