import type { Command } from "commander";
import { malformedCount, malformedTile } from "../compiler/diagnostics/catalogue/cli.js";
import { malformedCard } from "../compiler/diagnostics/catalogue/sessions.js";
import { malformedSetting } from "../compiler/diagnostics/catalogue/syntax.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import { product } from "../compiler/support/product.js";

/** Which network of a file, with which settings and sizes, as the user wrote it. */
export interface NetworkArguments {
  readonly network?: string;
  readonly pipeline?: string;
  readonly set?: readonly string[];
  readonly tile?: string;
  readonly batch?: string;
}

/** Where weights come from, as the user wrote it. */
export interface WeightArguments {
  readonly init?: "seeded";
  readonly weights?: string;
  readonly checkpoint?: string;
}

/** The largest size of one axis. */
export const largestSize = 65_536;
const mostSizes = 8;
/** As many as a scan may have. */
const mostVoxels = 2 ** 29;

/** Adds the options that say which network, with which settings and sizes. */
export function addNetworkOptions(command: Command): Command {
  return addSettings(command).option("--tile <sizes>", "sizes of the input's axes, such as 96x96x96");
}

/** Adds the option that says with which settings. */
export function addSettings(command: Command): Command {
  return command.option(
    "--set <name=value>",
    "a setting, classes=3, or several with commas between them, classes=3,width=[8,16]; may be repeated",
    collect,
  );
}

/** Adds the option that says which pipeline of a file applies. */
export function addPipelineOption(command: Command): Command {
  return command.option(
    "--pipeline <name>",
    "the pipeline whose settings and tile count (default: the file's only one); --set and --tile come before it",
  );
}

/** Adds the options that say where weights come from. */
export function addWeightOptions(command: Command): Command {
  return command
    .option(
      "--weights <file>",
      "weights to fill in: safetensors or a PyTorch checkpoint, told apart by content",
    )
    .option(
      "--checkpoint <name>",
      "the checkpoint block that names the file's tensors (default: the one that fits best)",
    );
}

/** Gathers an option that may be repeated. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** The settings of one `--set`, `classes=3,width=[8,16]`. Fails with SLAB1106 where a list lacks its brackets. */
export function settingsIn(text: string): readonly string[] {
  const settings = splitAtCommas(text);
  const at = settings.findIndex((setting, index) => index > 0 && !setting.includes("="));
  const before = settings[at - 1];
  if (!before || !/^[^[]*=[^[]*$/.test(before)) return settings;
  const end = settings.findIndex((setting, index) => index > at && setting.includes("="));
  const values = settings.slice(at, end < 0 ? undefined : end);
  const list = `${before.replace("=", "=[")},${values.join(",")}]`;
  return fail(malformedSetting, { found: values[0] as string, list }, { path: "--set" });
}

/** Cuts a text at the commas outside of brackets and texts. */
export function splitAtCommas(text: string): readonly string[] {
  const pieces: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    if (quoted) {
      if (character === "\\") index++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === "," && depth === 0) {
      pieces.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...pieces, text.slice(start)];
}

/**
 * Reads `96x96x96`, the sizes of a tile or of a volume. Fails with SLAB6006.
 *
 * @param voxels how many there may be in all: as many as a scan may have, or any number where nothing is computed
 */
export function parseSizes(option: string, text: string, voxels = mostVoxels): readonly number[] {
  const parts = text.trim().split("x");
  if (!parts.every((part) => /^\d{1,9}$/.test(part)))
    fail(malformedTile, { option, found: text, limit: largestSize });
  const sizes = parts.map(Number);
  if (sizes.some((size) => size < 1 || size > largestSize))
    fail(malformedTile, { option, found: text, limit: largestSize });
  if (sizes.length > mostSizes) {
    fail(malformedTile, {
      option,
      found: `${sizes.length} sizes`,
      reason: `at most ${mostSizes} sizes`,
      limit: largestSize,
    });
  }
  if (product(sizes) > voxels) {
    fail(malformedTile, {
      option,
      found: text,
      reason: `at most ${voxels.toLocaleString("en")} voxels in all`,
      limit: largestSize,
    });
  }
  return sizes;
}

/** Reads a whole number from 1 to `limit`. Fails with SLAB6007. */
export function parseCount(option: string, text: string, limit: number): number {
  const count = Number(text);
  if (!/^\d{1,9}$/.test(text.trim()) || count < 1 || count > limit)
    fail(malformedCount, { option, found: text, limit });
  return count;
}

/** Reads the number of a graphics card. Fails with SLAB5204. */
export function parseCard(text: string): number {
  if (!/^\d{1,3}$/.test(text)) fail(malformedCard, { found: text });
  return Number(text);
}

/** The compiler's form of the network options. Fails with SLAB6006 or SLAB6007. */
export function networkOptions({ network, pipeline, set, tile, batch }: NetworkArguments) {
  return {
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(network === undefined ? {} : { network }),
    settings: (set ?? []).flatMap(settingsIn),
    ...(tile === undefined ? {} : { tile: parseSizes("--tile", tile) }),
    ...(batch === undefined ? {} : { batch: parseCount("--batch", batch, largestSize) }),
  };
}
