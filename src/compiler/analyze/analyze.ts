import { sizesNeeded } from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { Graph } from "../graph/graph.js";
import { openSymbols } from "../graph/open-axes.js";
import type { TensorType } from "../graph/tensor.js";
import type { Analysis, PortShape } from "./analysis.js";
import { conventions, countByConvention } from "./conventions/count.js";
import { bytesPerValue, elementsOf, extentsOf } from "./exact.js";
import { sumCounts } from "./groups.js";
import { layersOf } from "./layers.js";
import { distinctLevels } from "./levels.js";
import { memory } from "./memory.js";
import { countNodes } from "./nodes.js";
import { countParameters } from "./parameters.js";
import { receptiveField } from "./receptive-field.js";

/** What can be analyzed: a checked network, or its graph alone. */
export interface AnalyzableNetwork {
  readonly graph: Graph;
}

/**
 * Everything that follows from a network's text and its sizes. Needs no weights and executes nothing. Fails with a
 * diagnostic where the size of an input's axis is open; for those there is `formulas`.
 */
export function analyze({ graph }: AnalyzableNetwork): Analysis {
  requireBound(graph);
  const counted = countNodes(graph);
  const { layers, levels } = layersOf(graph, counted);
  const counting = counted.filter(({ flops }) => flops > 0n).length;
  return {
    network: graph.network,
    documentation: graph.documentation,
    arguments: graph.settings,
    inputs: graph.inputs.map(({ name, type }) => portOf(name, type, graph)),
    outputs: graph.outputs.map(({ name, value }) => portOf(name, value.type, graph)),
    parameters: countParameters(graph),
    total: sumCounts(counted),
    layers,
    levels: distinctLevels(levels),
    coverage: { counted: counting, free: counted.length - counting, unknown: 0 },
    conventions: Object.values(conventions).map((convention) => countByConvention(counted, convention)),
    memory: memory(graph, counted),
    receptiveFields: receptiveField(graph),
  };
}

/** The axes of a network's inputs whose sizes are open, in order. */
export function openAxes({ graph }: AnalyzableNetwork): readonly string[] {
  return openSymbols(graph);
}

/** Fails with a diagnostic where a size is open. */
export function requireBound(graph: Graph): void {
  const open = openAxes({ graph });
  const tiled = open.filter((axis) => axis !== "n");
  if (open.length > 0) fail(sizesNeeded, { axes: tiled.length > 0 ? tiled : open });
}

function portOf(name: string, type: TensorType, { bindings }: Graph): PortShape {
  const axes = extentsOf(type, bindings);
  return { name, axes, bytes: bytesPerValue * elementsOf(axes) };
}
