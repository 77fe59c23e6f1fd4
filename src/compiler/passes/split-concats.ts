import type { Graph, Node, Value } from "../graph/graph.js";
import { add } from "../ops/add.js";
import { numberOf, stringOf } from "../ops/attributes.js";
import { concat } from "../ops/concat.js";
import { conv } from "../ops/conv.js";
import { known } from "../support/invariant.js";
import { sliced } from "./derive.js";
import type { Pass, PassResult, Remark } from "./pass.js";
import { Rewriter, sizeOf } from "./rewriter.js";

/** `concat=split`: a convolution of joined channels is the sum of the convolutions of each part. */
export const splitConcats: Pass = {
  name: "concats",
  documentation: "Convolves what a concat joins part by part, and adds: nothing is joined.",
  isWanted: ({ concat: form }) => form === "split",
  run: split,
};

function split(graph: Graph): PassResult {
  const rewriter = new Rewriter(graph);
  const remarks: Remark[] = [];
  const readers = readersOf(graph);
  for (const node of graph.nodes) {
    const joined = node.inputs[0];
    const isJoined = node.operation === conv && joined?.kind === "node" && joined.operation === concat;
    if (!isJoined || stringOf(joined.attributes, "along") !== "c") {
      rewriter.keep(node);
      continue;
    }
    const reason = obstacle(node, readers.get(joined) ?? [], graph);
    if (reason === undefined) {
      rewriter.replace(node, convolvedApart(rewriter, node, joined));
      const text = `${joined.inputs.length} parts convolved by themselves, then added`;
      remarks.push({ kind: "done", node: node.name, text });
    } else {
      rewriter.keep(node);
      remarks.push({ kind: "declined", node: node.name, text: reason });
    }
  }
  return { graph: rewriter.finish(), remarks };
}

function obstacle(node: Node, readers: readonly Node[], graph: Graph): string | undefined {
  if (numberOf(node.attributes, "groups") !== 1) return "groups of channels do not fit the parts";
  const other = readers.find(({ operation }) => operation !== conv);
  if (other) return `${other.operation.name} needs the joined tensor as well`;
  const isOutput = graph.outputs.some(({ value }) => value === node.inputs[0]);
  return isOutput ? "the joined tensor is an output" : undefined;
}

function convolvedApart(rewriter: Rewriter, node: Node, joined: Node): Value {
  const { weight, bias } = node.parameters;
  let first = 0;
  let total: Value | undefined;
  for (const [index, part] of joined.inputs.entries()) {
    const channels = sizeOf(part.type, "c");
    const own = sliced(known(weight, "weight"), 1, first, channels);
    first += channels;
    const last = index === joined.inputs.length - 1;
    const convolved = rewriter.apply(node, {
      operation: conv,
      inputs: [rewriter.now(part)],
      attributes: { ...node.attributes, bias: bias !== undefined && index === 0 },
      parameters: { weight: own, ...(bias && index === 0 ? { bias } : {}) },
      part: `part${index + 1}`,
    });
    total = total
      ? rewriter.apply(node, {
          operation: add,
          inputs: [total, convolved],
          ...(last ? {} : { part: `sum${index}` }),
        })
      : convolved;
  }
  const result = known(total, "parts");
  return rewriter.reorder(node, result, namesIn(node), "as_written");
}

function readersOf({ nodes }: Graph): ReadonlyMap<Value, readonly Node[]> {
  const readers = new Map<Value, Node[]>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      const found = readers.get(input);
      if (found) found.push(node);
      else readers.set(input, [node]);
    }
  }
  return readers;
}

function namesIn({ type }: Value): readonly string[] {
  return type.axes.map(({ name }) => name);
}
