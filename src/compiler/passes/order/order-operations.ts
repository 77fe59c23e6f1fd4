import { memory } from "../../analyze/memory.js";
import type { Graph, Value } from "../../graph/graph.js";
import { elementCount } from "../../graph/tensor.js";
import { known } from "../../support/invariant.js";
import type { Pass, PassResult } from "../pass.js";
import { depthFirst, inRuntimeOrder } from "./runtime-order.js";

/** `order=lean`: of an operation's inputs the one first that needs most memory beyond what is kept of it. */
export const orderOperations: Pass = {
  name: "order",
  documentation: "Writes operations in the order in which ONNX Runtime holds least at a time.",
  isWanted: ({ order }) => order === "lean",
  run: ordered,
};

/**
 * Whoever computes a first holds its result while b is computed; so what needs more than it leaves goes first (Sethi and
 * Ullman, 1970, for expressions; here what is used twice counts twice, so the result is compared with what was written).
 */
function ordered(graph: Graph): PassResult {
  const needs = needsOf(graph);
  const excess = (value: Value) => needs.get(value)?.excess ?? 0;
  // The runtime begins with what is written last.
  const nodes = depthFirst(graph, ({ inputs }) => inputs.toSorted((a, b) => excess(a) - excess(b)));
  const candidate = { ...graph, nodes };
  const [before, after] = [peakInRuntime(graph), peakInRuntime(candidate)];
  const node = known(graph.outputs[0], "an output").name;
  if (after >= before) {
    const text = "no order of the inputs that was tried needs less memory than that of the file";
    return { graph, remarks: [{ kind: "declined", node, text }] };
  }
  const text = `at most ${after} bytes of activations at a time, not ${before}`;
  return { graph: candidate, remarks: [{ kind: "done", node, text }] };
}

/** The most that is held at a time where ONNX Runtime computes a graph. */
function peakInRuntime(graph: Graph): bigint {
  return memory(inRuntimeOrder(graph)).peakBytes;
}

/** Elements that are held as long as a value is used, and how many more at most while it is computed. */
interface Need {
  readonly kept: number;
  readonly excess: number;
}

function needsOf({ nodes }: Graph): ReadonlyMap<Value, Need> {
  const needs = new Map<Value, Need>();
  for (const node of nodes) {
    const inputs = [...new Set(node.inputs)].flatMap((input) => needs.get(input) ?? []);
    let [held, most] = [0, 0];
    for (const need of inputs.toSorted((a, b) => b.excess - a.excess)) {
      most = Math.max(most, held + need.kept + need.excess);
      held += need.kept;
    }
    const kept = node.constant ? 0 : elementCount(node.type).constant;
    needs.set(node, { kept, excess: Math.max(most, held + kept) - kept });
  }
  return needs;
}
