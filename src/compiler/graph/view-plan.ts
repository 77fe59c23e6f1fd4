import { known } from "../support/invariant.js";
import type { Graph, Node, Value } from "./graph.js";
import { concreteShape, type TensorType } from "./tensor.js";
import { composeViews, type ViewLayout, viewSteps } from "./view-layout.js";

/** How a view is made: by one layout from a value further up. */
export interface PlannedView {
  readonly source: Value;
  readonly layout: ViewLayout;
}

type ShapeOf = (type: TensorType) => readonly number[];

/** So many views on the way up are tried as sources, besides the nearest and what is furthest. */
const mostSources = 4;

/**
 * How the views of a graph are made so that every chain of them is one step. A view that is not in the plan is needed by
 * nobody but other views, which are made from something before it. All sizes must be bound.
 */
export function planViews(graph: Graph): ReadonlyMap<Node, PlannedView> {
  const shapeOf = (type: TensorType) => known(concreteShape(type, graph.bindings), "sizes of all axes");
  const needed = new Set<Value>(graph.outputs.map(({ value }) => value));
  for (const node of graph.nodes) {
    if (!node.operation.layout) for (const input of node.inputs) needed.add(input);
  }
  const ways = waysOf(graph, needed, shapeOf);
  const plan = new Map<Node, PlannedView>();
  for (const node of graph.nodes.toReversed()) {
    const own = ways.get(node);
    if (!own || !needed.has(node)) continue;
    const there = own.filter(({ source }) => !ways.has(source) || needed.has(source));
    // Where the chain's beginning does not line up, it is cut as far up as it does.
    const best = cheapest(node, there.length > 0 ? there : own.slice(-1), shapeOf);
    plan.set(node, best);
    needed.add(best.source);
  }
  return plan;
}

/** Every view made from its input: how a graph is emitted whose views have been combined already. All sizes must be bound. */
export function viewsAsTheyStand(graph: Graph): ReadonlyMap<Node, PlannedView> {
  const shapeOf = (type: TensorType) => known(concreteShape(type, graph.bindings), "sizes of all axes");
  const views = graph.nodes.flatMap((node): [Node, PlannedView][] => {
    const layout = node.operation.layout?.(node, shapeOf);
    return layout ? [[node, { source: known(node.inputs[0], `input of ${node.name}`), layout }]] : [];
  });
  return new Map(views);
}

/** The ways to each view, the shortest first. */
function waysOf(
  graph: Graph,
  needed: ReadonlySet<Value>,
  shapeOf: ShapeOf,
): ReadonlyMap<Value, readonly PlannedView[]> {
  const ways = new Map<Value, readonly PlannedView[]>();
  for (const node of graph.nodes) {
    if (!node.operation.layout) continue;
    const own = node.operation.layout(node, shapeOf);
    const input = known(node.inputs[0], `input of ${node.name}`);
    const further = (ways.get(input) ?? []).flatMap(({ source, layout }): PlannedView[] => {
      const composed = composeViews(layout, own);
      return composed ? [{ source, layout: composed }] : [];
    });
    const furthest = further.slice(-1);
    const others = further.slice(0, -1).filter(({ source }) => needed.has(source));
    ways.set(node, [{ source: input, layout: own }, ...others.slice(0, mostSources), ...furthest]);
  }
  return ways;
}

/** The way with the fewest Transposes, then the fewest Reshapes; of equal ones the longest, which needs no view between. */
function cheapest(node: Node, ways: readonly PlannedView[], shapeOf: ShapeOf): PlannedView {
  const priced = ways.map((way) => {
    const { parted, order, shape } = viewSteps(way.layout, shapeOf(way.source.type), shapeOf(node.type));
    return { way, price: (order ? 4 : 0) + (parted ? 1 : 0) + (shape ? 1 : 0) };
  });
  return priced.reduce((best, candidate) => (candidate.price <= best.price ? candidate : best)).way;
}
