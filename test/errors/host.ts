import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import type { Host } from "../../src/compiler/support/host.js";

const standardLibrary = new URL("../../std/", import.meta.url);

/** Reads programs of one folder, under their names relative to it, and the real standard library. */
export function folderHost(folder: URL): Host {
  const readText = (url: URL): string | undefined => {
    try {
      return readFileSync(url, "utf8");
    } catch {
      return undefined;
    }
  };
  return {
    read: (path) => readText(new URL(path, folder)),
    readStandard: (module) => readText(new URL(`${module}.slab`, standardLibrary)),
    standardModules: () => readdirSync(standardLibrary).map((name) => name.replace(/\.slab$/, "")),
    resolve: (from, specifier) => {
      const path = posix.join(posix.dirname(from), specifier);
      return path.startsWith("..") ? undefined : path;
    },
  };
}
