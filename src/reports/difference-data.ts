import type { Counts, LayerChange, LayerSummary, Totals } from "../compiler/index.js";
import { csvText } from "./csv.js";
import type { JsonValue } from "./json-text.js";
import type { DifferenceReport, Variant } from "./report.js";

/** A difference as data; `docs/report.schema.json` describes it under `$defs/difference`. */
export function differenceJson({ before, after, comparison, all }: DifferenceReport): JsonValue {
  return {
    before: { ...variantJson(before), ...totalsJson(comparison.before) },
    after: { ...variantJson(after), ...totalsJson(comparison.after) },
    layers: shownLayers(comparison.layers, all).map((layer) => ({
      path: layer.path,
      change: layer.change,
      before: layer.before ? summaryJson(layer.before) : null,
      after: layer.after ? summaryJson(layer.after) : null,
      differences: layer.differences.map(({ what, before, after }) => ({ what, before, after })),
    })),
  };
}

/** A line for each layer that is listed, with the counts of both networks. */
export function differenceCsv({ comparison, all }: DifferenceReport): string {
  const counts = ["parameters", "macs", "flops", "bytes"];
  const columns = [
    ...["path", "change", "operation_a", "operation_b"],
    ...counts.flatMap((name) => [`${name}_a`, `${name}_b`]),
  ];
  const rows = shownLayers(comparison.layers, all).map(({ path, change, before, after }) => [
    ...[path, change, before?.operation, after?.operation],
    ...[before?.parameters, after?.parameters, before?.macs, after?.macs, before?.flops, after?.flops],
    ...[before && moved(before), after && moved(after)],
  ]);
  return csvText(columns, rows);
}

/** The layers that are listed: all, or those that changed. */
export function shownLayers(layers: readonly LayerChange[], all: boolean): readonly LayerChange[] {
  return all ? layers : layers.filter(({ change }) => change !== "same");
}

/** Bytes read and written. */
export function moved({ bytesRead, bytesWritten }: Counts): bigint {
  return bytesRead + bytesWritten;
}

function variantJson({ file, network, settings }: Variant) {
  return { file, network, arguments: settings };
}

function countsJson(counts: Counts) {
  return { macs: counts.macs, flops: counts.flops, bytes: moved(counts) };
}

function totalsJson(totals: Totals) {
  return { parameters: totals.parameters, ...countsJson(totals), peak_bytes: totals.peakBytes };
}

function summaryJson(summary: LayerSummary): JsonValue {
  const { operation, nodes, parameters } = summary;
  return { op: operation, nodes, parameters, ...countsJson(summary) };
}
