import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { malformedMemory, memoryTooSmall } from "../compiler/diagnostics/catalogue/sessions.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import type { Triple } from "./tiling/positions.js";
import { blendingBytes } from "./tiling/window.js";

const units: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** How often the memory of the process is looked at while the network runs. */
const SAMPLING_MILLISECONDS = 20;

/** What `--memory` says, in bytes: a number with MB, GB, MiB or GiB. Fails with a diagnostic for anything else. */
export function parseMemory(text: string): number {
  const [, number = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$/.exec(text) ?? [];
  const factor = units[Object.keys(units).find((name) => name.toLowerCase() === unit.toLowerCase()) ?? ""];
  const bytes = Math.floor(Number(number) * (factor ?? Number.NaN));
  if (!(bytes >= 1 && Number.isSafeInteger(bytes))) fail(malformedMemory, { found: text });
  return bytes;
}

/** Something that needs memory. */
export interface Need {
  readonly what: string;
  readonly bytes: number;
}

/** What blending needs besides the network and the volume: `blended` classes are held, and a label for each voxel. */
export function blendingNeeds(size: Triple, tile: Triple, blended: number, classes: number): readonly Need[] {
  const voxels = size[0] * size[1] * size[2];
  return [
    { what: "scores of one tile's thickness", bytes: blended === 0 ? 0 : blendingBytes(size, tile, blended) },
    { what: "labels", bytes: voxels * (classes <= 256 ? 1 : 2) },
  ];
}

/** Watches the resident set of this process against a limit. */
export interface MemoryWatch {
  readonly limit: number;
  /** The most bytes that were seen. */
  readonly peak: number;
  /** Looks at once. */
  look(): number;
  /** Forgets the peak, and what is not used any more. */
  restart(): void;
  stop(): void;
}

/** Starts to watch. The garbage of JavaScript is collected first, and whenever the watch is restarted. */
export function watchMemory(limit: number): MemoryWatch {
  let peak = 0;
  const look = () => {
    const now = process.memoryUsage.rss();
    if (now > peak) peak = now;
    return now;
  };
  const restart = () => {
    collectGarbage();
    peak = 0;
    look();
  };
  restart();
  const timer = setInterval(look, SAMPLING_MILLISECONDS).unref();
  return {
    limit,
    get peak() {
      return peak;
    },
    look,
    restart,
    stop: () => clearInterval(timer),
  };
}

/** Fails with a diagnostic where what the process has needed and what it is about to allocate exceed the limit. */
export function requireMemory(watch: MemoryWatch, needs: readonly Need[], path: string): void {
  watch.look();
  const all = [{ what: "the process with scan and network", bytes: watch.peak }, ...needs];
  const needed = all.reduce((sum, { bytes }) => sum + bytes, 0);
  if (needed > watch.limit) fail(memoryTooSmall, { limit: watch.limit, needed, needs: all }, { path });
}

/**
 * A scan that has been read leaves buffers behind, of which the collector of garbage, which counts JavaScript's own
 * objects, is in no hurry to get rid.
 */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
