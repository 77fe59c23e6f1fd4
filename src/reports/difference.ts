import type { LayerChange, NetworkComparison, Totals } from "../compiler/index.js";
import { moved, shownLayers } from "./difference-data.js";
import { type Block, type Cell, cell, type Document, type Fact, type Row, type Table } from "./document.js";
import { counted, exact, ratio, signed } from "./numbers.js";
import type { DifferenceReport } from "./report.js";
import { legendFacts, legendOf } from "./variants.js";

/** What changed from one network to another, for people. */
export function describeDifference({ before, after, comparison, all }: DifferenceReport): Document {
  const { layers } = comparison;
  const shown = shownLayers(layers, all);
  const counts = (["changed", "added", "removed"] as const).map(
    (change) => `${exact(layers.filter((each) => each.change === change).length)} ${change}`,
  );
  const names = [...new Set([before.network, after.network])];
  const table: Block[] =
    shown.length === 0 ? [{ kind: "remark", text: "Every layer is the same." }] : [layerTable(shown)];
  return {
    title: `${names.join(" → ")}: of ${counted(layers.length, "layer")} ${counts.join(", ")}`,
    blocks: [legendFacts(legendOf([before, after])), totals(comparison), ...table, ...argumentFacts(shown)],
  };
}

function totals({ before, after }: NetworkComparison): Table {
  const quantities: readonly (readonly [string, (totals: Totals) => bigint])[] = [
    ["parameters", ({ parameters }) => parameters],
    ["MACs", ({ macs }) => macs],
    ["FLOPs", ({ flops }) => flops],
    ["bytes moved", moved],
    ["peak memory", ({ peakBytes }) => peakBytes],
  ];
  return {
    kind: "table",
    title: "In all",
    columns: [
      { title: "", align: "left" },
      { title: "A", align: "right" },
      { title: "B", align: "right" },
      { title: "B − A", align: "right" },
      { title: "", align: "right" },
    ],
    rows: quantities.map(([name, value]) => [
      cell(name),
      cell(exact(value(before)), value(before)),
      cell(exact(value(after)), value(after)),
      cell(signed(value(after) - value(before)), value(after) - value(before)),
      cell(ratio(value(after), value(before))),
    ]),
  };
}

const marks = { added: "+", removed: "−", changed: "~", same: "" } as const;

function layerTable(layers: readonly LayerChange[]): Table {
  return {
    kind: "table",
    title: "By layer",
    columns: [
      { title: "", align: "left", meaning: "+ only in B, − only in A, ~ changed" },
      { title: "layer", align: "left" },
      { title: "operation", align: "left" },
      { title: "parameters", align: "right", meaning: "B − A" },
      { title: "MACs", align: "right", meaning: "B − A" },
      { title: "FLOPs", align: "right", meaning: "B − A" },
      { title: "bytes", align: "right", meaning: "B − A" },
    ],
    rows: layers.map(layerRow),
    remark: "+ only in B, − only in A, ~ changed; counts are B − A.",
  };
}

function layerRow({ path, change, before, after }: LayerChange): Row {
  const delta = (value: (side: NonNullable<LayerChange["before"]>) => bigint): Cell => {
    const difference = (after ? value(after) : 0n) - (before ? value(before) : 0n);
    return cell(difference === 0n ? "·" : signed(difference), difference);
  };
  const operations = [before?.operation, after?.operation].filter((name) => name !== undefined);
  return [
    cell(marks[change]),
    cell(path),
    cell([...new Set(operations)].join(" → ")),
    delta(({ parameters }) => parameters),
    delta(({ macs }) => macs),
    delta(({ flops }) => flops),
    delta(moved),
  ];
}

/** What is different in layers that changed, where the table does not say it: arguments and shapes. */
function argumentFacts(layers: readonly LayerChange[]): Block[] {
  const counts = new Set(["operation", "parameters", "macs", "flops", "bytes"]);
  const facts = layers.flatMap(({ path, change, differences }): Fact[] => {
    const told = differences.filter(({ what }) => !counts.has(what));
    if (change !== "changed" || told.length === 0) return [];
    return [
      { name: path, text: told.map(({ what, before, after }) => `${what} ${before} → ${after}`).join("; ") },
    ];
  });
  return facts.length === 0 ? [] : [{ kind: "facts", title: "What changed in them", facts }];
}
