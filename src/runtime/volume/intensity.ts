import {
  badWindow,
  nonFiniteVoxels,
  unknownIntensity,
} from "../../compiler/diagnostics/catalogue/volumes.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { suggestions } from "../../compiler/support/suggest.js";

/** What is done to the intensities of a scan before a network sees them. */
export type Intensity =
  | { readonly kind: "none" }
  /** The whole volume to 0..1 by its least and greatest voxel. */
  | { readonly kind: "minmax" }
  /** The whole volume to mean 0 and (population) standard deviation 1. */
  | { readonly kind: "zscore" }
  /** low..high to 0..1, what lies outside to 0 and 1. */
  | { readonly kind: "window"; readonly low: number; readonly high: number };

const number = "([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)";
const windowCall = new RegExp(`^window\\s*\\(\\s*${number}\\s*,\\s*${number}\\s*\\)$`);

/**
 * Reads `none`, `minmax`, `zscore` or `window(low,high)`. Fails with SLAB5030 (something else) or SLAB5031 (a window
 * without two numbers, low below high).
 */
export function parseIntensity(text: string): Intensity {
  const word = text.trim();
  if (word === "none" || word === "minmax" || word === "zscore") return { kind: word };
  if (!/^window\b/.test(word)) {
    fail(unknownIntensity, {
      found: text,
      similar: suggestions(word, ["none", "minmax", "zscore", "window(low,high)"]),
    });
  }
  const match = windowCall.exec(word);
  const [low, high] = [Number(match?.[1]), Number(match?.[2])];
  if (!(low < high && Number.isFinite(high - low))) fail(badWindow, { found: word });
  return { kind: "window", low, high };
}

/**
 * Maps the intensities of a volume, statistics and arithmetic in float64. A constant volume becomes 0 under minmax and
 * zscore. `path` is the file to name in a diagnostic. Fails with SLAB5032 where a voxel is NaN or infinite.
 */
export function applyIntensity(data: Float32Array, intensity: Intensity, path?: string): Float32Array {
  checkFinite(data, path);
  switch (intensity.kind) {
    case "none":
      return data.slice();
    case "minmax": {
      const [least, greatest] = rangeOf(data);
      return mapped(data, least, greatest - least);
    }
    case "zscore": {
      const [mean, deviation] = momentsOf(data);
      return mapped(data, mean, deviation);
    }
    case "window": {
      const { low, high } = intensity;
      const result = new Float32Array(data.length);
      const width = high - low;
      for (let index = 0; index < data.length; index++) {
        result[index] = (Math.min(Math.max(data[index] as number, low), high) - low) / width;
      }
      return result;
    }
  }
}

function mapped(data: Float32Array, origin: number, scale: number): Float32Array {
  const result = new Float32Array(data.length);
  if (scale === 0) return result;
  for (let index = 0; index < data.length; index++)
    result[index] = ((data[index] as number) - origin) / scale;
  return result;
}

function rangeOf(data: Float32Array): [least: number, greatest: number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}

/** Mean and population standard deviation, in two passes for accuracy. */
function momentsOf(data: Float32Array): [mean: number, deviation: number] {
  const [least, greatest] = rangeOf(data);
  // The rounded mean of equal values may differ from them, and then a constant volume would seem to vary.
  if (least === greatest) return [least, 0];
  let sum = 0;
  for (const value of data) sum += value;
  const mean = sum / data.length;
  let squares = 0;
  for (const value of data) squares += (value - mean) ** 2;
  return [mean, Math.sqrt(squares / data.length)];
}

function checkFinite(data: Float32Array, path: string | undefined): void {
  let [nan, infinite] = [0, 0];
  for (const value of data) {
    if (Number.isFinite(value)) continue;
    if (Number.isNaN(value)) nan++;
    else infinite++;
  }
  if (nan + infinite === 0) return;
  fail(nonFiniteVoxels, { nan, infinite, total: data.length }, path === undefined ? undefined : { path });
}
