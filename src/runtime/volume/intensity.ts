import { noIntensities } from "../../compiler/diagnostics/catalogue/preparation.js";
import {
  badWindow,
  nonFiniteVoxels,
  unknownIntensity,
} from "../../compiler/diagnostics/catalogue/volumes.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import type { Intensity, Range } from "../../compiler/support/pipeline.js";
import { suggestions } from "../../compiler/support/suggest.js";
import { percentilesOf } from "./percentiles.js";

export type { Intensity } from "../../compiler/support/pipeline.js";

const number = "([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)";
const boundsCall = new RegExp(`^\\(\\s*${number}\\s*,\\s*${number}\\s*((?:,\\s*\\w+\\s*:\\s*\\w+\\s*)*)\\)$`);
const target = new RegExp(`^\\(\\s*${number}\\s*,\\s*${number}\\s*\\)$`);
const kinds = ["none", "minmax", "zscore", "window", "percentiles"] as const;
const forms = ["none", "minmax", "zscore", "window(low,high)", "percentiles(low,high)"];

/**
 * Reads an intensity as a pipeline writes it: `none`, `minmax`, `zscore`, `window(low,high)` or `percentiles(low,high)`,
 * with `over: nonzero` or `clip: false`, and `-> (0, 1)` behind all but zscore. Fails with SLAB5030 (something else) or
 * SLAB5031 (a range without two numbers, low below high).
 */
export function parseIntensity(text: string): Intensity {
  const [left = "", right, ...more] = text.split("->").map((part) => part.trim());
  const kind = /^[a-z]+/.exec(left)?.[0] ?? "";
  const known = kinds.find((each) => each === kind);
  const rest = left.slice(kind.length).trim();
  const unknown = (): never => fail(unknownIntensity, { found: text, similar: suggestions(left, forms) });
  if (!known || more.length > 0 || /^\w/.test(rest)) return unknown();
  const to = right === undefined ? {} : { to: rangeIn(target.exec(right), text) };
  if (known === "window" || known === "percentiles") {
    const match = boundsCall.exec(rest);
    const [low, high] = rangeIn(match, text);
    if (known === "percentiles" && (low < 0 || high > 100)) fail(badWindow, { found: text.trim() });
    const { clip, over } = flagsIn(match?.[3] ?? "");
    if (clip === "wrong" || over === "wrong" || (over && known === "window")) return unknown();
    const clipping = clip ? ({ clip: false } as const) : {};
    if (known === "window") return { kind: known, low, high, ...clipping, ...to };
    return { kind: known, low, high, ...clipping, ...(over ? ({ over: "nonzero" } as const) : {}), ...to };
  }
  if (right !== undefined && known !== "minmax") return unknown();
  if (rest === "") return known === "minmax" ? { kind: known, ...to } : { kind: known };
  if (known === "none" || !/^\(\s*over\s*:\s*nonzero\s*\)$/.test(rest)) return unknown();
  return known === "minmax" ? { kind: known, over: "nonzero", ...to } : { kind: known, over: "nonzero" };
}

function rangeIn(match: RegExpExecArray | null, text: string): Range {
  const [low, high] = [Number(match?.[1]), Number(match?.[2])];
  if (!(low < high && Number.isFinite(high - low))) fail(badWindow, { found: text.trim() });
  return [low, high];
}

/** `, clip: false, over: nonzero` */
function flagsIn(text: string): { readonly clip?: true | "wrong"; readonly over?: true | "wrong" } {
  const parts = text
    .split(",")
    .map((part) => part.replace(/\s/g, ""))
    .filter(Boolean);
  const known = parts.every((part) => ["clip:false", "over:nonzero"].includes(part));
  return known
    ? {
        ...(parts.includes("clip:false") ? { clip: true } : {}),
        ...(parts.includes("over:nonzero") ? { over: true } : {}),
      }
    : { clip: "wrong" };
}

/**
 * Maps the intensities of a volume into `result` (which may be the volume itself), statistics and arithmetic in float64.
 * A constant volume becomes the low end under minmax and percentiles, 0 under zscore. Over nonzero voxels, zeros stay
 * zeros. `path` is the file to name in a diagnostic. Fails with SLAB5032 where a voxel is NaN or infinite, SLAB5045 where
 * there is none that counts.
 */
