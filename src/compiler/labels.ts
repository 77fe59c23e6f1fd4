import { valueRange } from "./analyze/value-range.js";
import { labelsNeedClasses } from "./diagnostics/catalogue/schedules.js";
import { fail } from "./diagnostics/diagnostic.js";
import type { Graph } from "./graph/graph.js";
import { evaluateSize } from "./graph/size.js";
import { findAxis, showType } from "./graph/tensor.js";
import { withoutDeadNodes } from "./passes/rewriter.js";
import { mostLabelClasses } from "./support/label-map.js";
import { scoresOf } from "./support/scores.js";

/** The network without outputs other than the scores. Fails with SLAB7112 where those have no classes. */
export function withScoresOnly(graph: Graph): Graph {
  const scores = scoresOf(graph.outputs);
  if (hasLabels(graph) && scores) return withoutDeadNodes({ ...graph, outputs: [scores] });
  const found = scores ? `${scores.name}: ${showType(scores.value.type, graph.bindings)}` : "no output";
  return fail(labelsNeedClasses, { found, limit: mostLabelClasses });
}

/** Whether labels follow from a network's output: it has an axis c, not too long. */
export function hasLabels(graph: Graph): boolean {
  const axis = findAxis(scoresOf(graph.outputs)?.value.type ?? { axes: [] }, "c");
  const classes = axis && evaluateSize(axis.size, graph.bindings);
  return classes !== undefined && classes <= mostLabelClasses;
}

/** Scores that lie between 0 and 1 are taken for probabilities; sums and products of such may be off by rounding. */
const rounding = 1e-6;

/** Whether a network's scores are probabilities: they come out of a Sigmoid or a Softmax, or are a mean of such. */
export function givesProbabilities(graph: Graph): boolean {
  const scores = scoresOf(graph.outputs);
  if (!scores) return false;
  const { low, high } = valueRange(graph, scores.value);
  return low >= 0 && high <= 1 + rounding;
}

/** What labels are called: `labels`, if no input, output or weight is called so. */
export function labelsName({ inputs, outputs, parameters }: Graph): string {
  const taken = new Set([...inputs, ...outputs].map(({ name }) => name));
  for (const { path } of parameters) taken.add(path);
  let name = "labels";
  while (taken.has(name)) name = `${name}_`;
  return name;
}
