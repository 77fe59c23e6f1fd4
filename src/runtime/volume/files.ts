import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  fileMissing,
  fileTooLarge,
  fileUnreadable,
  folderNotFile,
  outputFolderMissing,
  outputNotFile,
  outputUnwritable,
} from "../../compiler/diagnostics/catalogue/volumes.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { suggestions } from "../../compiler/support/suggest.js";
import { holdSignals } from "../interruption.js";

/** The longest file that is read: what Node reads at once. */
const greatestFileLength = 2 ** 31 - 1;

/**
 * The bytes of a file. Fails with SLAB5001 (missing), SLAB5002 (a folder), SLAB5003 (unreadable, or not a regular file)
 * or SLAB5004 (longer than `greatestFileLength`).
 */
export function readFileBytes(path: string): Uint8Array {
  return reading(path, () => {
    const { size } = requireRegularFile(path);
    if (size > greatestFileLength) {
      fail(fileTooLarge, { bytes: size, limit: greatestFileLength }, { path });
    }
    return readFileSync(path);
  });
}

/**
 * Gives a file's bytes piece by piece, each only until the next is asked for; the file may be of any length. Fails with
 * SLAB5001 to SLAB5003.
 */
export function eachPiece(path: string, take: (piece: Uint8Array) => void): void {
  reading(path, () => {
    requireRegularFile(path);
    const piece = Buffer.alloc(2 ** 22);
    const file = openSync(path, "r");
    try {
      for (let count = -1; count !== 0; ) {
        count = readSync(file, piece, 0, piece.length, null);
        take(piece.subarray(0, count));
      }
    } finally {
      closeSync(file);
    }
  });
}

/** What is about a file that may be read: a pipe or a device could stop the program or never end. Fails with SLAB5002 or SLAB5003. */
export function requireRegularFile(path: string): Stats {
  const found = statSync(path);
  if (found.isDirectory()) fail(folderNotFile, {}, { path });
  if (!found.isFile()) fail(fileUnreadable, { reason: "a pipe, socket or device" }, { path });
  return found;
}

function reading<T>(path: string, read: () => T): T {
  const place = { path };
  try {
    return read();
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") fail(fileMissing, { similar: similarFiles(path) }, place);
    fail(fileUnreadable, { reason: reasonOf(systemCode(error)) }, place);
  }
}

/** A file to write, in pieces that are made when they are asked for. */
export interface OutputFile {
  readonly path: string;
  readonly chunks: Iterable<Uint8Array>;
}

/**
 * Writes a file as a whole or not at all: to a temporary name in the same folder, then renamed. What was there before
 * stays until the last moment; a symbolic link is followed. Fails with SLAB5020 (no such folder), SLAB5021 (a folder or
 * device is there) or SLAB5022 (cannot be written); no temporary file is left behind.
 */
export function writeFileAtomically(path: string, bytes: Uint8Array): void {
  requireTarget(path);
  writeFilesTogether([{ path, chunks: [bytes] }]);
}

/**
 * Writes files that belong together: all under temporary names beside their places first, then renamed in order. After a
 * failure no temporary file is left. Fails with SLAB5022.
 */
export function writeFilesTogether(files: readonly OutputFile[]): void {
  const written: { readonly path: string; readonly temporary: string; readonly target: string }[] = [];
  holdSignals();
  try {
    for (const { path, chunks } of files) {
      const place = placeOf(path);
      written.push({ path, ...place });
      guarded(path, () => writeChunks(place.temporary, chunks));
    }
    for (const { path, temporary, target } of written) guarded(path, () => renameSync(temporary, target));
  } finally {
    // What was renamed is not there any more.
    for (const { temporary } of written) rmSync(temporary, { force: true });
  }
}

/**
 * The same for a file whose pieces take long to make: between them a signal ends the process, and nothing is left. Fails
 * with SLAB5022.
 */
export async function writeFileGradually({ path, chunks }: OutputFile): Promise<void> {
  const { temporary, target } = placeOf(path);
  const remove = () => rmSync(temporary, { force: true });
  const release = holdSignals(remove);
  try {
    const file = guarded(path, () => openSync(temporary, "wx"));
    try {
      let last = performance.now();
      for (const chunk of chunks) {
        guarded(path, () => writeWhole(file, chunk));
        if (performance.now() - last < longestTurn) continue;
        await new Promise((resolve) => setImmediate(resolve));
        last = performance.now();
      }
      guarded(path, () => fsyncSync(file));
    } finally {
      closeSync(file);
    }
    guarded(path, () => renameSync(temporary, target));
  } finally {
    remove();
    release();
  }
}

/** Milliseconds after which signals are looked for. */
const longestTurn = 50;

/** Where a file is written first, and where it goes: through a symbolic link to what that points to. */
function placeOf(path: string): { readonly temporary: string; readonly target: string } {
  const target = existsSync(path) ? realpathSync(path) : path;
  return { target, temporary: join(dirname(target), `.slab-${randomBytes(8).toString("hex")}.tmp`) };
}

function writeChunks(temporary: string, chunks: Iterable<Uint8Array>): void {
  const file = openSync(temporary, "wx");
  try {
    for (const chunk of chunks) writeWhole(file, chunk);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeWhole(file: number, chunk: Uint8Array): void {
  for (let done = 0; done < chunk.length; ) {
    done += writeSync(file, chunk, done, Math.min(chunk.length - done, 2 ** 28));
  }
}

function guarded<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    fail(outputUnwritable, { reason: reasonOf(systemCode(error)) }, { path });
  }
}

/** Makes sure that a file's folder is there and that nothing but a file would be replaced. */
function requireTarget(path: string): void {
  const folder = dirname(path);
  const folderFound = stated(folder, path);
  if (folderFound === undefined) fail(outputFolderMissing, { folder }, { path });
  if (!folderFound.isDirectory()) fail(outputNotFile, { found: `${folder} is not a folder` }, { path });
  const found = stated(path, path);
  if (found === undefined) return;
  if (found.isDirectory()) fail(outputNotFile, { found: "a folder" }, { path });
  if (!found.isFile()) fail(outputNotFile, { found: "a pipe, socket or device" }, { path });
}

function stated(path: string, named: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    fail(outputUnwritable, { reason: reasonOf(systemCode(error)) }, { path: named });
  }
}

/** Up to three names in the same folder that the path may have meant. */
export function similarFiles(path: string): string[] {
  const folder = dirname(path);
  try {
    // A link that leads nowhere is there by its name.
    const names = readdirSync(folder).filter((name) => name !== basename(path));
    const close = suggestions(basename(path), names, 3);
    return close.map((name) => (folder === "." ? name : join(folder, name)));
  } catch {
    // Without a folder there is nothing to suggest.
    return [];
  }
}

/** The code of an operating system's error; anything else (diagnostics, our own mistakes) goes on. */
export function systemCode(error: unknown): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  return code;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOSPC: "no space left on the disk",
  EDQUOT: "disk quota exceeded",
  EFBIG: "the file would be larger than is allowed",
  EROFS: "the disk is read-only",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
  EIO: "the disk reports an error",
};

/** An operating system's error code in words. */
export function reasonOf(code: string): string {
  return reasons[code] ?? `the system reports ${code}`;
}
