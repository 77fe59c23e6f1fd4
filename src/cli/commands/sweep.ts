import {
  allVariantsFailed,
  nothingToDraw,
  sweepOutput,
  unknownColumn,
} from "../../compiler/diagnostics/catalogue/sweep.js";
import { diagnose, fail } from "../../compiler/diagnostics/diagnostic.js";
import {
  type Diagnostic,
  measure,
  type NetworkVariants,
  openVariants,
  type QuantityName,
  quantities,
  renderDiagnostics,
  SlabFailure,
} from "../../compiler/index.js";
import { suggestions } from "../../compiler/support/suggest.js";
import { drawScatter } from "../../reports/svg/scatter.js";
import { chartOf, type SweepChart } from "../../reports/sweep/chart.js";
import { csvChunks, jsonChunks, type SweepRow } from "../../reports/sweep/files.js";
import { SweepPoints } from "../../reports/sweep/points.js";
import { sweepTable } from "../../reports/sweep/table.js";
import { writeFileAtomically, writeFileGradually } from "../../runtime/volume/files.js";
import { readSource, requireWritable } from "../files.js";
import { createHost } from "../host.js";
import { type Measurements, readMeasurements } from "../measurements.js";
import { largestSize, parseCount, parseSizes } from "../options.js";
import { pictureBytes } from "../picture.js";
import { planSweep, type SweepPlan, variantsOf } from "../sweep-settings.js";
import type { Terminal } from "../terminal.js";

export interface SweepArguments {
  readonly network?: string;
  readonly set?: readonly string[];
  readonly tile?: string;
  readonly batch?: string;
  readonly columns?: string;
  readonly measured?: string;
  readonly output?: string;
  readonly picture?: readonly string[];
  readonly x: string;
  readonly y?: string;
  readonly better?: "low" | "high";
}

/** What became of the variants. */
interface Outcome {
  done: number;
  failed: number;
  firstFailure: readonly Diagnostic[];
}

/** More rows than this are written to a file, not printed. */
const mostPrinted = 60;

/** `slab sweep`: the product of several settings' values, as a table, as files and as a picture of the trade-off. */
export async function sweep(file: string, options: SweepArguments, terminal: Terminal): Promise<number> {
  const { output, picture = [] } = options;
  const format = output === undefined ? undefined : formatOf(output, ["csv", "json"]);
  const pictures = picture.map((path) => ({ path, format: formatOf(path, ["svg", "png"]) }));
  const written = [...(output === undefined ? [] : [output]), ...picture];
  requireWritable(written, [file, ...(options.measured === undefined ? [] : [options.measured])]);
  readSource(file);
  const network = openVariants(file, createHost(file), options.network);
  const plan = planSweep(options.set ?? [], network);
  const names = plan.variations.map(({ name }) => name);
  const measured = options.measured === undefined ? undefined : readMeasurements(options.measured, names);
  const counted = countedColumns(options, measured);
  const columns = [...counted, ...(measured?.columns ?? [])];
  const chart = pictures.length === 0 ? undefined : chartColumns(options, columns, counted, measured);
  const points = chart && new SweepPoints(chart.better);

  const outcome: Outcome = { done: 0, failed: 0, firstFailure: [] };
  const rows = rowsOf(network, plan, options, counted, measured, outcome);
  const noted = chart && points ? notePoints(rows, columns, chart, points) : rows;
  if (output !== undefined && format !== undefined) {
    const chunks = format === "csv" ? csvChunks(noted, names, columns) : jsonChunks(noted, names, columns);
    await writeFileGradually({ path: output, chunks });
  } else printRows(noted, names, columns, terminal);

  if (chart && points) {
    if (points.all.length === 0) fail(nothingToDraw, { x: chart.x, y: chart.y });
    const subtitle = [file, ...plan.fixed, ...(options.tile === undefined ? [] : [`tile ${options.tile}`])];
    const svg = drawScatter(chartOf(chart, points, { names, subtitle: subtitle.join(", ") }));
    for (const { path, format: kind } of pictures) {
      writeFileAtomically(path, await pictureBytes(svg, kind));
    }
  }
  report(outcome, written, terminal);
  return 0;
}

function formatOf<F extends string>(path: string, formats: readonly F[]): F {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase();
  const found = formats.find((format) => format === ending);
  return found ?? fail(sweepOutput, { formats: formats.map((format) => `.${format}`) }, { path });
}

/** What a picture has to the right and upwards: what was measured over the work it takes, or else the parameters. */
function chartAxes({ x, y, tile }: SweepArguments, measured: Measurements | undefined) {
  const across = tile === undefined && x === "macs" ? "parameters" : x;
  const usual = across === "parameters" ? "layers" : "parameters";
  return { across, up: y ?? measured?.columns[0] ?? usual };
}

