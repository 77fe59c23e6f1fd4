import type { ScheduleMemory } from "./analyze/analysis.js";
import type { AnalyzableNetwork } from "./analyze/analyze.js";
import { requireBound } from "./analyze/analyze.js";
import { memory } from "./analyze/memory.js";
import { countScheduled } from "./analyze/nodes.js";
import { inRuntimeOrder } from "./passes/order/runtime-order.js";
import { scheduleGraph } from "./passes/pipeline.js";
import { type PresetName, presets } from "./schedule/schedule.js";

/**
 * The activations that a network holds while it runs as a preset computes it: `memory` of the graph that is emitted, in
 * the order of the file, or where that is written for ONNX Runtime's order, in this.
 * Fails with a diagnostic where the size of an input's axis is open.
 */
export function memoryOf({ graph }: AnalyzableNetwork, preset: PresetName): ScheduleMemory {
  requireBound(graph);
  const { schedule } = presets[preset];
  const { graph: written } = scheduleGraph(graph, schedule);
  const computed = schedule.order === "lean" ? inRuntimeOrder(written) : written;
  return memory(computed, countScheduled(computed), preset);
}
