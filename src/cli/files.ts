import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, realpathSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  inputMissing,
  inputNotFile,
  inputUnreadable,
  outputIsInput,
  outputsCollide,
  sourceNotText,
  sourceTooLarge,
} from "../compiler/diagnostics/catalogue/cli.js";
import {
  outputFolderMissing,
  outputNotFile,
  outputUnwritable,
} from "../compiler/diagnostics/catalogue/volumes.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import type { ByteSource } from "../compiler/weights/source.js";
import { reasonOf, similarFiles, systemCode } from "../runtime/volume/files.js";

/** The longest Slab text that is read, in bytes: a hundred times what a person would write. */
const largestSource = 4 * 2 ** 20;

/** Begins of files that people confuse with text, so that the message can say what the file is. */
const knownStarts: readonly (readonly [string, readonly number[]])[] = [
  ["a gzip file (a volume?)", [0x1f, 0x8b]],
  ["a zip file (a PyTorch checkpoint?)", [0x50, 0x4b]],
  ["a PNG picture", [0x89, 0x50, 0x4e, 0x47]],
  ["a pickle", [0x80]],
  ["an ONNX model, it seems", [0x08]],
];

/**
 * The text of a Slab file. Fails with SLAB6001 (missing), SLAB6002 (a folder or device), SLAB6003 (unreadable), SLAB6004
 * (longer than `largestSource`) or SLAB6005 (not text in UTF-8).
 */
export function readSource(path: string): string {
  return withFile(path, "a Slab file, such as network.slab", ({ size, read }) => {
    if (size > largestSource) fail(sourceTooLarge, { bytes: size, limit: largestSource }, { path });
    return decodeSource(read(0, size), path);
  });
}

/** Bytes as Slab text. Fails with SLAB6005. */
export function decodeSource(bytes: Uint8Array, path: string): string {
  const start = knownStarts.find(([, magic]) => magic.every((byte, index) => bytes[index] === byte));
  const nul = bytes.indexOf(0);
  if (start || nul >= 0) fail(sourceNotText, { found: start?.[0] ?? `a zero byte at ${nul}` }, { path });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // The decoder says no more than that.
    return fail(sourceNotText, { found: "bytes that are not UTF-8" }, { path });
  }
}

/** Whether a file holds a text rather than an ONNX model, by its first bytes. Fails with SLAB6001 to SLAB6003. */
export function looksLikeText(path: string): boolean {
  return withFile(path, "a network: a .slab or an .onnx file", ({ size, read }) => {
    // A protobuf message has control characters in its first bytes; ONNX begins with field 1, 0x08.
    return read(0, Math.min(size, 512)).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
  });
}

/**
 * Opens a file for reading at any place, for as long as `use` runs. Fails with SLAB6001 to SLAB6003.
 *
 * @param expected what kind of file the user should have named
 */
export function withFile<T>(path: string, expected: string, use: (source: ByteSource) => T): T {
  let file: number;
  try {
    const found = statSync(path);
    // A pipe or a device could stop the program or never end.
    if (!found.isFile()) {
      fail(
        inputNotFile,
        { found: found.isDirectory() ? "a folder" : "a pipe, socket or device", expected },
        { path },
      );
    }
    file = openSync(path, "r");
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR")
      fail(inputMissing, { similar: similarFiles(path) }, { path });
    return fail(inputUnreadable, { reason: reasonOf(code) }, { path });
  }
  try {
    return use({ size: fstatSync(file).size, read: (offset, length) => readAt(file, offset, length, path) });
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, offset: number, length: number, path: string): Uint8Array {
  const bytes = new Uint8Array(length);
  let done = 0;
  try {
    while (done < length) {
      const count = readSync(file, bytes, done, Math.min(length - done, 2 ** 30), offset + done);
      if (count === 0) break;
      done += count;
    }
  } catch (error) {
    fail(inputUnreadable, { reason: reasonOf(systemCode(error)) }, { path });
  }
  return bytes.subarray(0, done);
}

/**
 * Makes sure, before any long work, that outputs can be written and are neither inputs nor each other. Fails with
 * SLAB5020 to SLAB5022, SLAB6008 or SLAB6009.
 */
export function requireWritable(outputs: readonly string[], inputs: readonly string[]): void {
  const read = new Map(inputs.map((input) => [identity(input), input]));
  const written = new Map<string, string>();
  const folders = new Set<string>();
  for (const path of outputs) {
    const own = identity(path);
    const input = read.get(own);
    if (input !== undefined) fail(outputIsInput, { input }, { path });
    const other = written.get(own);
    if (other !== undefined) fail(outputsCollide, { other }, { path });
    written.set(own, path);
    requireFile(path);
    const folder = dirname(path);
    if (!folders.has(folder)) tryToWrite(folder, path);
    folders.add(folder);
  }
}

function requireFile(path: string): void {
  const folder = dirname(path);
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) fail(outputNotFile, { found: "a folder" }, { path });
    if (found && !found.isFile()) fail(outputNotFile, { found: "a pipe, socket or device" }, { path });
    const above = statSync(folder, { throwIfNoEntry: false });
    if (!above) fail(outputFolderMissing, { folder }, { path });
    if (!above.isDirectory()) fail(outputNotFile, { found: `${folder} is not a folder` }, { path });
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOTDIR") fail(outputNotFile, { found: `${folder} is not a folder` }, { path });
    fail(outputUnwritable, { reason: reasonOf(code) }, { path });
  }
}

/** Permissions alone don't tell: some file systems refuse even an administrator. So a file is made, and removed. */
function tryToWrite(folder: string, path: string): void {
  const trial = join(folder, `.slab-${randomBytes(8).toString("hex")}.tmp`);
  try {
    closeSync(openSync(trial, "wx"));
    rmSync(trial);
  } catch (error) {
    fail(outputUnwritable, { reason: reasonOf(systemCode(error)) }, { path });
  }
}

/** One text for one file, whatever links lead to it. */
function identity(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // What is not there yet has no other name.
    return resolve(path);
  }
}
