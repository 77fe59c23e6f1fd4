import type { Graph, Node, Value } from "../graph/graph.js";
import type { PassResult, Remark } from "./pass.js";
import { Rewriter } from "./rewriter.js";

/** What stands for a node now, or why it stays; undefined for a node that the pass is not about. */
export type Outcome =
  | { readonly by: Value; readonly done: string }
  | { readonly declined: string }
  | undefined;

/** Rewrites nodes one by one, in order, each for itself; what is not replaced is kept. */
export function rewriteEach(graph: Graph, rewrite: (rewriter: Rewriter, node: Node) => Outcome): PassResult {
  const rewriter = new Rewriter(graph);
  const remarks: Remark[] = [];
  for (const node of graph.nodes) {
    const outcome = rewrite(rewriter, node);
    if (outcome && "by" in outcome) {
      rewriter.replace(node, outcome.by);
      remarks.push({ kind: "done", node: node.name, text: outcome.done });
    } else {
      rewriter.keep(node);
      if (outcome) remarks.push({ kind: "declined", node: node.name, text: outcome.declined });
    }
  }
  return { graph: rewriter.finish(), remarks };
}
