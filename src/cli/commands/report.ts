import { overlapNeedsVolume } from "../../compiler/diagnostics/catalogue/analysis.js";
import { budgetExceeded } from "../../compiler/diagnostics/catalogue/reports.js";
import { type Diagnostic, diagnose, fail } from "../../compiler/diagnostics/diagnostic.js";
import { type Grouping, parseBudget, presetNames, SlabFailure } from "../../compiler/index.js";
import { showQuantity } from "../../reports/budget.js";
import { buildOpenReport, buildReport, isOpen, type ReportRequest } from "../../reports/build.js";
import { exact, share } from "../../reports/numbers.js";
import { renderOpenReports, renderReports } from "../../reports/render-reports.js";
import type { Report } from "../../reports/report.js";
import { legendOf, variantOf } from "../../reports/variants.js";
import { choose, parseOverlap } from "../../runtime/tiling/options.js";
import { readSource, requireWritable } from "../files.js";
import { showOpenType } from "../network.js";
import { parseCount, parseSizes, settingsIn } from "../options.js";
import {
  type Format,
  filesAndNetworks,
  formats,
  parseConvention,
  parseDevice,
  parseFormat,
  parseGroupings,
  parseSpacing,
} from "../report-options.js";
import { deliver, deliverPng } from "../report-output.js";
import type { Terminal } from "../terminal.js";
import { checkVariant, overridden, showWarnings, type VariantChoice } from "../variant.js";

export interface ReportArguments {
  readonly network?: string;
  readonly set?: readonly string[];
  /** Sizes of the input; several are put side by side. */
  readonly tile?: readonly string[];
  readonly batch?: string;
  readonly by?: string;
  readonly depth?: string;
  readonly format?: string;
  readonly convention: string;
  readonly budget?: readonly string[];
  /** The preset whose memory counts. */
  readonly schedule: string;
  readonly volume?: string;
  readonly overlap?: string;
  readonly spacing?: string;
  readonly device?: string;
  /** Settings of further networks, to be put beside the first. */
  readonly compare?: readonly string[];
  readonly output?: string;
}

/** `slab report`: what networks cost, computed from their texts. Exit code 1 where one does not keep the budget. */
export async function report(
  words: readonly string[],
  options: ReportArguments,
  terminal: Terminal,
): Promise<number> {
  const format = parseFormat(options.format, options.output, formats);
  const choices = choicesOf(words, options);
  const request = await requestOf(options, format, choices.length === 1);
  const files = [...new Set(choices.map(({ file }) => file))];
  if (options.output !== undefined) requireWritable([options.output], files);
  for (const file of files) readSource(file);
  const networks = choices.map((choice) => ({
    file: choice.file,
    checked: checkVariant(choice, options.batch),
  }));
  showWarnings(
    networks.map(({ checked }) => checked),
    terminal,
  );
  if (networks.some(({ checked }) => isOpen(checked)) && !isFigure(format) && !needsSizes(options)) {
    const reports = networks.map(({ file, checked }) =>
      buildOpenReport(file, checked, (type) => showOpenType(type, checked)),
    );
    deliver(renderOpenReports(reports, format), options.output, terminal);
    return 0;
  }
  const reports = networks.map(({ file, checked }) => buildReport(file, checked, request));
  if (format === "png") await deliverPng(renderReports(reports, "svg"), options.output, terminal);
  else deliver(renderReports(reports, format), options.output, terminal);
  const exceeded = exceededLimits(reports);
  if (exceeded.length > 0) throw new SlabFailure(exceeded);
  return 0;
}

/** Every file with every network and tile that is named, each with its own settings first and then with those to compare. */
function choicesOf(words: readonly string[], options: ReportArguments): readonly VariantChoice[] {
  const { files, networks } = filesAndNetworks(words);
  const named = [...(options.network === undefined ? [] : [options.network]), ...networks];
  const own = (options.set ?? []).flatMap(settingsIn);
  const settings = [[], ...(options.compare ?? []).map(settingsIn)].map((other) => overridden(own, other));
  return files.flatMap((file) =>
    (named.length > 0 ? named : [undefined]).flatMap((network) =>
      (options.tile ?? [undefined]).flatMap((tile) => settings.map((set) => ({ file, network, set, tile }))),
    ),
  );
}

async function requestOf(
  options: ReportArguments,
  format: Format,
  isSingle: boolean,
): Promise<ReportRequest> {
  const { by, depth, volume, budget, spacing, device } = options;
  const overlap = parseOverlap(options.overlap ?? "0.5");
  if (options.overlap !== undefined && volume === undefined) fail(overlapNeedsVolume, {});
  return {
    by: parseGroupings(by, depth, usualGroupings(format, isSingle)),
    ...(depth === undefined ? {} : { depth: parseCount("--depth", depth, 64) }),
    convention: parseConvention(options.convention),
    schedule: choose("schedule", options.schedule, presetNames),
    ...(budget === undefined ? {} : { budget: budget.flatMap(parseBudget) }),
    ...(spacing === undefined ? {} : { spacing: parseSpacing(spacing) }),
    ...(volume === undefined
      ? {}
      : {
          volume: {
            sizes: parseSizes("--volume", volume, Number.POSITIVE_INFINITY),
            overlap,
          },
        }),
    ...(device === undefined ? {} : { device: await parseDevice(device) }),
  };
}

/** A page has room for everything; a figure of one network shows its levels. */
function usualGroupings(format: Format, isSingle: boolean): readonly Grouping[] {
  if (format === "html") return isSingle ? ["level", "op", "view", "layer"] : ["level"];
  return isFigure(format) && isSingle ? ["level"] : [];
}

function isFigure(format: Format): format is "svg" | "png" {
  return format === "svg" || format === "png";
}

function needsSizes({ by, depth, volume, budget, spacing, device, schedule }: ReportArguments): boolean {
  if (schedule !== "portable") return true;
  return [by === "total" ? undefined : by, depth, volume, budget, spacing, device].some(
    (option) => option !== undefined,
  );
}

function exceededLimits(reports: readonly Report[]): Diagnostic[] {
  const { entries } = legendOf(reports.map(({ file, analysis }) => variantOf(file, analysis)));
  return reports.flatMap(({ file, analysis, verdicts = [] }, index) =>
    verdicts.flatMap(({ text, quantity, found, limit, excess, kept }) => {
      if (kept) return [];
      const variant = reports.length > 1 ? entries[index]?.text : undefined;
      const args = {
        network: analysis.network,
        quantity,
        limit: text,
        found: `${exact(found)} (${showQuantity(quantity, found)})`,
        excess: `by ${exact(excess)} (${showQuantity(quantity, excess)}), ${share(excess, limit)} of the limit`,
        ...(variant === undefined ? {} : { variant }),
      };
      return [diagnose(budgetExceeded, args, { path: file })];
    }),
  );
}
