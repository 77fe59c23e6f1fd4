import { type DeviceLimit, type LimitedDevice, webgpuLimits } from "./device-limits.js";
import { lowerNodes } from "./emit/onnx/builder.js";
import type { Graph } from "./graph/graph.js";
import type { Remark } from "./passes/pass.js";
import { scheduleGraph } from "./passes/pipeline.js";
import { type ChoiceName, choiceNames, choices, type Schedule } from "./schedule/schedule.js";

/** What a schedule makes of a network. */
export interface ScheduleExplanation {
  readonly choices: readonly ExplainedChoice[];
  readonly passes: readonly ExplainedPass[];
  /** ONNX operators of the network by kind, the most frequent first. */
  readonly operators: readonly { readonly operator: string; readonly count: number }[];
  /** What a device does not compute of it, where one is asked about. */
  readonly limits: readonly DeviceLimit[];
}

export interface ExplainedChoice {
  readonly name: ChoiceName;
  readonly option: string;
  /** What that option does. */
  readonly documentation: string;
}

export interface ExplainedPass {
  readonly name: string;
  readonly documentation: string;
  /** What happened to nodes or why it did not, each case once, in the order of first nodes. */
  readonly cases: readonly ExplainedCase[];
  readonly nodesBefore: number;
  readonly nodesAfter: number;
}

export interface ExplainedCase extends Pick<Remark, "kind" | "text"> {
  readonly nodes: readonly string[];
}

/** Runs the passes of a schedule and gathers what they say. All sizes must be bound. */
export function explainSchedule(
  graph: Graph,
  schedule: Schedule,
  device?: LimitedDevice,
): ScheduleExplanation {
  const { graph: scheduled, reports } = scheduleGraph(graph, schedule);
  let before = graph.nodes.length;
  const explained = reports.map(({ pass, remarks, graph: after }): ExplainedPass => {
    const nodesBefore = before;
    before = after.nodes.length;
    const { name, documentation } = pass;
    return { name, documentation, cases: casesOf(remarks), nodesBefore, nodesAfter: before };
  });
  return {
    choices: choiceNames.map((name) => {
      const options: Readonly<Record<string, string>> = choices[name].options;
      return { name, option: schedule[name], documentation: options[schedule[name]] ?? "" };
    }),
    passes: explained,
    operators: operatorsOf(scheduled),
    limits: device === undefined ? [] : webgpuLimits(scheduled),
  };
}

function casesOf(remarks: readonly Remark[]): readonly ExplainedCase[] {
  const cases = new Map<string, { kind: Remark["kind"]; text: string; nodes: string[] }>();
  for (const { kind, text, node } of remarks) {
    const key = `${kind} ${text}`;
    const found = cases.get(key) ?? { kind, text, nodes: [] };
    found.nodes.push(node);
    cases.set(key, found);
  }
  return [...cases.values()];
}

function operatorsOf(graph: Graph): ScheduleExplanation["operators"] {
  const counts = new Map<string, number>();
  for (const { opType } of lowerNodes(graph).nodes) {
    const operator = opType ?? "";
    counts.set(operator, (counts.get(operator) ?? 0) + 1);
  }
  return [...counts]
    .map(([operator, count]) => ({ operator, count }))
    .sort((a, b) => b.count - a.count || (a.operator < b.operator ? -1 : 1));
}
