import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  folderAndFile,
  noPairs,
  noScansInFolder,
  partnerMissing,
  sameCaseTwice,
} from "../compiler/diagnostics/catalogue/cases.js";
import { inputMissing, inputUnreadable } from "../compiler/diagnostics/catalogue/cli.js";
import { type Diagnostic, diagnose, fail } from "../compiler/diagnostics/diagnostic.js";
import { reasonOf, similarFiles, systemCode } from "../runtime/volume/files.js";

/** Two files that belong together. */
export interface CasePair {
  /** The name of both without .nii or .nii.gz. */
  readonly name: string;
  readonly first: string;
  readonly second: string;
}

export interface Pairing {
  readonly pairs: readonly CasePair[];
  /** Whether folders were named, even if one pair was found in them. */
  readonly folders: boolean;
  /** A warning for each file without a partner. */
  readonly unpaired: readonly Diagnostic[];
}

/**
 * Two files, or the files of two folders that have the same name. Fails with SLAB6001 or SLAB6003 (cannot be read) and
 * SLAB6050 to SLAB6053.
 */
export function pairCases(first: string, second: string): Pairing {
  const [firstIsFolder, secondIsFolder] = [isFolder(first), isFolder(second)];
  if (firstIsFolder !== secondIsFolder) {
    const [folder, file] = firstIsFolder ? [first, second] : [second, first];
    fail(folderAndFile, { folder, file });
  }
  if (!firstIsFolder)
    return { pairs: [{ name: caseName(first), first, second }], folders: false, unpaired: [] };
  const [ofFirst, ofSecond] = [scansIn(first), scansIn(second)];
  const names = [...ofFirst.keys()].filter((name) => ofSecond.has(name));
  if (names.length === 0) {
    const [a, b] = [[...ofFirst.values()], [...ofSecond.values()]];
    fail(noPairs, { folder: second, first: a, second: b }, { path: first });
  }
  const alone = (folder: string, files: Scans, other: string, others: Scans) =>
    [...files]
      .filter(([name]) => !others.has(name))
      .map(([, file]) =>
        diagnose(partnerMissing, { other: join(other, file) }, { path: join(folder, file) }),
      );
  return {
    pairs: names.map((name) => ({
      name,
      first: join(first, ofFirst.get(name) ?? ""),
      second: join(second, ofSecond.get(name) ?? ""),
    })),
    folders: true,
    unpaired: [...alone(first, ofFirst, second, ofSecond), ...alone(second, ofSecond, first, ofFirst)],
  };
}

/** Files by the names of their cases, in alphabetical order. */
type Scans = ReadonlyMap<string, string>;

const ending = /\.nii(\.gz)?$/i;

function caseName(path: string): string {
  return path.replace(/^.*[\\/]/, "").replace(ending, "");
}

function scansIn(folder: string): Scans {
  const files = guarded(folder, () => readdirSync(folder)).sort();
  const found = new Map<string, string>();
  for (const file of files) {
    // Hidden files are other programs' affair, such as those that macOS puts beside every file.
    if (!ending.test(file) || file.startsWith(".")) continue;
    const name = caseName(file);
    const before = found.get(name);
    if (before !== undefined) fail(sameCaseTwice, { first: before, second: file }, { path: folder });
    found.set(name, file);
  }
  if (found.size === 0) fail(noScansInFolder, { others: files }, { path: folder });
  return found;
}

function isFolder(path: string): boolean {
  return guarded(path, () => statSync(path).isDirectory());
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR")
      fail(inputMissing, { similar: similarFiles(path) }, { path });
    return fail(inputUnreadable, { reason: reasonOf(code) }, { path });
  }
}
