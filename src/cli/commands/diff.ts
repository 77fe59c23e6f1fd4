import { diffNeedsTwo } from "../../compiler/diagnostics/catalogue/reports.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { analyze, compareLayers } from "../../compiler/index.js";
import { renderDifference } from "../../reports/render-reports.js";
import { variantOf } from "../../reports/variants.js";
import { readSource, requireWritable } from "../files.js";
import { settingsIn } from "../options.js";
import { parseFormat } from "../report-options.js";
import { deliver } from "../report-output.js";
import type { Terminal } from "../terminal.js";
import { checkVariant, overridden, showWarnings, type VariantChoice } from "../variant.js";

const textFormats = ["table", "markdown", "json", "csv", "html"] as const;

export interface DiffArguments {
  readonly network?: string;
  readonly networkB?: string;
  readonly set?: readonly string[];
  readonly setA?: readonly string[];
  readonly setB?: readonly string[];
  readonly tile?: string;
  readonly tileB?: string;
  readonly batch?: string;
  readonly all?: boolean;
  readonly format?: string;
  readonly output?: string;
}

/** `slab diff`: which layers differ between two networks, or between two choices of one network's settings. */
export function diff(
  first: string,
  second: string | undefined,
  options: DiffArguments,
  terminal: Terminal,
): number {
  const format = parseFormat(options.format, options.output, textFormats);
  const [a, b] = choicesOf(first, second, options);
  if (options.output !== undefined) requireWritable([options.output], [a.file, b.file]);
  for (const { file } of [a, b]) readSource(file);
  const [before, after] = [checkVariant(a, options.batch), checkVariant(b, options.batch)];
  showWarnings([before, after], terminal);
  const [old, next] = [analyze(before), analyze(after)];
  const difference = {
    before: variantOf(a.file, old),
    after: variantOf(b.file, next),
    comparison: compareLayers(old, next),
    all: options.all === true,
  };
  deliver(renderDifference(difference, format), options.output, terminal);
  return 0;
}

function choicesOf(
  first: string,
  second: string | undefined,
  options: DiffArguments,
): readonly [VariantChoice, VariantChoice] {
  const { network, networkB, tile, tileB, setA, setB } = options;
  if ([second, networkB, tileB, setA, setB].every((given) => given === undefined)) {
    fail(diffNeedsTwo, {}, { path: first });
  }
  const common = settingsOf(options.set);
  return [
    { file: first, network, tile, set: overridden(common, settingsOf(setA)) },
    {
      file: second ?? first,
      // The same name in another file is likely meant, where it is named once.
      network: networkB ?? network,
      tile: tileB ?? tile,
      set: overridden(common, settingsOf(setB)),
    },
  ];
}

function settingsOf(texts: readonly string[] = []): readonly string[] {
  return texts.flatMap(settingsIn);
}