export function applyIntensity(
  data: Float32Array,
  intensity: Intensity,
  path?: string,
  result: Float32Array = new Float32Array(data.length),
): Float32Array {
  checkFinite(data, path);
  if (intensity.kind === "none") {
    if (result !== data) result.set(data);
    return result;
  }
  const nonzero = "over" in intensity && intensity.over === "nonzero";
  const counts = nonzero ? (value: number) => value !== 0 : () => true;
  const line = lineOf(data, intensity, counts);
  if (!line) fail(noIntensities, { what: intensity.kind }, path === undefined ? undefined : { path });
  const { origin, width, low, high, to } = line;
  const scale = width === 0 ? 0 : (to[1] - to[0]) / width;
  const unit = to[0] === 0 && to[1] === 1;
  for (let index = 0; index < data.length; index++) {
    const value = data[index] as number;
    if (nonzero && value === 0) {
      result[index] = 0;
      continue;
    }
    const held = Math.min(Math.max(value, low), high);
    if (unit) result[index] = width === 0 ? 0 : (held - origin) / width;
    else result[index] = (held - origin) * scale + to[0];
  }
  return result;
}

/** Values are held to low..high; `origin` then becomes the first of `to`, and `origin + width` the second. */
interface Mapping {
  readonly origin: number;
  readonly width: number;
  readonly low: number;
  readonly high: number;
  readonly to: Range;
}

function lineOf(
  data: Float32Array,
  intensity: Exclude<Intensity, { kind: "none" }>,
  counts: (value: number) => boolean,
): Mapping | undefined {
  const everything = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  switch (intensity.kind) {
    case "minmax": {
      const [low, high] = rangeOf(data, counts);
      if (low > high) return undefined;
      return { ...everything, origin: low, width: high - low, to: intensity.to ?? [0, 1] };
    }
    case "zscore": {
      const { mean, deviation, clip } = intensity;
      const limits = clip ? { low: clip[0], high: clip[1] } : everything;
      const held =
        ({ low, high }: { low: number; high: number }) =>
        (value: number) =>
          Math.min(Math.max(value, low), high);
      const moments =
        mean !== undefined && deviation !== undefined
          ? [mean, deviation]
          : momentsOf(data, counts, held(limits));
      const [origin, width] = moments ?? [];
      return origin === undefined || width === undefined
        ? undefined
        : { ...limits, origin, width, to: [0, 1] };
    }
    case "window":
    case "percentiles": {
      const wanted = [intensity.low, intensity.high];
      const [low, high] = (intensity.kind === "window" ? wanted : percentilesOf(data, wanted, counts)) ?? [];
      if (low === undefined || high === undefined) return undefined;
      const limits = intensity.clip === false ? everything : { low, high };
      return { ...limits, origin: low, width: high - low, to: intensity.to ?? [0, 1] };
    }
  }
}

/** The least and the greatest voxel; the other way round where none counts. */
export function rangeOf(
  data: Float32Array,
  counts: (value: number) => boolean = () => true,
): [least: number, greatest: number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < data.length; index++) {
    const value = data[index] as number;
    if (!counts(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}

/** Mean and population standard deviation, in two passes for accuracy; undefined where no voxel counts. */
function momentsOf(
  data: Float32Array,
  counts: (value: number) => boolean,
  held: (value: number) => number,
): [mean: number, deviation: number] | undefined {
  const [least, greatest] = rangeOf(data, counts);
  if (least > greatest) return undefined;
  // The rounded mean of equal values may differ from them, and then a constant volume would seem to vary.
  if (held(least) === held(greatest)) return [held(least), 0];
  let [sum, total] = [0, 0];
  for (let index = 0; index < data.length; index++) {
    const value = data[index] as number;
    if (!counts(value)) continue;
    sum += held(value);
    total += 1;
  }
  const mean = sum / total;
  let squares = 0;
  for (let index = 0; index < data.length; index++) {
    const value = data[index] as number;
    if (counts(value)) squares += (held(value) - mean) ** 2;
  }
  return [mean, Math.sqrt(squares / total)];
}

export function checkFinite(data: Float32Array, path: string | undefined): void {
  let [nan, infinite] = [0, 0];
  for (const value of data) {
    if (Number.isFinite(value)) continue;
    if (Number.isNaN(value)) nan++;
    else infinite++;
  }
  if (nan + infinite === 0) return;
  fail(nonFiniteVoxels, { nan, infinite, total: data.length }, path === undefined ? undefined : { path });
}
