import type { Analysis, QuantityName, ScheduleMemory } from "./analysis.js";
import { type AnalyzableNetwork, requireBound } from "./analyze.js";
import { conventions, countByConvention } from "./conventions/count.js";
import { sumCounts } from "./groups.js";
import { memory } from "./memory.js";
import { countNodes, totalCost } from "./nodes.js";
import { countParameters } from "./parameters.js";

export interface Quantity {
  readonly name: QuantityName;
  /** What is counted; `bytes` are shown as B, kB, MB. */
  readonly unit: "values" | "operations" | "bytes" | "layers";
  readonly documentation: string;
}

/** What budgets can limit, sweeps can write and charts can show. */
export const quantities: readonly Quantity[] = [
  { name: "parameters", unit: "values", documentation: "trained values, each counted once" },
  { name: "buffers", unit: "values", documentation: "values that training only records" },
  { name: "applied", unit: "values", documentation: "trained values, counted at each use" },
  { name: "macs", unit: "operations", documentation: "multiply-accumulates" },
  { name: "flops", unit: "operations", documentation: "floating point operations of everything" },
  { name: "bytes", unit: "bytes", documentation: "bytes read and written by all operations" },
  { name: "peak", unit: "bytes", documentation: "the most bytes of activations that are held at one time" },
  { name: "activations", unit: "bytes", documentation: "bytes of all activations together" },
  { name: "weights", unit: "bytes", documentation: "bytes of the weights" },
  { name: "layers", unit: "layers", documentation: "operations of the network" },
  { name: "fvcore", unit: "operations", documentation: "FLOPs as fvcore counts them" },
  { name: "ptflops", unit: "operations", documentation: "MACs as ptflops counts them" },
  { name: "torch", unit: "operations", documentation: "FLOPs as PyTorch counts them" },
];

/** What takes more of each node than its cost. */
const needsNodes: ReadonlySet<QuantityName> = new Set([
  "bytes",
  "peak",
  "activations",
  "fvcore",
  "ptflops",
  "torch",
]);

/**
 * The named quantities of a network. Computes no more than they need: those that are about weights alone need no sizes;
 * for others, open sizes are a diagnostic.
 */
export function measure(
  { graph }: AnalyzableNetwork,
  names: readonly QuantityName[],
): ReadonlyMap<QuantityName, bigint> {
  const nodes = once(() => {
    requireBound(graph);
    return countNodes(graph);
  });
  const parameters = once(() => countParameters(graph));
  const isCheap = names.every((name) => !needsNodes.has(name));
  const cost = once(() => {
    requireBound(graph);
    return isCheap ? totalCost(graph) : sumCounts(nodes());
  });
  const bytes = once(() =>
    nodes().reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0n),
  );
  const schedule = once(() => memory(graph, nodes()));
  const quantity = (name: QuantityName): bigint => {
    switch (name) {
      case "parameters":
        return parameters().trainable;
      case "buffers":
        return parameters().buffers;
      case "applied":
        return parameters().applied;
      case "macs":
      case "flops":
        return cost()[name];
      case "bytes":
        return bytes();
      case "peak":
        return schedule().peakBytes;
      case "activations":
        return schedule().activationBytes;
      case "weights":
        return parameters().bytes;
      case "layers":
        return BigInt(graph.nodes.length);
      case "fvcore":
      case "ptflops":
      case "torch":
        return countByConvention(nodes(), conventions[name]).value;
    }
  };
  return new Map(names.map((name) => [name, quantity(name)]));
}

/** All quantities of an analysis, those of memory as a schedule has them. */
export function quantitiesOf(
  analysis: Analysis,
  schedule: ScheduleMemory = analysis.memory,
): ReadonlyMap<QuantityName, bigint> {
  const { parameters, total, layers } = analysis;
  return new Map<QuantityName, bigint>([
    ["parameters", parameters.trainable],
    ["buffers", parameters.buffers],
    ["applied", parameters.applied],
    ["macs", total.macs],
    ["flops", total.flops],
    ["bytes", total.bytesRead + total.bytesWritten],
    ["peak", schedule.peakBytes],
    ["activations", schedule.activationBytes],
    ["weights", parameters.bytes],
    ["layers", BigInt(layers.length)],
    ...analysis.conventions.map(({ name, value }) => [name, value] as const),
  ]);
}

function once<T>(compute: () => T): () => T {
  let value: { readonly is: T } | undefined;
  return () => {
    value ??= { is: compute() };
    return value.is;
  };
}
