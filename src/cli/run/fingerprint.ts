import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { compilerVersion } from "../../compiler/version.js";
import { labelMapDescription } from "../../runtime/index.js";
import { eachPiece, requireRegularFile } from "../../runtime/volume/files.js";
import { gunzipStart, isGzip } from "../../runtime/volume/gzip.js";
import { descriptionOf, headerBytes } from "../../runtime/volume/nifti-header.js";
import type { RunArguments } from "./settings.js";

/** Bytes of a result that are looked at: more than its header takes, compressed or not. */
const headBytes = 131_072;

/** SHA-256 of files, one after another, as hexadecimal text. Fails with SLAB5001 to SLAB5003 where one can't be read. */
export function digestFiles(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    let length = 0;
    eachPiece(path, (piece) => {
      hash.update(piece);
      length += piece.length;
    });
    // So that two files are not the same as one that holds both.
    hash.update(`\0${length}\0`);
  }
  return hash.digest("hex");
}

/** SHA-256 of texts, as hexadecimal text. */
export function digestTexts(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex");
}

/**
 * What a result says about where it came from: a digest of Slab's version, the network, the scan, and the options that
 * labels depend on. The device and the number of threads, which round differently, are none of them.
 */
export function describeResult(network: string, scan: string, options: RunArguments): string {
  const { orientation, spacing, interpolation, restore } = options;
  const { intensity, overlap, blend, pad, mirror } = options;
  const spatial = { orientation, spacing, interpolation, restore };
  const ways = JSON.stringify({ ...spatial, intensity, overlap, blend, pad, mirror });
  return `${labelMapDescription} ${digestTexts([compilerVersion, network, scan, ways])}`;
}

/** Whether a file is a label map that says this about itself. A file that can't be read is none. */
export function isResult(path: string, description: string): boolean {
  try {
    const start = readStart(path);
    return descriptionOf(isGzip(start) ? gunzipStart(start, headerBytes[2], path) : start) === description;
  } catch {
    // Missing, unreadable or damaged: whatever it is, it is not the result.
    return false;
  }
}

function readStart(path: string): Uint8Array {
  requireRegularFile(path);
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(headBytes);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}
