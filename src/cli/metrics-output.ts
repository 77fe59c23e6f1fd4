import type { Diagnostic } from "../compiler/diagnostics/diagnostic.js";
import { diagnosticToJson } from "../compiler/diagnostics/json.js";
import { csvText } from "../reports/csv.js";
import { type JsonValue, jsonText } from "../reports/json-text.js";
import type { LabelNames } from "../runtime/labels/names.js";
import type { LabelMetrics } from "../runtime/metrics/compare.js";
import type { DefinitionName } from "../runtime/metrics/definitions.js";
import { type Means, meansOf, meansOverCases, measures } from "../runtime/metrics/means.js";
import { table } from "./text.js";

/** Two label maps that were compared. */
export interface ComparedCase {
  readonly name: string;
  readonly prediction: string;
  readonly truth: string;
  readonly spacing: readonly number[];
  readonly names: LabelNames;
  readonly labels: readonly LabelMetrics[];
}

/** All that `slab metrics` has to say. */
export interface Comparison {
  readonly definition: DefinitionName;
  /** In mm. */
  readonly tolerance: number;
  /** Whether folders were compared, and means over cases are wanted. */
  readonly batch: boolean;
  readonly cases: readonly ComparedCase[];
  readonly unpaired: readonly Diagnostic[];
  /** Cases that could not be compared, and why. */
  readonly failed: readonly { readonly name: string; readonly diagnostics: readonly Diagnostic[] }[];
}

/** One case as a table, with its name above it where there are several. */
export function caseTable({ name, labels, names }: ComparedCase, tolerance: number, batch: boolean): string {
  const rows = labels.map((each) => [
    ...nameCells(each.label, names),
    ...valueCells((measure) => each[measure]),
    volume(each.predictionVolume),
    volume(each.truthVolume),
  ]);
  const means = meansOf(labels);
  const last = ["mean", ...(names.size > 0 ? [""] : []), ...valueCells((measure) => means[measure].value)];
  const head = [...heading(names, tolerance), "prediction ml", "truth ml"];
  const body = [
    aligned([head, ...rows, ...(rows.length > 1 ? [last] : [])], names),
    ...missing(labels, ({ truthVoxels }) => truthVoxels > 0, "prediction"),
    ...missing(labels, ({ predictionVoxels }) => predictionVoxels > 0, "truth"),
  ].join("\n");
  return batch ? `${name}\n${body}` : body;
}

/** The means over all cases as a table. */
export function summaryTable({ cases, tolerance }: Comparison): string {
  const names = allNames(cases);
  const { labels, mean } = meansOverCases(cases.map((each) => each.labels));
  const rows = [...labels].map(([label, means]) => [
    ...nameCells(label, names),
    ...valueCells((measure) => means[measure].value),
    String(means.dice.count),
  ]);
  const last = ["mean", ...(names.size > 0 ? [""] : []), ...valueCells((measure) => mean[measure].value)];
  const head = [...heading(names, tolerance), "cases"];
  const count = cases.length === 1 ? "1 case" : `${cases.length} cases`;
  return `mean over ${count}\n${aligned([head, ...rows, ...(rows.length > 1 ? [last] : [])], names)}`;
}

const csvColumns = [
  ...["case", "label", "name", "dice", "nsd", "hd95_mm", "asd_mm", "asd_prediction_mm", "asd_truth_mm"],
  ...["prediction_voxels", "truth_voxels", "prediction_ml", "truth_ml", "definition", "tolerance_mm"],
];

/** A line for each case and label, and one for the mean of each case; all digits, `nan` and `inf`. */
export function metricsCsv({ cases, definition, tolerance, batch }: Comparison): string {
  const how = [definition, tolerance];
  const blank = ["", "", "", ""];
  const lines = cases.flatMap(({ name, labels, names }) => [
    ...labels.map((each) => [
      ...[name, each.label, names.get(each.label)?.name],
      ...measures.map((measure) => csvNumber(each[measure])),
      ...[each.predictionVoxels, each.truthVoxels, each.predictionVolume, each.truthVolume, ...how],
    ]),
    [name, "mean", "", ...csvMeans(meansOf(labels)), ...blank, ...how],
  ]);
  if (!batch) return csvText(csvColumns, lines);
  const names = allNames(cases);
  const over = meansOverCases(cases.map((each) => each.labels));
  return csvText(csvColumns, [
    ...lines,
    ...[...over.labels].map(([label, means]) => [
      ...["mean", label, names.get(label)?.name],
      ...[...csvMeans(means), ...blank, ...how],
    ]),
    ["mean", "mean", "", ...csvMeans(over.mean), ...blank, ...how],
  ]);
}

