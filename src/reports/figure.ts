import type { Analysis } from "../compiler/index.js";
import { heading, workOf } from "./breakdown.js";
import { short, shortBytes } from "./numbers.js";
import { type BreakdownRow, type Report, showAxes, showSettings } from "./report.js";
import { type BarFigure, type BarPanel, fontSize, longestLabel, mostSeries } from "./svg/bars.js";
import { textWidth } from "./svg/text.js";
import { legendOf, variantOf } from "./variants.js";

/**
 * The figure of one report or several: MACs and parameters by level, or by whatever was asked for first; without a
 * breakdown, and for many reports, their totals.
 */
export function figureOf(first: Report, others: readonly Report[]): BarFigure {
  const reports = [first, ...others];
  const [breakdown] = first.breakdowns;
  const legend = legendOf(reports.map(({ file, analysis }) => variantOf(file, analysis)));
  const names = legend.entries.map(({ letter, text }) => `${letter}  ${text}`);
  const single = others.length === 0;
  const subtitle = single ? subtitleOf(first.analysis) : [legend.common];
  if (!breakdown || reports.length > mostSeries) {
    if (single) return totals(reports, [""], subtitle);
    const fits = names.every((name) => textWidth(name, fontSize) <= longestLabel);
    if (fits) return totals(reports, names, subtitle);
    const rows = rowNames(
      reports,
      legend.entries.map(({ letter }) => letter),
    );
    const legends = legend.entries.map(({ text }, index) => {
      const row = rows[index] as string;
      return `${row}: ${text.startsWith(`${row}, `) ? text.slice(row.length + 2) : text}`;
    });
    return totals(reports, rows, [...legends, ...(legend.common === "" ? [] : [`all: ${legend.common}`])]);
  }
  const groups = reports.map(({ breakdowns }) => breakdowns[0]?.groups ?? []);
  const keys = [...new Set(groups.flatMap((rows) => rows.map(({ key }) => key)))];
  const maps = groups.map((rows) => new Map(rows.map((group) => [group.key, group])));
  const panel = (title: string, value: (group: BreakdownRow) => bigint): BarPanel => ({
    title,
    values: keys.map((key) =>
      maps.map((map) => {
        const group = map.get(key);
        return group && value(group);
      }),
    ),
    show: short,
  });
  const work = workOf(first);
  const by = heading(breakdown).replace(/^B/, "b");
  return {
    title: single ? `${first.analysis.network}, ${by}` : `${reports.length} networks, ${by}`,
    subtitle,
    series: single ? [] : names,
    rows: keys,
    panels: [panel(work.title, work.of), panel("parameters", ({ parameters }) => parameters)],
  };
}

/** Networks by their names where these tell them apart, else by letters. */
function rowNames(reports: readonly Report[], letters: readonly string[]): readonly string[] {
  const names = reports.map(({ analysis }) => analysis.network);
  const apart = new Set(names).size === names.length;
  return apart && names.every((name) => textWidth(name, fontSize) <= longestLabel) ? names : letters;
}

/** A row for each network. */
function totals(reports: readonly Report[], rows: readonly string[], subtitle: readonly string[]): BarFigure {
  const panel = (title: string, value: (report: Report) => bigint, show = short): BarPanel => ({
    title,
    values: reports.map((report) => [value(report)]),
    show,
  });
  const [first] = reports;
  return {
    title: reports.length === 1 ? (first?.analysis.network ?? "") : `${reports.length} networks`,
    subtitle,
    series: [],
    rows,
    panels: [
      panel("parameters", ({ analysis }) => analysis.parameters.trainable),
      panel("MACs", ({ analysis }) => analysis.total.macs),
      panel("peak memory", ({ memory }) => memory.peakBytes, shortBytes),
    ],
  };
}

function subtitleOf({ arguments: settings, inputs }: Analysis): string[] {
  return [showSettings(settings), ...inputs.map(({ name, axes }) => `${name} ${showAxes(axes)}`)];
}
