import type { Graph, Node } from "../graph/graph.js";
import { showAttribute } from "../graph/print.js";
import { known } from "../support/invariant.js";
import type { LayerCounts, Level } from "./analysis.js";
import { conventionCounts } from "./conventions/count.js";
import { levelsOf } from "./levels.js";
import type { CountedNode } from "./nodes.js";
import { type NodeParameters, parametersByNode } from "./parameters.js";
import { viewsOf } from "./views.js";

/** A row for each node, and the level of each. */
export function layersOf(
  graph: Graph,
  counted: readonly CountedNode[],
): { readonly layers: readonly LayerCounts[]; readonly levels: readonly Level[] } {
  const views = viewsOf(graph);
  const levels = levelsOf(graph);
  const weights = parametersByNode(graph.nodes);
  const layers = counted.map((row, index): LayerCounts => {
    const { node, inputs, output, macs, flops, bytesRead, bytesWritten, alias } = row;
    return {
      name: node.name,
      path: node.path,
      views: views.get(node) ?? [],
      operation: node.operation.name,
      ...shownArguments(node),
      level: known(levels.get(node), node.name).name,
      inputs,
      output,
      macs,
      flops,
      bytesRead,
      bytesWritten,
      ...(weights[index] as NodeParameters),
      conventions: conventionCounts(row),
      alias: alias !== undefined,
      span: node.span,
    };
  });
  return { layers, levels: [...levels.values()] };
}

/** The arguments of a node as the language writes them: those that are not their default's, and those that are. */
function shownArguments({ operation, attributes }: Node) {
  const defaults = new Map(operation.arguments.map(({ name, default: value }) => [name, value]));
  const shown = Object.entries(attributes).map(([name, value]) => {
    const usual = defaults.get(name);
    const text = showAttribute(value);
    return { name, text, isDefault: usual !== undefined && showAttribute(usual) === text };
  });
  const record = (wanted: boolean): Readonly<Record<string, string>> =>
    Object.fromEntries(
      shown.filter(({ isDefault }) => isDefault === wanted).map(({ name, text }) => [name, text]),
    );
  return { arguments: record(false), defaults: record(true) };
}
