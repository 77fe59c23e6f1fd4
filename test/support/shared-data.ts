import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";
import { bytesSource, openTensorFile, type TensorFile } from "../../src/compiler/index.js";

/** The folder of real scans and weights: beside the repository, or where `SLAB_DATA` says. It is not part of it. */
const folder = process.env.SLAB_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

export function sharedPath(name: string): string {
  return `${folder}/${name}`;
}

/** Tests on real data; skipped, with the reason in their title, where the data is absent. */
export function describeWithData(title: string, suite: () => void): void {
  if (existsSync(folder)) describe(title, suite);
  else describe.skip(`${title} (skipped: the folder of real data is absent)`, suite);
}

export function sharedTensors(name: string): TensorFile {
  return openTensorFile(bytesSource(readFileSync(sharedPath(name))), name);
}
