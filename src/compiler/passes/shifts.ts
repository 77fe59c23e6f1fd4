import type { Graph } from "../graph/graph.js";
import { shift } from "../ops/shift.js";
import type { Schedule } from "../schedule/schedule.js";
import { known } from "../support/invariant.js";
import type { Pass, PassResult, Remark } from "./pass.js";
import { Rewriter } from "./rewriter.js";

const remarks = {
  slice: "sliced, and zeros put beside",
  gather: "what stays is gathered, what moves is padded",
};

/** `shift=slice`, `shift=gather`: a Shift is told what to be made of. */
export const shifts: Pass = {
  name: "shifts",
  documentation: "Makes a Shift of other operators than Pad and Slice.",
  isWanted: ({ shift: form }) => form !== "pad",
  run: (graph, { shift: form }) => (form === "pad" ? { graph, remarks: [] } : shiftsBy(graph, form)),
};

function shiftsBy(graph: Graph, form: Exclude<Schedule["shift"], "pad">): PassResult {
  const rewriter = new Rewriter(graph);
  const done: Remark[] = [];
  for (const node of graph.nodes) {
    if (node.operation !== shift) {
      rewriter.keep(node);
      continue;
    }
    const inputs = [rewriter.now(known(node.inputs[0], "input"))];
    const attributes = { ...node.attributes, form };
    rewriter.replace(node, rewriter.apply(node, { operation: shift, inputs, attributes }));
    done.push({ kind: "done", node: node.name, text: remarks[form] });
  }
  return { graph: rewriter.finish(), remarks: done };
}
