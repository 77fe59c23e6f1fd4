import type { Graph, Node, Value } from "../graph/graph.js";
import type { Pass, PassResult } from "./pass.js";
import { rewriteEach } from "./rewrite-each.js";
import { signatureOf } from "./signature.js";

/**
 * Operations that compute the same of the same values, with the same weights, become one. ONNX Runtime finds them when it
 * opens a model; without them a model is smaller, it is opened faster, and other runtimes need not look for them.
 */
export const common: Pass = {
  name: "common",
  documentation: "Computes once what several operations compute alike.",
  isWanted: () => true,
  run: shareAll,
};

function shareAll(graph: Graph): PassResult {
  const numbers = new Map<Value, number>();
  const numberOf = (value: Value) => {
    const found = numbers.get(value) ?? numbers.size;
    numbers.set(value, found);
    return found;
  };
  const outputs = new Set<Value>(graph.outputs.map(({ value }) => value));
  const first = new Map<string, Node>();
  return rewriteEach(graph, (rewriter, node) => {
    const inputs = node.inputs.map((input) => numberOf(rewriter.now(input)));
    const key = `${signatureOf(node)} ${inputs.join()}`;
    const same = first.get(key);
    if (same === undefined) first.set(key, node);
    // Two outputs have two names.
    if (same === undefined || outputs.has(node)) return undefined;
    return { by: rewriter.now(same), done: "another one computes the same" };
  });
}