/** Everything as data; `docs/metrics.schema.json` describes it. */
export function metricsJson({ cases, definition, tolerance, batch, ...rest }: Comparison): string {
  const names = allNames(cases);
  const over = meansOverCases(cases.map((each) => each.labels));
  return jsonText({
    definition,
    tolerance_mm: tolerance,
    cases: cases.map((each) => ({
      case: each.name,
      prediction: each.prediction,
      truth: each.truth,
      spacing_mm: each.spacing,
      labels: each.labels.map((metrics) => ({
        label: metrics.label,
        name: each.names.get(metrics.label)?.name,
        ...jsonMeasures((measure) => metrics[measure]),
        prediction_voxels: metrics.predictionVoxels,
        truth_voxels: metrics.truthVoxels,
        prediction_ml: metrics.predictionVolume,
        truth_ml: metrics.truthVolume,
      })),
      mean: jsonMeans(meansOf(each.labels)),
    })),
    ...(batch
      ? {
          means: [...over.labels].map(([label, means]) => ({
            label,
            name: names.get(label)?.name,
            cases: means.dice.count,
            ...jsonMeans(means),
          })),
          mean: jsonMeans(over.mean),
          unpaired: rest.unpaired.map((each) => diagnosticToJson(each) as JsonValue),
          failed: rest.failed.map(({ name, diagnostics }) => ({
            case: name,
            diagnostics: diagnostics.map((each) => diagnosticToJson(each) as JsonValue),
          })),
        }
      : {}),
  });
}

type MeasureName = (typeof measures)[number];

const jsonNames: Readonly<Record<MeasureName, string>> = {
  dice: "dice",
  nsd: "nsd",
  hd95: "hd95_mm",
  asd: "asd_mm",
  asdPrediction: "asd_prediction_mm",
  asdTruth: "asd_truth_mm",
};

function jsonMeasures(valueFor: (measure: MeasureName) => number): Record<string, JsonValue> {
  return Object.fromEntries(measures.map((measure) => [jsonNames[measure], jsonNumber(valueFor(measure))]));
}

function jsonMeans(means: Means): Record<string, JsonValue> {
  return jsonMeasures((measure) => means[measure].value);
}

/** JSON has no number for these. */
function jsonNumber(value: number): number | string | null {
  return Number.isNaN(value) ? null : Number.isFinite(value) ? value : "Infinity";
}

function csvMeans(means: Means): (string | number)[] {
  return measures.map((measure) => csvNumber(means[measure].value));
}

function csvNumber(value: number): string | number {
  return Number.isNaN(value) ? "nan" : Number.isFinite(value) ? value : "inf";
}

function allNames(cases: readonly ComparedCase[]): LabelNames {
  return new Map(cases.flatMap(({ names }) => [...names]));
}

/** Why distances are infinite: labels that only one map has. */
function missing(
  labels: readonly LabelMetrics[],
  elsewhere: (metrics: LabelMetrics) => boolean,
  where: "prediction" | "truth",
): string[] {
  const here = (each: LabelMetrics) => (where === "truth" ? each.truthVoxels : each.predictionVoxels);
  const found = labels.filter((each) => here(each) === 0 && elsewhere(each)).map(({ label }) => label);
  if (found.length === 0) return [];
  const shown = found.slice(0, 12).join(", ");
  return [`missing from the ${where}: ${shown}${found.length > 12 ? ` and ${found.length - 12} more` : ""}`];
}

function heading(names: LabelNames, tolerance: number): string[] {
  return [
    "label",
    ...(names.size > 0 ? ["name"] : []),
    ...["Dice", `NSD ${tolerance} mm`, "HD95 mm", "ASD mm"],
  ];
}

function nameCells(label: number, names: LabelNames): string[] {
  return [String(label), ...(names.size > 0 ? [names.get(label)?.name ?? ""] : [])];
}

function valueCells(valueFor: (measure: MeasureName) => number): string[] {
  const [dice, nsd, hd95, asd] = (["dice", "nsd", "hd95", "asd"] as const).map(valueFor);
  return [shown(dice, 4), shown(nsd, 4), shown(hd95, 3), shown(asd, 3)];
}

function shown(value: number | undefined, digits: number): string {
  if (value === undefined || Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? value.toFixed(digits) : "inf";
}

function volume(millilitres: number): string {
  return millilitres.toFixed(2);
}

function aligned(rows: readonly (readonly string[])[], names: LabelNames): string {
  const columns = Array.from({ length: rows[0]?.length ?? 0 }, (_, column) => column);
  return table(
    rows,
    columns.filter((column) => !(column === 1 && names.size > 0)),
  );
}
