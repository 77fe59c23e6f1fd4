import { existsSync } from "node:fs";
import { badSpacingOption } from "../compiler/diagnostics/catalogue/preparation.js";
import {
  depthWithoutLayers,
  formatOfName,
  malformedSpacing,
  spacingAxes,
} from "../compiler/diagnostics/catalogue/reports.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import {
  type Analysis,
  type ConventionName,
  type DeviceProfile,
  devices,
  type Grouping,
} from "../compiler/index.js";
import { choose } from "../runtime/tiling/options.js";

export const formats = ["table", "markdown", "json", "csv", "html", "svg", "png"] as const;
export type Format = (typeof formats)[number];

const groupings: readonly Grouping[] = ["total", "layer", "level", "op", "view"];
const conventionNames: readonly (ConventionName | "exact")[] = ["exact", "fvcore", "ptflops", "torch"];

const formatByEnding: Readonly<Record<string, Format>> = {
  txt: "table",
  md: "markdown",
  json: "json",
  csv: "csv",
  html: "html",
  svg: "svg",
  png: "png",
};

/**
 * The format that `--format` names, or else the ending of the file that is written, or else a table. Fails with SLAB5118
 * for an unknown one, and with SLAB7021 for an ending that tells none.
 */
export function parseFormat<F extends Format>(
  given: string | undefined,
  output: string | undefined,
  known: readonly F[],
): F {
  if (given !== undefined) return choose("format", given, known);
  const ending = /\.(\w+)$/.exec(output ?? ".txt")?.[1]?.toLowerCase() ?? "";
  const found = known.find((format) => format === formatByEnding[ending]);
  return found ?? fail(formatOfName, { formats: known }, { path: output ?? "" });
}

/** What `--by` names: one or several, `level,op`; `total` alone is none. Fails with SLAB5118 or SLAB7022. */
export function parseGroupings(
  given: string | undefined,
  depth: string | undefined,
  otherwise: readonly Grouping[],
): readonly Grouping[] {
  if (given === undefined) return depth === undefined ? otherwise : ["layer"];
  const chosen = given.split(",").map((part) => choose("by", part.trim(), groupings));
  if (depth !== undefined && !chosen.includes("layer")) fail(depthWithoutLayers, { by: given });
  return [...new Set(chosen)].filter((by) => by !== "total");
}

/** What `--convention` names. Fails with SLAB5118. */
export function parseConvention(given: string): ConventionName | "exact" {
  return choose("convention", given, conventionNames);
}

/**
 * What `--spacing` says, in millimetres: one number for every axis of the volume, or one for each, `0.8x0.8x3`. Fails with
 * SLAB7023, or with SLAB7024 once it is known how many axes there are.
 */
export function parseSpacing(given: string): (analysis: Analysis) => Readonly<Record<string, number>> {
  const steps = given.split("x").map((part) => (/^\s*\d*\.?\d+\s*$/.test(part) ? Number(part) : 0));
  if (!steps.every((step) => step > 0)) fail(malformedSpacing, { found: given });
  return ({ receptiveFields }) => {
    const axes = [...new Set(receptiveFields.flatMap((field) => field.axes.map(({ axis }) => axis)))];
    if (steps.length !== 1 && steps.length !== axes.length) fail(spacingAxes, { found: given, axes });
    return Object.fromEntries(
      axes.map((axis, index) => [axis, steps[steps.length === 1 ? 0 : index] as number]),
    );
  };
}

/** What `--spacing` says to a run: voxel sizes along three axes in mm. Fails with SLAB5050. */
export function parseTriple(given: string): readonly [number, number, number] {
  const steps = given.split("x").map((part) => (/^\s*\d*\.?\d+\s*$/.test(part) ? Number(part) : 0));
  const [x, y, z] = steps;
  const fits = steps.length === 3 && steps.every((step) => step >= 1e-3 && step <= 1e3);
  if (!fits || x === undefined || y === undefined || z === undefined) {
    return fail(badSpacingOption, { found: given });
  }
  return [x, y, z];
}

/** The device that `--device` names; `measure` times this machine. Fails with SLAB5118. */
export async function parseDevice(given: string): Promise<DeviceProfile> {
  const chosen = choose("device", given, [...devices.map(({ name }) => name), "measure"]);
  const known = devices.find(({ name }) => name === chosen);
  return known ?? (await import("../runtime/measure.js")).measureDevice();
}

/** Tells files from names of networks, which are words in CamelCase: `slab report net.slab UNet2D UNet3D`. */
export function filesAndNetworks(words: readonly string[]): {
  readonly files: readonly string[];
  readonly networks: readonly string[];
} {
  const isNetwork = (word: string) => /^[A-Z]\w*$/.test(word) && !existsSync(word);
  const [first = "", ...others] = words;
  return {
    files: [first, ...others.filter((word) => !isNetwork(word))],
    networks: others.filter(isNetwork),
  };
}
