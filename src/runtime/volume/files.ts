import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
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

/** The longest file that is read: what Node reads at once. */
export const greatestFileLength = 2 ** 31 - 1;

/**
 * The bytes of a file. Fails with SLAB5001 (missing), SLAB5002 (a folder), SLAB5003 (unreadable, or not a regular file)
 * or SLAB5004 (longer than `greatestFileLength`).
 */
export function readFileBytes(path: string): Uint8Array {
  const place = { path };
  try {
    const found = statSync(path);
    if (found.isDirectory()) fail(folderNotFile, {}, place);
    // A pipe or a device could stop the program or never end.
    if (!found.isFile()) fail(fileUnreadable, { reason: "a pipe, socket or device" }, place);
    if (found.size > greatestFileLength) {
      fail(fileTooLarge, { bytes: found.size, limit: greatestFileLength }, place);
    }
    return readFileSync(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") fail(fileMissing, { similar: similarFiles(path) }, place);
    fail(fileUnreadable, { reason: systemReason(error) }, place);
  }
}

/**
 * Writes a file as a whole or not at all: to a temporary name in the same folder, then renamed. What was there before
 * stays until the last moment; a symbolic link is followed. Fails with SLAB5020 (no such folder), SLAB5021 (a folder or
 * device is there) or SLAB5022 (cannot be written); no temporary file is left behind.
 */
export function writeFileAtomically(path: string, bytes: Uint8Array): void {
  const target = writableTarget(path);
  const temporary = join(dirname(target), `.slab-${randomBytes(8).toString("hex")}.tmp`);
  try {
    const file = openSync(temporary, "wx");
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(file, bytes, written, Math.min(bytes.length - written, 1 << 28));
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    fail(outputUnwritable, { reason: systemReason(error) }, { path });
  }
}

/** The file to write, links followed, once it is sure that its folder is there and nothing but a file would be replaced. */
function writableTarget(path: string): string {
  const folder = dirname(path);
  const folderFound = stated(folder, path);
  if (folderFound === undefined) fail(outputFolderMissing, { folder }, { path });
  if (!folderFound.isDirectory()) fail(outputNotFile, { found: `${folder} is not a folder` }, { path });
  const found = stated(path, path);
  if (found === undefined) return path;
  if (found.isDirectory()) fail(outputNotFile, { found: "a folder" }, { path });
  if (!found.isFile()) fail(outputNotFile, { found: "a pipe, socket or device" }, { path });
  return realpathSync(path);
}

function stated(path: string, named: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    fail(outputUnwritable, { reason: systemReason(error) }, { path: named });
  }
}

/** Up to three names in the same folder that the path may have meant. */
function similarFiles(path: string): string[] {
  try {
    const folder = dirname(path);
    return suggestions(basename(path), readdirSync(folder), 3).map((name) =>
      folder === "." ? name : join(folder, name),
    );
  } catch {
    return [];
  }
}

/** The code of an operating system's error; anything else (diagnostics, our own mistakes) goes on. */
function systemCode(error: unknown): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  return code;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOSPC: "no space left on the disk",
  EDQUOT: "disk quota exceeded",
  EROFS: "the disk is read-only",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
  EIO: "the disk reports an error",
};

function systemReason(error: unknown): string {
  const code = systemCode(error);
  return reasons[code] ?? `the system reports ${code}`;
}
