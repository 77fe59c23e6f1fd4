import type { Graph } from "../graph/graph.js";
import { elementsHeld, gatheredSample } from "../ops/gathered-sample.js";
import { gridSample } from "../ops/grid-sample.js";
import type { Pass, PassResult } from "./pass.js";
import { rewriteEach } from "./rewrite-each.js";
import { sizeOf } from "./rewriter.js";

/** Places of elements are calculated in float32, which holds every integer up to this. */
const mostElements = 2 ** 24;

/** Values of neighbours that are gathered at a time: 256 MiB, a buffer that every WebGPU has. */
const mostGathered = 2 ** 26;

/** `sampling=gathered`: a GridSample gathers the elements around each position, and multiplies them by their weights. */
export const sampling: Pass = {
  name: "sampling",
  documentation:
    "Makes a GridSample a Gather of the elements around each position, and a product of matrices.",
  isWanted: ({ sampling: form }) => form === "gathered",
  run: gathered,
};

function gathered(graph: Graph): PassResult {
  return rewriteEach(graph, (rewriter, node) => {
    if (node.operation !== gridSample) return undefined;
    const held = elementsHeld(node, (type) => type.axes.map(({ name }) => sizeOf(type, name)));
    if (held > mostElements) return { declined: `float32 does not hold the places of its ${held} elements` };
    const inputs = node.inputs.map((input) => rewriter.now(input));
    const attributes = { ...node.attributes, most: mostGathered };
    const by = rewriter.apply(node, { operation: gatheredSample, inputs, attributes });
    return { by, done: "elements gathered, and multiplied by their weights" };
  });
}
