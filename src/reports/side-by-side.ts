import type { Analysis } from "../compiler/index.js";
import { heading, wholeNetwork, workOf } from "./breakdown.js";
import { budgetFact } from "./budget.js";
import { type Block, type Cell, type Column, cell, type Document, type Table } from "./document.js";
import { counted, duration, exact, intensity, ratio, short, shortBytes } from "./numbers.js";
import type { BreakdownRow, Report } from "./report.js";
import { legendFacts, legendOf, variantOf } from "./variants.js";

/** More networks than this stand below one another. */
const mostColumns = 3;

/** Something that networks are compared by. */
interface Quantity {
  readonly name: string;
  /** Undefined where a network does not have it. */
  readonly value: (report: Report) => bigint | undefined;
  readonly short: (value: bigint) => string;
}

/** Several networks, or one with several settings or sizes, with ratios against the first. */
export function describeSideBySide(first: Report, others: readonly Report[]): Document {
  const reports = [first, ...others];
  const legend = legendOf(reports.map(({ file, analysis }) => variantOf(file, analysis)));
  const letters = legend.entries.map(({ letter }) => letter);
  const transposed = reports.length > mostColumns;
  return {
    title: `${counted(reports.length, "network")} side by side; ratios are to ${letters[0]}`,
    blocks: [
      legendFacts(legend),
      transposed ? below(first, reports, letters) : beside(reports, letters),
      ...first.breakdowns.flatMap((breakdown, index) => {
        const groups = reports.map((report) => report.breakdowns[index]?.groups ?? []);
        const totals = reports.map(wholeNetwork);
        const by = heading(breakdown).replace(/^B/, "b");
        const work = workOf(first);
        return [
          groupTable(`${work.title}, ${by}`, letters, groups, totals, work.of),
          groupTable(`Parameters, ${by}`, letters, groups, totals, ({ parameters }) => parameters),
        ];
      }),
      ...budgets(reports, letters),
    ],
  };
}

function moved({ total }: Analysis): bigint {
  return total.bytesRead + total.bytesWritten;
}

const quantities: readonly Quantity[] = [
  { name: "parameters", value: ({ analysis }) => analysis.parameters.trainable, short },
  { name: "  counted at each use", value: ({ analysis }) => analysis.parameters.applied, short },
  { name: "MACs", value: ({ analysis }) => analysis.total.macs, short },
  { name: "FLOPs", value: ({ analysis }) => analysis.total.flops, short },
  ...(["fvcore FLOPs", "ptflops MACs", "torch FLOPs"] as const).map((name) => ({
    name,
    value: ({ analysis }: Report) =>
      analysis.conventions.find((each) => name === `${each.name} ${each.unit}`)?.value,
    short,
  })),
  { name: "bytes moved", value: ({ analysis }) => moved(analysis), short: shortBytes },
  {
    name: "peak memory",
    value: ({ memory }) => memory.peakBytes,
    short: shortBytes,
  },
  {
    name: "all activations",
    value: ({ memory }) => memory.activationBytes,
    short: shortBytes,
  },
  { name: "tiles of the volume", value: ({ volume }) => volume?.tiles, short },
  { name: "MACs of the volume", value: ({ volume }) => volume?.macs, short },
];

/** Quantities that are no whole numbers, as texts. */
const remarks: readonly { readonly name: string; readonly text: (report: Report) => string | undefined }[] = [
  { name: "FLOPs for a byte", text: ({ analysis }) => intensity(analysis.total.flops, moved(analysis)) },
  { name: "receptive field", text: ({ analysis }) => fieldOf(analysis) },
  { name: "least time", text: ({ roofline }) => roofline && duration(roofline.seconds) },
];

function fieldOf({ receptiveFields: [first] }: Analysis): string | undefined {
  return first?.axes.map(({ voxels }) => (voxels === "whole" ? "whole" : String(voxels))).join("x");
}

