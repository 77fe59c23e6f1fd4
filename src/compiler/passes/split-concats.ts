import type { Graph, Node, Value } from "../graph/graph.js";
import { add } from "../ops/add.js";
import { numberOf, stringOf } from "../ops/attributes.js";
import { concat } from "../ops/concat.js";
import { conv } from "../ops/conv.js";
import { axisNames } from "../ops/layout.js";
import { known } from "../support/invariant.js";
import { sliced } from "./derive.js";
import type { Pass, PassResult } from "./pass.js";
import { readersOf } from "./readers.js";
import { rewriteEach } from "./rewrite-each.js";
import { type Rewriter, sizeOf } from "./rewriter.js";

/** `concat=split`: a convolution of joined channels is the sum of the convolutions of each part. */
export const splitConcats: Pass = {
  name: "concats",
  documentation: "Convolves what a concat joins part by part, and adds: nothing is joined.",
  isWanted: ({ concat: form }) => form === "split",
  run: split,
};

function split(graph: Graph): PassResult {
  const readers = readersOf(graph);
  const places = new Map<Value, number>(graph.nodes.map((node, place) => [node, place]));
  return rewriteEach(graph, (rewriter, node) => {
    const joined = node.inputs[0];
    const isJoined = node.operation === conv && joined?.kind === "node" && joined.operation === concat;
    if (!isJoined || stringOf(joined.attributes, "along") !== "c") return undefined;
    const reason = obstacle(node, readers.get(joined) ?? [], graph);
    if (reason !== undefined) return { declined: reason };
    const by = convolvedApart(rewriter, node, joined, partsOf(joined, places));
    return { by, done: `${joined.inputs.length} parts convolved by themselves, then added` };
  });
}

function obstacle(node: Node, readers: readonly Node[], graph: Graph): string | undefined {
  if (numberOf(node.attributes, "groups") !== 1) return "groups of channels do not fit the parts";
  const other = readers.find(({ operation }) => operation !== conv);
  if (other) return `${other.operation.name} needs the joined tensor as well`;
  const isOutput = graph.outputs.some(({ value }) => value === node.inputs[0]);
  return isOutput ? "the joined tensor is an output" : undefined;
}

/** What a concat joins, and the first of its channels there. */
interface Part {
  readonly value: Value;
  readonly first: number;
}

/**
 * The parts, what is computed first at the front. ONNX Runtime's order of operations begins with the last operand of a
 * sum, and so with what was computed last: were that what a U-shaped network skips, its part of each sum would be
 * computed, and held, before the network goes down.
 */
function partsOf(joined: Node, places: ReadonlyMap<Value, number>): readonly Part[] {
  let first = 0;
  const parts = joined.inputs.map((value) => {
    const part = { value, first };
    first += sizeOf(value.type, "c");
    return part;
  });
  const place = ({ value }: Part) => places.get(value) ?? -1;
  return parts.toSorted((a, b) => place(a) - place(b));
}

function convolvedApart(rewriter: Rewriter, node: Node, joined: Node, parts: readonly Part[]): Value {
  const { weight, bias } = node.parameters;
  // A concat takes its operands' axes in any order; the kernel goes along those of what it makes.
  const order = axisNames(joined.type);
  let total: Value | undefined;
  for (const [index, { value, first }] of parts.entries()) {
    const own = sliced(known(weight, "weight"), 1, first, sizeOf(value.type, "c"));
    const last = index === parts.length - 1;
    const input = rewriter.reorder(node, rewriter.now(value), order, `operand${index + 1}`);
    const convolved = rewriter.apply(node, {
      operation: conv,
      inputs: [input],
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
  return rewriter.reorder(node, result, axisNames(node.type), "as_written");
}
