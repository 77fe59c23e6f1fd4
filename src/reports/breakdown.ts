import { type Cell, type Column, cell, type Table } from "./document.js";
import { counted, duration, exact, intensity, share, short, shortBytes } from "./numbers.js";
import { type Breakdown, type BreakdownRow, type Report, showShape } from "./report.js";

/** A column with what it shows of a part of the network. */
interface Shown extends Column {
  readonly cell: (row: BreakdownRow) => Cell;
}

/** The counts by layer, level, operation or view, with the whole network below. */
export function breakdownTable(report: Report, breakdown: Breakdown): Table {
  const shown = breakdown.by === "layer" ? layerColumns(report) : groupColumns(report, breakdown);
  const { layers, parameters } = report.analysis;
  const remarks = [
    ...(breakdown.by === "view" && layers.some(({ shared }) => shared)
      ? ["Weights that views share are counted with the first."]
      : []),
    ...(parameters.unused > 0n
      ? [`The total has ${exact(parameters.unused)} parameters more, which nothing uses.`]
      : []),
  ];
  return {
    kind: "table",
    title: heading(breakdown),
    columns: shown.map(({ title, align, meaning }) => ({ title, align, ...(meaning ? { meaning } : {}) })),
    rows: breakdown.groups.map((group) => shown.map(({ cell }) => cell(group))),
    total: shown.map(({ cell }) => cell(wholeNetwork(report))),
    ...(remarks.length > 0 ? { remark: remarks.join(" ") } : {}),
  };
}

/** What is broken down by what: `By level`. */
export function heading({ by, depth }: Breakdown): string {
  if (by === "layer")
    return depth === undefined ? "By layer" : `By layer, ${counted(depth, "name")} of each path`;
  return by === "op" ? "By operation" : `By ${by}`;
}

/** What counts as work: MACs, or what the tool counts whose convention was asked for. */
export function workOf({ analysis, convention }: Report): {
  readonly title: string;
  readonly meaning: string;
  readonly total: bigint;
  readonly of: (row: BreakdownRow) => bigint;
} {
  const tool = analysis.conventions.find(({ name }) => name === convention);
  if (!tool) {
    const meaning = "multiply-accumulates of convolutions and matrix products";
    return { title: "MACs", meaning, total: analysis.total.macs, of: ({ macs }) => macs };
  }
  const { name, unit, rule, value } = tool;
  return {
    title: `${unit} by ${name}`,
    meaning: rule,
    total: value,
    of: ({ conventions }) => conventions[name],
  };
}

/** The counts of the whole network, as a row like any other. */
export function wholeNetwork({ analysis, roofline }: Report): BreakdownRow {
  const { conventions, layers, parameters, total } = analysis;
  const by = (name: string) => conventions.find((each) => each.name === name)?.value ?? 0n;
  return {
    key: "total",
    layers: layers.length,
    parameters: parameters.trainable,
    appliedParameters: parameters.applied,
    conventions: { fvcore: by("fvcore"), ptflops: by("ptflops"), torch: by("torch") },
    ...total,
    ...(roofline ? { seconds: roofline.seconds } : {}),
  };
}

function groupColumns(report: Report, { by }: Breakdown): readonly Shown[] {
  return [
    { title: by === "op" ? "operation" : by, align: "left", cell: ({ key }) => cell(key) },
    {
      title: "layers",
      align: "right",
      meaning: "operations that are counted together",
      cell: ({ layers }) => cell(exact(layers), layers),
    },
    ...countColumns(report),
    { title: "FLOPs", align: "right", cell: ({ flops }) => cell(exact(flops), flops) },
    bytesColumn,
    {
      title: "FLOP/B",
      align: "right",
      meaning: "FLOPs for each byte read or written",
      cell: (row) => cell(intensity(row.flops, moved(row)), Number(row.flops) / Number(moved(row) || 1n)),
    },
    ...timeColumns(report),
  ];
}

/** Paths and shapes are long: numbers whose totals stand above are in short, and with times there are fewer. */
function layerColumns(report: Report): readonly Shown[] {
  return [
    { title: "layer", align: "left", cell: ({ key }) => cell(key) },
    { title: "operation", align: "left", cell: ({ operations = "" }) => cell(operations) },
    { title: "output", align: "left", cell: ({ output }) => cell(output ? showShape(output) : "") },
    {
      title: "×",
      align: "right",
      meaning: "operations of this path",
      cell: ({ layers }) => cell(exact(layers), layers),
    },
    ...countColumns(report),
    ...(report.roofline
      ? []
      : [{ title: "FLOPs", align: "right", cell: ({ flops }) => cell(short(flops), flops) } satisfies Shown]),
    bytesColumn,
    ...timeColumns(report),
  ];
}

function countColumns(report: Report): readonly Shown[] {
  const work = workOf(report);
  return [
    {
      title: "parameters",
      align: "right",
      meaning: "trained values, each counted where it is first used",
      cell: ({ parameters }) => cell(exact(parameters), parameters),
    },
    {
      title: work.title,
      align: "right",
      meaning: work.meaning,
      cell: (row) => cell(exact(work.of(row)), work.of(row)),
    },
    {
      title: "share",
      align: "right",
      meaning: "of the column before",
      cell: (row) => {
        const part = work.total === 0n ? 0 : Number(work.of(row)) / Number(work.total);
        return { text: share(work.of(row), work.total), order: part, part };
      },
    },
  ];
}

const bytesColumn: Shown = {
  title: "bytes",
  align: "right",
  meaning: "read and written",
  cell: (row) => cell(shortBytes(moved(row)), moved(row)),
};

function timeColumns({ roofline }: Report): readonly Shown[] {
  if (!roofline) return [];
  return [
    {
      title: "time",
      align: "right",
      meaning: "the least on the device",
      cell: ({ seconds = 0 }) => cell(duration(seconds), seconds),
    },
    { title: "bound", align: "left", cell: ({ bound = "" }) => cell(bound) },
  ];
}

function moved({ bytesRead, bytesWritten }: BreakdownRow): bigint {
  return bytesRead + bytesWritten;
}