function countedColumns(
  options: SweepArguments,
  measured: Measurements | undefined,
): readonly QuantityName[] {
  const { columns, tile, x, y, picture = [] } = options;
  const usual = tile === undefined ? "parameters" : "parameters,macs,flops";
  const named = (columns ?? usual).split(",").map((name) => name.trim());
  const { across, up } = chartAxes(options, measured);
  const asked = y === undefined && x === "macs" ? [] : [across, ...(y === undefined ? [] : [y])];
  const drawn = picture.length === 0 ? asked : [across, up];
  const chart = drawn.filter((name) => !measured?.columns.includes(name));
  const known = quantities.map(({ name }) => name);
  const wanted = [...named, ...chart];
  return [...new Set(wanted)].map((name) => {
    const found = known.find((candidate) => candidate === name);
    if (found) return found;
    const option = named.includes(name) ? "--columns" : name === x ? "--x" : "--y";
    const all = [...known, ...(measured?.columns ?? [])];
    const [suggestion] = suggestions(name, all);
    return fail(unknownColumn, { option, found: name, known: all, ...(suggestion ? { suggestion } : {}) });
  });
}

function chartColumns(
  options: SweepArguments,
  columns: readonly string[],
  counted: readonly string[],
  measured: Measurements | undefined,
): SweepChart {
  const { across, up } = chartAxes(options, measured);
  const area =
    measured && counted.includes("parameters") && across !== "parameters" ? "parameters" : undefined;
  for (const [option, name] of [
    ["--x", across],
    ["--y", up],
  ] as const) {
    if (columns.includes(name)) continue;
    const [suggestion] = suggestions(name, columns);
    fail(unknownColumn, { option, found: name, known: columns, ...(suggestion ? { suggestion } : {}) });
  }
  const usual = (name: string) => (measured?.columns.includes(name) ? "high" : "low");
  return {
    x: across,
    y: up,
    ...(area === undefined ? {} : { area }),
    better: { x: usual(across), y: options.better ?? usual(up) },
  };
}

function* rowsOf(
  network: NetworkVariants,
  plan: SweepPlan,
  { tile, batch }: SweepArguments,
  counted: readonly QuantityName[],
  measured: Measurements | undefined,
  outcome: Outcome,
): Generator<SweepRow> {
  const sizes = {
    ...(tile === undefined ? {} : { tile: parseSizes("--tile", tile, Number.POSITIVE_INFINITY) }),
    ...(batch === undefined ? {} : { batch: parseCount("--batch", batch, largestSize) }),
  };
  const settingsOf = (settings: readonly string[]) => network.build({ settings, ...sizes }).settings;
  for (const { values, settings } of variantsOf(plan, settingsOf)) {
    try {
      const graph = network.build({ settings, ...sizes });
      const numbers = measure({ graph }, counted);
      const found = measured && (measured.of(values) ?? measured.columns.map(() => undefined));
      outcome.done += 1;
      yield { values, numbers: [...counted.map((name) => numbers.get(name)), ...(found ?? [])] };
    } catch (failure) {
      if (!(failure instanceof SlabFailure)) throw failure;
      outcome.failed += 1;
      if (outcome.failed === 1) {
        outcome.firstFailure =
          diagnosticsOf(() => network.check({ settings, ...sizes })) ?? failure.diagnostics;
      }
    }
  }
  if (outcome.done === 0) {
    const all = plan.count > 1 ? [diagnose(allVariantsFailed, { count: plan.count })] : [];
    throw new SlabFailure([...outcome.firstFailure, ...all]);
  }
}

/** What is wrong, where something is. */
function diagnosticsOf(action: () => void): readonly Diagnostic[] | undefined {
  try {
    action();
    return undefined;
  } catch (failure) {
    if (!(failure instanceof SlabFailure)) throw failure;
    return failure.diagnostics;
  }
}

/** The same rows; each is noted for the picture as it goes by. */
function* notePoints(
  rows: Iterable<SweepRow>,
  columns: readonly string[],
  { x, y, area }: SweepChart,
  points: SweepPoints,
): Generator<SweepRow> {
  const [atX, atY, atArea] = [columns.indexOf(x), columns.indexOf(y), columns.indexOf(area ?? "")];
  for (const row of rows) {
    const [across, up, around] = [row.numbers[atX], row.numbers[atY], row.numbers[atArea]];
    if (across !== undefined && up !== undefined) {
      const circle = around === undefined ? {} : { area: Number(around) };
      points.add({ x: Number(across), y: Number(up), values: row.values, ...circle });
    }
    yield row;
  }
}

function printRows(
  rows: Iterable<SweepRow>,
  names: readonly string[],
  columns: readonly string[],
  terminal: Terminal,
): void {
  const shown: SweepRow[] = [];
  let more = 0;
  for (const row of rows) {
    if (shown.length < mostPrinted) shown.push(row);
    else more += 1;
  }
  terminal.print(sweepTable(shown, names, columns));
  if (more > 0) {
    terminal.print(`… and ${more.toLocaleString("en")} more; -o variants.csv or .json writes all of them`);
  }
}

function report(
  { done, failed, firstFailure }: Outcome,
  written: readonly string[],
  terminal: Terminal,
): void {
  if (failed > 0) {
    const [first] = firstFailure;
    const shown = first ? renderDiagnostics([first], { colour: terminal.colour }) : "";
    terminal.remark(
      `${shown}\n\n${failed.toLocaleString("en")} of ${(done + failed).toLocaleString("en")} variants are not right and left out; what is wrong with the first is said above.`,
    );
  }
  for (const path of written) terminal.remark(`${path}: ${done.toLocaleString("en")} variants`);
}
