import { existsSync, mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import {
  folderNeeded,
  outputEnding,
  resumeNeedsFolder,
  scansOfOneName,
} from "../../compiler/diagnostics/catalogue/cli.js";
import { outputUnwritable } from "../../compiler/diagnostics/catalogue/volumes.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { reasonOf, systemCode } from "../../runtime/volume/files.js";
import { requireWritable } from "../files.js";
import type { ScanJob } from "./scan.js";
import type { RunArguments } from "./settings.js";

/** What is to be done, and where results go. */
export interface Plan {
  readonly jobs: readonly ScanJob[];
  /** Whether results go to a folder, each called as its scan; a scan that fails does not stop the others then. */
  readonly batch: boolean;
  /** Makes the folders that are not there yet. */
  makeFolders(): void;
}

/**
 * Says which file each result goes to, and finds out before minutes of work whether they can be written. Several scans,
 * a name that ends in a slash, or a folder that is there: results go to a folder. Fails with a diagnostic.
 */
export function planOutputs(network: string, scans: readonly string[], options: RunArguments): Plan {
  const { output, picture, weights, log } = options;
  const batch = scans.length > 1 || isFolder(output);
  if (options.resume && !batch) fail(resumeNeedsFolder, {}, { path: output });
  const inputs = [network, ...scans, ...(weights === undefined ? [] : [weights])];
  const logs = log === undefined ? [] : [log];
  if (!batch) {
    requireEnding(output, "a label map", [".nii", ".nii.gz"], "labels.nii.gz");
    if (picture !== undefined) requireEnding(picture, "a picture", [".png"], "labels.png");
    requireWritable([output, ...(picture === undefined ? [] : [picture]), ...logs], inputs);
    const jobs = scans.map((scan) => ({ scan, output, ...(picture === undefined ? {} : { picture }) }));
    return { jobs, batch, makeFolders: () => undefined };
  }
  requireFolderName(output, "-o", /\.nii(\.gz)?$/i, scans.length);
  if (picture !== undefined) requireFolderName(picture, "--picture", /\.png$/i, scans.length);
  const jobs = scans.map((scan): ScanJob => {
    const name = basename(scan).replace(/\.nii(\.gz)?$/i, "");
    const result = { scan, output: join(output, `${name}.nii.gz`) };
    return picture === undefined ? result : { ...result, picture: join(picture, `${name}.png`) };
  });
  requireOwnNames(jobs);
  const folders = picture === undefined ? [output] : [output, picture];
  const missing = [...new Set(folders)].filter((folder) => !isFolder(folder, false));
  const files = jobs.flatMap((job) => [job.output, ...(job.picture === undefined ? [] : [job.picture])]);
  const present = files.filter((file) => !missing.some((folder) => join(folder, basename(file)) === file));
  requireWritable([...missing.map(withoutSlash), ...present, ...logs], inputs);
  return { jobs, batch, makeFolders: () => missing.forEach(makeFolder) };
}

/** @param slash whether a name that ends in a slash is one, too, whatever is there */
function isFolder(path: string, slash = true): boolean {
  if (slash && /[/\\]$/.test(path)) return true;
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    // Where nothing can be found out, writing will say why.
    systemCode(error);
    return false;
  }
}

function requireFolderName(path: string, option: string, file: RegExp, scans: number): void {
  if ((file.test(path) && !isFolder(path)) || (existsSync(path) && !isFolder(path, false)))
    fail(folderNeeded, { option, scans }, { path });
}

function requireOwnNames(jobs: readonly ScanJob[]): void {
  const scanOf = new Map<string, string>();
  for (const { scan, output } of jobs) {
    const other = scanOf.get(output);
    if (other !== undefined) fail(scansOfOneName, { other, result: output }, { path: scan });
    scanOf.set(output, scan);
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    fail(outputUnwritable, { reason: reasonOf(systemCode(error)) }, { path });
  }
}

function withoutSlash(path: string): string {
  return path.replace(/(?<=.)[/\\]+$/, "");
}

function requireEnding(path: string, what: string, endings: readonly string[], example: string): void {
  const fits = endings.some((ending) => path.toLowerCase().endsWith(ending));
  if (!fits) fail(outputEnding, { what, endings, example }, { path });
}
