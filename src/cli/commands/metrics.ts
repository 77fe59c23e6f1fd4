import { malformedTolerance, nothingLabelled } from "../../compiler/diagnostics/catalogue/metrics.js";
import { fail, SlabFailure } from "../../compiler/diagnostics/diagnostic.js";
import { renderDiagnostics } from "../../compiler/diagnostics/render.js";
import { readLabelMap } from "../../runtime/labels/label-map.js";
import { joinNames, type LabelNames, noNames } from "../../runtime/labels/names.js";
import { readLabelNames } from "../../runtime/labels/read-names.js";
import { selectLabels } from "../../runtime/labels/select.js";
import { type CompareOptions, compareLabelMaps } from "../../runtime/metrics/compare.js";
import { type DefinitionName, definitions } from "../../runtime/metrics/definitions.js";
import { choose } from "../../runtime/tiling/options.js";
import { voxelSpacing } from "../../runtime/volume/spacing.js";
import { type CasePair, pairCases } from "../case-pairs.js";
import { requireWritable } from "../files.js";
import {
  type ComparedCase,
  type Comparison,
  caseTable,
  metricsCsv,
  metricsJson,
  summaryTable,
} from "../metrics-output.js";
import { parseFormat } from "../report-options.js";
import { deliver } from "../report-output.js";
import type { Terminal } from "../terminal.js";

export interface MetricsArguments {
  readonly labels?: string;
  readonly names?: string;
  readonly tolerance: string;
  readonly definition: string;
  readonly format?: string;
  readonly output?: string;
}

/** In mm; beyond it nothing is left to compare. */
const greatestTolerance = 1e6;

/** `slab metrics`: how predicted label maps agree with true ones. Two files, or two folders with files of one name. */
export function metrics(
  prediction: string,
  truth: string,
  options: MetricsArguments,
  terminal: Terminal,
): number {
  const format = parseFormat(options.format, options.output, ["table", "csv", "json"]);
  const how = {
    tolerance: parseTolerance(options.tolerance),
    definition: choose("definition", options.definition, Object.keys(definitions) as DefinitionName[]),
  };
  const inputs = [prediction, truth, ...(options.names === undefined ? [] : [options.names])];
  if (options.output !== undefined) requireWritable([options.output], inputs);
  const names = options.names === undefined ? noNames : readLabelNames(options.names);
  const { pairs, folders, unpaired } = pairCases(prediction, truth);
  const remark = (diagnostics: Comparison["unpaired"]) =>
    terminal.remark(renderDiagnostics(diagnostics, { colour: terminal.colour }));
  if (unpaired.length > 0) remark(unpaired);

  // Tables come as they are ready; all else is one text.
  const tables = format === "table" && options.output === undefined;
  const cases: ComparedCase[] = [];
  const failed: { name: string; diagnostics: SlabFailure["diagnostics"] }[] = [];
  for (const pair of pairs) {
    try {
      const compared = compareCase(pair, names, options.labels, how);
      cases.push(compared);
      if (tables) terminal.print(caseTable(compared, how.tolerance, folders) + (folders ? "\n" : ""));
    } catch (error) {
      // One bad file among many should not cost the others.
      if (!folders || !(error instanceof SlabFailure)) throw error;
      failed.push({ name: pair.name, diagnostics: error.diagnostics });
      remark(error.diagnostics);
    }
  }
  const comparison: Comparison = { ...how, batch: folders, cases, unpaired, failed };
  if (tables) {
    if (folders && cases.length > 0) terminal.print(summaryTable(comparison));
  } else deliver(textOf(comparison, format), options.output, terminal);
  const missing = unpaired.length + failed.length;
  if (missing > 0)
    terminal.remark(
      `${cases.length} compared, ${failed.length} failed, ${unpaired.length} without a partner`,
    );
  return missing === 0 ? 0 : 1;
}

function compareCase(
  { name, first, second }: CasePair,
  given: LabelNames,
  labels: string | undefined,
  how: Pick<CompareOptions, "tolerance" | "definition">,
): ComparedCase {
  const [prediction, truth] = [readLabelMap(first), readLabelMap(second)];
  const names = joinNames(given, truth.names, prediction.names);
  const chosen = labels === undefined ? {} : { labels: selectLabels(labels, names) };
  const found = compareLabelMaps(prediction, truth, { ...how, ...chosen });
  if (found.length === 0) fail(nothingLabelled, { other: second }, { path: first });
  return { name, prediction: first, truth: second, spacing: voxelSpacing(truth), names, labels: found };
}

function textOf(comparison: Comparison, format: "table" | "csv" | "json"): string {
  if (format === "csv") return metricsCsv(comparison);
  if (format === "json") return metricsJson(comparison);
  const { cases, batch, tolerance } = comparison;
  const tables = cases.map((each) => caseTable(each, tolerance, batch));
  return [...tables, ...(batch && cases.length > 0 ? [summaryTable(comparison)] : [])].join("\n\n");
}

function parseTolerance(text: string): number {
  const number = /^\s*(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
  return number >= 0 && number <= greatestTolerance ? number : fail(malformedTolerance, { found: text });
}
