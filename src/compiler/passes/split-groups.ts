import type { Graph, Node, Value } from "../graph/graph.js";
import { constantSize } from "../graph/size.js";
import { spatialAxes } from "../graph/tensor.js";
import { numberOf } from "../ops/attributes.js";
import { concat } from "../ops/concat.js";
import { conv } from "../ops/conv.js";
import { slice } from "../ops/slice.js";
import { known } from "../support/invariant.js";
import { sliced } from "./derive.js";
import type { Pass, PassResult } from "./pass.js";
import { rewriteEach } from "./rewrite-each.js";
import type { Rewriter } from "./rewriter.js";

/** `groups=split`: a volumetric convolution with groups becomes one for each group, for runtimes without such. */
export const splitGroups: Pass = {
  name: "groups",
  documentation: "Makes a three-dimensional convolution with groups one for each group.",
  isWanted: ({ groups }) => groups === "split",
  run: splitAll,
};

function splitAll(graph: Graph): PassResult {
  return rewriteEach(graph, (rewriter, node) => {
    const groups = node.operation === conv ? numberOf(node.attributes, "groups") : 1;
    if (groups === 1 || spatialAxes(node.type).length !== 3) return undefined;
    return { by: apart(rewriter, node, groups), done: `${groups} groups convolved by themselves` };
  });
}

function apart(rewriter: Rewriter, node: Node, groups: number): Value {
  const input = rewriter.now(known(node.inputs[0], "input"));
  const weight = known(node.parameters.weight, "weight");
  const { bias } = node.parameters;
  const [outputs = 1, channels = 1] = weight.shape;
  const out = outputs / groups;
  const parts = Array.from({ length: groups }, (_, group) => {
    const range = { axis: "c", first: constantSize(group * channels), count: constantSize(channels) };
    const own = rewriter.apply(node, {
      operation: slice,
      inputs: [input],
      attributes: { ranges: [range] },
      part: `channels${group + 1}`,
    });
    return rewriter.apply(node, {
      operation: conv,
      inputs: [own],
      attributes: { ...node.attributes, out, groups: 1 },
      parameters: {
        weight: sliced(weight, 0, group * out, out),
        ...(bias ? { bias: sliced(bias, 0, group * out, out) } : {}),
      },
      part: `group${group + 1}`,
    });
  });
  return rewriter.apply(node, { operation: concat, inputs: parts, attributes: { along: "c" } });
}