/** Networks as columns: every quantity exactly, with its ratio. */
function beside(reports: readonly Report[], letters: readonly string[]): Table {
  const columns: Column[] = [
    { title: "", align: "left" },
    ...letters.flatMap((title, index): Column[] => [
      { title, align: "right" },
      ...(index === 0 ? [] : [{ title: "", align: "right" } as const]),
    ]),
  ];
  const numbers = quantities.flatMap(({ name, value }) => {
    const values = reports.map(value);
    if (values.every((each) => each === undefined)) return [];
    return [[cell(name), ...values.flatMap((each, index) => withRatio(each, values[0], index, exact))]];
  });
  const words = remarks.flatMap(({ name, text }) => {
    const texts = reports.map(text);
    if (texts.every((each) => each === undefined)) return [];
    const cells = texts.flatMap((each = "", index) => [cell(each), ...(index === 0 ? [] : [cell("")])]);
    return [[cell(name), ...cells]];
  });
  return { kind: "table", title: "Counts", columns, rows: [...numbers, ...words] };
}

/** Networks as rows: the important quantities, the totals that tables of papers have exactly. */
function below(first: Report, reports: readonly Report[], letters: readonly string[]): Table {
  const parts: readonly {
    readonly name: string;
    readonly show: "exact" | "short";
    readonly ratio: boolean;
  }[] = [
    { name: "parameters", show: "exact", ratio: true },
    { name: "MACs", show: "exact", ratio: true },
    { name: "FLOPs", show: "short", ratio: false },
    { name: "bytes moved", show: "short", ratio: true },
    { name: "peak memory", show: "short", ratio: true },
  ];
  const shown = parts.flatMap((part) => {
    const quantity = quantities.find(({ name }) => name === part.name);
    return quantity ? [{ ...part, quantity }] : [];
  });
  const columns: Column[] = [
    { title: "", align: "left" },
    ...shown.flatMap(({ name, ratio }): Column[] => [
      { title: name, align: "right" },
      ...(ratio ? [{ title: "", align: "right" } as const] : []),
    ]),
    { title: "receptive field", align: "right" },
  ];
  const rows = reports.map((report, index) => [
    cell(letters[index] ?? ""),
    ...shown.flatMap(({ quantity, show, ratio: hasRatio }) => {
      const value = quantity.value(report);
      const text = value === undefined ? "" : show === "exact" ? exact(value) : quantity.short(value);
      const of = quantity.value(first);
      const compared = index === 0 || value === undefined || of === undefined ? "" : ratio(value, of);
      return [cell(text, value), ...(hasRatio ? [cell(compared)] : [])];
    }),
    cell(fieldOf(report.analysis) ?? ""),
  ]);
  return { kind: "table", title: "Counts", columns, rows };
}

function withRatio(
  value: bigint | undefined,
  first: bigint | undefined,
  index: number,
  show: (value: bigint) => string,
): Cell[] {
  const own = value === undefined ? cell("") : cell(show(value), value);
  if (index === 0) return [own];
  return [own, cell(value === undefined || first === undefined ? "" : ratio(value, first))];
}

/** One quantity by level, layer, operation or view, networks as columns. */
function groupTable(
  title: string,
  letters: readonly string[],
  groups: readonly (readonly BreakdownRow[])[],
  totals: readonly BreakdownRow[],
  value: (group: BreakdownRow) => bigint,
): Table {
  const maps = groups.map((rows) => new Map(rows.map((group) => [group.key, value(group)])));
  const keys = [...new Set(groups.flatMap((rows) => rows.map(({ key }) => key)))];
  const few = letters.length <= mostColumns;
  const columns: Column[] = [
    { title: "", align: "left" },
    ...letters.flatMap((letter, index): Column[] => [
      { title: letter, align: "right" },
      ...(index === 0 || !few ? [] : [{ title: "", align: "right" } as const]),
    ]),
  ];
  const row = (name: string, values: readonly (bigint | undefined)[]) => [
    cell(name),
    ...values.flatMap((each, index) =>
      few ? withRatio(each, values[0], index, exact) : withRatio(each, values[0], index, short).slice(0, 1),
    ),
  ];
  return {
    kind: "table",
    title,
    columns,
    rows: keys.map((key) =>
      row(
        key,
        maps.map((map) => map.get(key)),
      ),
    ),
    total: row("total", totals.map(value)),
  };
}

function budgets(reports: readonly Report[], letters: readonly string[]): Block[] {
  const facts = reports.flatMap(({ verdicts = [] }, index) =>
    verdicts.map((verdict) => budgetFact(verdict, `${letters[index]}  `)),
  );
  return facts.length === 0 ? [] : [{ kind: "facts", title: "Budget", facts }];
}
