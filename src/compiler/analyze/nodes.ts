import type { Graph, Node, Parameter, Value } from "../graph/graph.js";
import type { Bindings } from "../graph/size.js";
import type { TensorType } from "../graph/tensor.js";
import { viewSteps } from "../graph/view-layout.js";
import { type PlannedView, planViews, viewsAsTheyStand } from "../graph/view-plan.js";
import { aliasOf } from "./alias-of.js";
import type { AxisExtent, Counts } from "./analysis.js";
import { type BoundType, bytesPerValue, type ExactCost, exactCost, typeBinder, valuesOf } from "./exact.js";

/** A node with what it costs, all sizes bound. */
export interface CountedNode extends Counts {
  readonly node: Node;
  /** The axes of its inputs and of its output. */
  readonly inputs: readonly (readonly AxisExtent[])[];
  readonly output: readonly AxisExtent[];
  /** Elements of its output, and of its first input; 0 where it has none. */
  readonly outputElements: bigint;
  readonly inputElements: bigint;
  /** The values whose memory it reads: its inputs, or for a chain of views what the chain begins with. */
  readonly reads: readonly Value[];
  /** The value or weight whose memory its output is, where it becomes no computation. */
  readonly alias?: Value | Parameter;
}

const noPlan: ReadonlyMap<Node, PlannedView> = new Map();

/** The exact cost of every node, in order. */
export function countNodes(graph: Graph): readonly CountedNode[] {
  const hasViews = graph.nodes.some(({ operation }) => operation.layout);
  return countPlanned(graph, hasViews ? planViews(graph) : noPlan);
}

/** The same of a graph that a schedule has made, whose views are emitted one by one. */
export function countScheduled(graph: Graph): readonly CountedNode[] {
  return countPlanned(graph, viewsAsTheyStand(graph));
}

function countPlanned(graph: Graph, plan: ReadonlyMap<Node, PlannedView>): readonly CountedNode[] {
  const { nodes, bindings } = graph;
  const bound = typeBinder(bindings);
  return nodes.map((node) => {
    const cost = exactCost(node, bound);
    const place = cost.flops === 0n ? placeOf(node, plan, bound, bindings) : { reads: node.inputs };
    return countNode(node, cost, place, bound);
  });
}

/** What all nodes cost together, without what else `countNodes` finds. */
export function totalCost({ nodes, bindings }: Graph): ExactCost {
  const bound = typeBinder(bindings);
  let [macs, flops] = [0n, 0n];
  for (const node of nodes) {
    const cost = exactCost(node, bound);
    macs += cost.macs;
    flops += cost.flops;
  }
  return { macs, flops };
}

/** Whose memory a node reads, and whose its output is if it is not its own. */
interface Place {
  readonly reads: readonly Value[];
  readonly alias?: Value | Parameter | undefined;
}

function countNode(
  node: Node,
  cost: ExactCost,
  { reads, alias }: Place,
  bound: (type: TensorType) => BoundType,
): CountedNode {
  const { extents, elements } = bound(node.type);
  const inputs = node.inputs.map(({ type }) => bound(type));
  return {
    node,
    inputs: inputs.map((input) => input.extents),
    output: extents,
    outputElements: elements,
    inputElements: inputs[0]?.elements ?? 0n,
    ...cost,
    bytesRead: alias || node.constant ? 0n : bytesPerValue * valuesRead(node, inputs),
    bytesWritten: alias || node.constant ? 0n : bytesPerValue * elements,
    reads,
    ...(alias ? { alias } : {}),
  };
}

/** Each input once, also where it is given twice, and each weight. */
function valuesRead(node: Node, inputs: readonly BoundType[]): bigint {
  let values = 0n;
  inputs.forEach(({ elements }, index) => {
    if (node.inputs.indexOf(node.inputs[index] as Value) === index) values += elements;
  });
  for (const { shape } of Object.values(node.parameters)) values += valuesOf(shape);
  return values;
}

/** The place of a node without arithmetic. */
function placeOf(
  node: Node,
  plan: ReadonlyMap<Node, PlannedView>,
  bound: (type: TensorType) => BoundType,
  bindings: Bindings,
): Place {
  if (!node.operation.layout) {
    return { reads: node.inputs, alias: isMoving(node, bound) ? undefined : aliasOf(node, bindings) };
  }
  const planned = plan.get(node);
  // A view that only other views use is never made: they are made from what comes before it.
  if (!planned) return { reads: [], alias: node.inputs[0] };
  const { source, layout } = planned;
  const shapeOf = ({ type }: Value) => bound(type).extents.map(({ size }) => Number(size));
  const { order } = viewSteps(layout, shapeOf(source), shapeOf(node));
  return { reads: [source], alias: order ? undefined : source };
}

/** Whether it is plain, without asking its lowering, that a node is no alias: it has another number of elements. */
function isMoving(node: Node, bound: (type: TensorType) => BoundType): boolean {
  const { elements } = bound(node.type);
  return (
    node.inputs.every(({ type }) => bound(type).elements !== elements) &&
    Object.values(node.parameters).every(({ shape }) => valuesOf(shape) !== elements)
  );
}
