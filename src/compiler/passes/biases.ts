import type { Graph, Node } from "../graph/graph.js";
import { conv } from "../ops/conv.js";
import { convTranspose } from "../ops/conv-transpose.js";
import { instanceNorm } from "../ops/instance-norm.js";
import type { Pass, PassResult } from "./pass.js";
import { onlyReaders } from "./readers.js";
import { rewriteEach } from "./rewrite-each.js";

/**
 * A bias before an InstanceNorm adds to the mean that the norm takes off: nothing of it is left but what it costs. ONNX
 * Runtime's CUDA adds it in a pass of its own over the tensor. Where norms stay as they are written, so do biases.
 */
export const biases: Pass = {
  name: "biases",
  documentation: "Leaves out the bias of a convolution of which an InstanceNorm takes off the mean.",
  isWanted: ({ norm }) => norm !== "native",
  run: leaveOut,
};

function leaveOut(graph: Graph): PassResult {
  const readers = onlyReaders(graph);
  const isOnlyNormalized = (node: Node) => {
    const all = readers(node);
    return all.length > 0 && all.every(({ operation }) => operation === instanceNorm);
  };
  return rewriteEach(graph, (rewriter, node) => {
    const { operation, parameters } = node;
    const { bias, ...others } = parameters;
    if (!bias || (operation !== conv && operation !== convTranspose)) return undefined;
    if (!isOnlyNormalized(node)) return undefined;
    const by = rewriter.apply(node, {
      operation,
      inputs: node.inputs.map((input) => rewriter.now(input)),
      attributes: { ...node.attributes, bias: false },
      parameters: others,
    });
    return { by, done: "its bias left out, which the norm takes off" };
  });
}
