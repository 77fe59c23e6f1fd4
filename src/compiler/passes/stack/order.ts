import type { Graph, Node } from "../../graph/graph.js";
import type { Stacks } from "./find-stacks.js";

/** A stack, or a node that is in none. */
export type Unit = readonly Node[];

/** Stacks and other nodes so that each comes after what it needs; undefined where stacks need one another. */
export function orderUnits({ nodes }: Graph, stacks: Stacks): readonly Unit[] | undefined {
  const single = new Map<Node, Unit>();
  const unitOf = (node: Node): Unit => {
    const found = stacks.get(node) ?? single.get(node);
    if (found) return found;
    const own = [node];
    single.set(node, own);
    return own;
  };
  const needed = (unit: Unit) =>
    unit.flatMap(({ inputs }) => inputs.flatMap((input) => (input.kind === "node" ? [unitOf(input)] : [])));
  const order: Unit[] = [];
  const state = new Map<Unit, "open" | "done">();
  for (const node of nodes) {
    // Not recursive: a network may be deeper than the call stack.
    const path = [{ unit: unitOf(node), left: needed(unitOf(node)) }];
    if (state.has(unitOf(node))) continue;
    state.set(unitOf(node), "open");
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) {
        state.set(top.unit, "done");
        order.push(top.unit);
        path.pop();
      } else if (!state.has(next)) {
        state.set(next, "open");
        path.push({ unit: next, left: needed(next) });
      } else if (state.get(next) === "open") return undefined;
    }
  }
  return order;
}
