import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import type { Graph } from "../../../src/compiler/graph/graph.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";

/** What a schedule makes of a graph: its ONNX operators in order, and what one pass says, as `node: text`. */
export function outcomeOf(graph: Graph, schedule: string, pass: string) {
  const { graph: result, reports } = scheduleGraph(graph, parseSchedule(schedule));
  const remarks = reports.filter((report) => report.pass.name === pass).flatMap((report) => report.remarks);
  return {
    operators: lowerNodes(result).nodes.map(({ opType }) => opType),
    remarks: remarks.map(({ node, text }) => `${node}: ${text}`),
  };
}
