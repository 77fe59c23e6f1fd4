import { constants, gunzipSync } from "node:zlib";
import { damagedGzip } from "../../compiler/diagnostics/catalogue/volumes.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";

/** Deflate shrinks at most 1032 to 1 (a match of 258 bytes in 2 bits). */
const greatestRatio = 1032;

/** Lengths of gzip data that hold the first bytes: the second covers the longest extra field. */
const prefixLengths = [4096, 131072];

/** Whether bytes start as gzip data does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The first bytes of gzip data: `count` or more where there are as many. At most 135 MB are decompressed, whatever the
 * data claim. Fails with SLAB5008 where the data are damaged.
 */
export function gunzipStart(bytes: Uint8Array, count: number, path: string): Uint8Array {
  let start: Uint8Array = new Uint8Array();
  for (const length of prefixLengths) {
    const prefix = bytes.subarray(0, length);
    // A prefix is cut short by nature; but where it is everything there is, the end must be there too.
    const whole = prefix.length === bytes.length;
    start = guarded(path, () => gunzipSync(prefix, { finishFlush: constants.Z_SYNC_FLUSH }));
    if (whole && start.length < count) guarded(path, () => gunzipSync(prefix));
    if (whole || start.length >= count) break;
  }
  return start;
}

/** The most bytes that gzip data of this length can hold. */
export function greatestLength(compressedLength: number): number {
  return compressedLength * greatestRatio;
}

/**
 * Decompresses gzip data of one or several members, never more than `limit` bytes; undefined where there are more.
 * Fails with SLAB5008 where the data are damaged or cut short.
 */
export function gunzipWithin(bytes: Uint8Array, limit: number, path: string): Uint8Array | undefined {
  return guarded(path, () => {
    try {
      // One large chunk spares joining thousands of small ones.
      const chunkSize = Math.min(Math.max(limit, 1 << 16), 1 << 26);
      return gunzipSync(bytes, { maxOutputLength: limit, chunkSize });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
      throw error;
    }
  });
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_")) fail(damagedGzip, { reason: message }, { path });
    throw error;
  }
}
