import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { outputUnwritable } from "../compiler/diagnostics/catalogue/volumes.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import { reasonOf, systemCode } from "./files.js";

/** A file to write, in pieces that are made when they are asked for. */
export interface OutputFile {
  readonly path: string;
  readonly chunks: Iterable<Uint8Array>;
}

/**
 * Writes files that belong together: all under temporary names beside their places first, then renamed in order. After a
 * failure no temporary file is left. Fails with SLAB5022.
 */
export function writeFilesTogether(files: readonly OutputFile[]): void {
  const written: { readonly path: string; readonly temporary: string; readonly target: string }[] = [];
  try {
    for (const { path, chunks } of files) {
      const target = existsSync(path) ? realpathSync(path) : path;
      const temporary = join(dirname(target), `.slab-${randomBytes(8).toString("hex")}.tmp`);
      written.push({ path, temporary, target });
      guarded(path, () => writeChunks(temporary, chunks));
    }
    for (const { path, temporary, target } of written) guarded(path, () => renameSync(temporary, target));
  } finally {
    // What was renamed is not there any more.
    for (const { temporary } of written) rmSync(temporary, { force: true });
  }
}

function writeChunks(temporary: string, chunks: Iterable<Uint8Array>): void {
  const file = openSync(temporary, "wx");
  try {
    for (const chunk of chunks) {
      for (let done = 0; done < chunk.length; ) {
        done += writeSync(file, chunk, done, Math.min(chunk.length - done, 2 ** 28));
      }
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function guarded(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    fail(outputUnwritable, { reason: reasonOf(systemCode(error)) }, { path });
  }
}
