import type { Graph, Parameter, Value } from "../graph/graph.js";
import { known } from "../support/invariant.js";
import type { AxisExtent, ScheduleMemory, TensorBytes } from "./analysis.js";
import { bytesPerValue, elementsOf, extentsOf, valuesOf } from "./exact.js";
import { type CountedNode, countNodes } from "./nodes.js";

/**
 * The activations that a network holds while it runs, operation by operation in the graph's order, which is that of the
 * ONNX file. A runtime may choose another order; ONNX Runtime does. Every size must be bound. What a schedule other than
 * the portable one holds is that of the graph which it makes of this one.
 *
 * While an operation runs, its inputs and its output are held, and every tensor that a later operation uses. Inputs of the
 * network belong to whoever runs it and stay to the end, as its outputs do. What an operation that becomes no computation
 * gives is its input's memory under another name: ONNX Runtime keeps one buffer for both ends of a Reshape, except where
 * it is an output of the network, which is a copy. Views count as they are emitted, several in a row as one. Not counted
 * are what an operation needs for itself while it runs, which for convolutions is much, and what a runtime saves by
 * writing an output over an input (ONNX Runtime does so for activation functions).
 */
export function memory(
  graph: Graph,
  counted: readonly CountedNode[] = countNodes(graph),
  schedule = "portable",
): ScheduleMemory {
  const weightBytes = graph.parameters.reduce((sum, { shape }) => sum + valuesOf(shape), 0n) * bytesPerValue;
  return { schedule, ...follow(graph, counted), weightBytes };
}

/** A tensor with memory of its own. */
interface Buffer extends TensorBytes {
  /** The steps in which it is made and last needed. */
  readonly from: number;
  until: number;
}

/** Runs through the steps: what each of them allocates, then what is held at the worst of them. */
function follow(
  graph: Graph,
  nodes: readonly CountedNode[],
): Omit<ScheduleMemory, "schedule" | "weightBytes"> {
  const buffers: Buffer[] = [];
  const allocate = (name: string, axes: readonly AxisExtent[], from: number): Buffer => {
    const buffer = { name, axes, bytes: bytesPerValue * elementsOf(axes), from, until: from };
    buffers.push(buffer);
    return buffer;
  };
  /** Undefined for what is a weight's memory. */
  const held = new Map<Value | Parameter, Buffer | undefined>();
  for (const input of graph.inputs) {
    held.set(input, allocate(input.name, extentsOf(input.type, graph.bindings), 0));
  }
  // What only renames a value has no ONNX node: the file has one name for both.
  const sameAs = new Map<Value, Value>();
  const nameOf = (value: Value) => sameAs.get(value) ?? value;
  for (const { node, output, alias } of nodes) {
    if (!alias || !("kind" in alias)) continue;
    if (`${sizesOf(alias, graph)}` === `${output.map(({ size }) => size)}`) sameAs.set(node, nameOf(alias));
  }
  const outputs = new Set(graph.outputs.map(({ value }) => nameOf(value)));
  nodes.forEach(({ node, output, reads, alias }, step) => {
    for (const value of reads) {
      const buffer = held.get(value);
      if (buffer) buffer.until = step;
    }
    const isCopy = alias && "kind" in alias && !sameAs.has(node) && outputs.has(node);
    const own = alias === undefined || isCopy;
    // What follows from tables alone is stored with the weights.
    if (node.constant) held.set(node, undefined);
    else held.set(node, own ? allocate(node.name, output, step) : held.get(alias));
  });

  const end = nodes.length + graph.outputs.length;
  const taken = new Set<Buffer>(graph.inputs.map((input) => known(held.get(input), input.name)));
  graph.outputs.forEach(({ name, value }, index) => {
    const buffer = held.get(value);
    // The ONNX file copies an output that is an input, a weight, or another output as well.
    const own =
      buffer && !taken.has(buffer)
        ? buffer
        : allocate(name, extentsOf(value.type, graph.bindings), nodes.length + index);
    taken.add(own);
  });
  for (const buffer of taken) buffer.until = end;
  return summary(graph, nodes, buffers, end);
}

function sizesOf({ type }: Value, { bindings }: Graph): readonly bigint[] {
  return extentsOf(type, bindings).map(({ size }) => size);
}

function summary(
  graph: Graph,
  nodes: readonly CountedNode[],
  buffers: readonly Buffer[],
  end: number,
): Omit<ScheduleMemory, "schedule" | "weightBytes"> {
  const change = Array.from({ length: end + 2 }, () => 0n);
  for (const { bytes, from, until } of buffers) {
    change[from] = (change[from] as bigint) + bytes;
    change[until + 1] = (change[until + 1] as bigint) - bytes;
  }
  let [current, peakBytes, peak] = [0n, -1n, 0];
  change.slice(0, -1).forEach((difference, step) => {
    current += difference;
    if (current > peakBytes) [peakBytes, peak] = [current, step];
  });
  const tensors = buffers.map(({ name, axes, bytes }) => ({ name, axes, bytes }));
  const live = tensors.filter((_, index) => {
    const { from, until } = buffers[index] as Buffer;
    return from <= peak && peak <= until;
  });
  const at = nodes[peak]?.node ?? graph.outputs[peak - nodes.length] ?? graph.outputs[0];
  return {
    peakBytes,
    peakAt: known(at, "a step").name,
    live: live.toSorted((a, b) => (a.bytes === b.bytes ? 0 : a.bytes < b.bytes ? 1 : -1)),
    activationBytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0n),
    tensors,
  };
}
