import type { Graph, Node, Parameter, Value } from "../graph/graph.js";
import { countNodes } from "./nodes.js";

/** The nodes that become no computation, each with the input or weight whose memory its output is; see `aliasOf`. */
export function aliases(graph: Graph): ReadonlyMap<Node, Value | Parameter> {
  const found = new Map<Node, Value | Parameter>();
  for (const { node, alias } of countNodes(graph)) if (alias) found.set(node, alias);
  return found;
}
