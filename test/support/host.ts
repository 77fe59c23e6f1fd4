import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import type { Host } from "../../src/compiler/index.js";

const root = new URL("../../", import.meta.url);

function readText(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, root), "utf8");
  } catch {
    return undefined;
  }
}

/** Reads files relative to the repository's root, and the standard library from `std/`. */
export const repositoryHost: Host = {
  read: readText,
  readStandard: (module) => (/^\w+$/.test(module) ? readText(`std/${module}.slab`) : undefined),
  standardModules: () => readdirSync(new URL("std", root)).map((file) => file.replace(/\.slab$/, "")),
  resolve: (from, specifier) => posix.join(posix.dirname(from), specifier),
};
