import type { Graph } from "../graph/graph.js";
import { shift } from "../ops/shift.js";
import { known } from "../support/invariant.js";
import type { Pass, PassResult, Remark } from "./pass.js";
import { Rewriter } from "./rewriter.js";

/** `shift=slice`: a Shift is told to be made by slices. */
export const shifts: Pass = {
  name: "shifts",
  documentation: "Makes a Shift of Slice and Concat with zeros.",
  isWanted: ({ shift: form }) => form === "slice",
  run: shiftsBySlices,
};

function shiftsBySlices(graph: Graph): PassResult {
  const rewriter = new Rewriter(graph);
  const remarks: Remark[] = [];
  for (const node of graph.nodes) {
    if (node.operation !== shift) {
      rewriter.keep(node);
      continue;
    }
    const inputs = [rewriter.now(known(node.inputs[0], "input"))];
    const attributes = { ...node.attributes, form: "slice" };
    rewriter.replace(node, rewriter.apply(node, { operation: shift, inputs, attributes }));
    remarks.push({ kind: "done", node: node.name, text: "sliced, and zeros put beside" });
  }
  return { graph: rewriter.finish(), remarks };
}
