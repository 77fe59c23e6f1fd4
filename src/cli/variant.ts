import { type CheckedNetwork, checkNetwork, renderDiagnostics } from "../compiler/index.js";
import { createHost } from "./host.js";
import { largestSize, parseCount, parseSizes } from "./options.js";
import type { Terminal } from "./terminal.js";

/** One of the networks that are compared: a file, a network of it, settings and sizes. */
export interface VariantChoice {
  readonly file: string;
  readonly network: string | undefined;
  readonly set: readonly string[];
  readonly tile: string | undefined;
}

/** Checks a network that is only looked at: its tile may be larger than what can be computed. */
export function checkVariant(
  { file, network, set, tile }: VariantChoice,
  batch: string | undefined,
): CheckedNetwork {
  return checkNetwork(file, createHost(file), {
    ...(network === undefined ? {} : { network }),
    settings: set,
    ...(tile === undefined ? {} : { tile: parseSizes("--tile", tile, Number.POSITIVE_INFINITY) }),
    ...(batch === undefined ? {} : { batch: parseCount("--batch", batch, largestSize) }),
  });
}

/** Settings with others on top of them; the compiler refuses one that is given twice. */
export function overridden(settings: readonly string[], others: readonly string[]): readonly string[] {
  const nameOf = (setting: string) => setting.split("=")[0]?.trim();
  const names = new Set(others.map(nameOf));
  return [...settings.filter((setting) => !names.has(nameOf(setting))), ...others];
}

/** Warnings of all networks, each once: variants of one file share theirs. */
export function showWarnings(networks: readonly CheckedNetwork[], terminal: Terminal): void {
  const rendered = networks.flatMap(({ warnings }) =>
    warnings.map((warning) => renderDiagnostics([warning], { colour: terminal.colour })),
  );
  if (rendered.length > 0) terminal.remark([...new Set(rendered)].join("\n\n"));
}
