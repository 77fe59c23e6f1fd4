import type { Graph } from "../graph/graph.js";
import { spatialAxes } from "../graph/tensor.js";
import { instanceNorm } from "../ops/instance-norm.js";
import { normalize } from "../ops/normalize.js";
import { known } from "../support/invariant.js";
import type { Pass, PassResult, Remark } from "./pass.js";
import { Rewriter } from "./rewriter.js";

/** `norm=reductions`: an InstanceNorm becomes reductions and what applies them, which may be over merged axes. */
export const norms: Pass = {
  name: "norms",
  documentation: "Computes the statistics of InstanceNorm by reductions over few elements at a time.",
  isWanted: ({ norm }) => norm === "reductions",
  run: normsByReductions,
};

function normsByReductions(graph: Graph): PassResult {
  const rewriter = new Rewriter(graph);
  const remarks: Remark[] = [];
  for (const node of graph.nodes) {
    if (node.operation !== instanceNorm) {
      rewriter.keep(node);
      continue;
    }
    const input = rewriter.now(known(node.inputs[0], "input"));
    const over = spatialAxes(input.type).map(({ name }) => name);
    const attributes = { over, epsilon: known(node.attributes.epsilon, "epsilon") };
    const { parameters } = node;
    rewriter.replace(
      node,
      rewriter.apply(node, { operation: normalize, inputs: [input], attributes, parameters }),
    );
    remarks.push({ kind: "done", node: node.name, text: `statistics over ${over.join(", ")} by reductions` });
  }
  return { graph: rewriter.finish(), remarks };
}
