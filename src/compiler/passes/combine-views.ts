import type { Graph, Node, Value } from "../graph/graph.js";
import type { Operation } from "../graph/operation.js";
import { concreteShape, type TensorType } from "../graph/tensor.js";
import { type ViewLayout, viewSteps } from "../graph/view-layout.js";
import { planViews } from "../graph/view-plan.js";
import { free } from "../ops/costs.js";
import { axisNames } from "../ops/layout.js";
import { lowerView } from "../ops/view.js";
import { known } from "../support/invariant.js";

/**
 * Makes every chain of views one: at most a Reshape, a Transpose and a Reshape, and nothing where the chain comes back
 * to where it began. A chain is cut only where parts of an axis do not line up (6 as 2 x 3 and then as 3 x 2), or where
 * what stands inside it is used too and is the shorter way. All sizes must be bound.
 */
export function combineViews(graph: Graph): Graph {
  const shapeOf = (type: TensorType) => known(concreteShape(type, graph.bindings), "sizes of all axes");
  const plan = planViews(graph);
  const now = new Map<Value, Value>();
  const nodes: Node[] = [];
  const keep = (node: Node, inputs: readonly Value[], parts: Partial<Node> = {}) => {
    const isSame = inputs.every((input, index) => input === node.inputs[index]);
    const kept = isSame && Object.keys(parts).length === 0 ? node : { ...node, ...parts, inputs };
    nodes.push(kept);
    now.set(node, kept);
  };
  const current = (value: Value) => now.get(value) ?? value;
  for (const node of graph.nodes) {
    const planned = plan.get(node);
    if (!node.operation.layout) {
      keep(node, node.inputs.map(current));
    } else if (planned) {
      const { source, layout } = planned;
      const { order, shape } = viewSteps(layout, shapeOf(source.type), shapeOf(node.type));
      // What follows finds axes by their names: a renaming stays in the graph, though it becomes no ONNX node.
      const isRenamed = `${axisNames(source.type)}` !== `${axisNames(node.type)}`;
      if (!order && !shape && !isRenamed) now.set(node, current(source));
      else if (source === node.inputs[0]) keep(node, [current(source)]);
      else keep(node, [current(source)], { operation: relayout(layout), attributes: {} });
    }
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: current(value) }));
  return { ...graph, nodes, outputs };
}

/** What several views in a row come to. */
function relayout(layout: ViewLayout): Operation {
  return {
    name: "relayout",
    documentation:
      "What several views in a row come to.\n\nMACs and FLOPs: none. ONNX: Reshape, Transpose, Reshape.",
    inputs: { minimum: 1, maximum: 1 },
    arguments: [],
    infer: ({ inputs }) => ({ output: known(inputs[0], "input") }),
    cost: () => free,
    reach: (node) =>
      Object.fromEntries(
        known(node.inputs[0], "input").type.axes.map(({ name }) => [name, { kind: "whole" as const }]),
      ),
    layout: () => layout,
    lower: lowerView,
  };
}
