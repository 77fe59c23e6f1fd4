import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "../compiler/support/host.js";
import { readSource } from "./files.js";

/** `std/` of this package: the sources lie one folder less deep than what is built from them. */
const standardFolder = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../std/" : "../../../std/", import.meta.url),
);

/**
 * How the compiler reads files from disk: what the main file uses has to lie in its folder or below, links followed.
 *
 * @param main the file that is compiled, as the user named it
 */
export function createHost(main: string): Host {
  const root = dirname(main);
  return {
    read: (path) => (path === main || existsSync(path) ? readSource(path) : undefined),
    readStandard: (module) => {
      // The name becomes part of a path.
      if (!/^[A-Za-z_]\w*$/.test(module)) return undefined;
      const path = join(standardFolder, `${module}.slab`);
      return existsSync(path) ? readFileSync(path, "utf8") : undefined;
    },
    standardModules: () =>
      readdirSync(standardFolder)
        .filter((name) => name.endsWith(".slab"))
        .map((name) => name.slice(0, -".slab".length))
        .sort(),
    resolve: (from, specifier) => {
      if (isAbsolute(specifier)) return undefined;
      const path = join(dirname(from), specifier);
      return liesIn(real(root), real(path)) ? path : undefined;
    },
  };
}

function liesIn(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The path with links followed, as far down as it exists. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // What does not exist is no link; its folder may be.
    const folder = dirname(path);
    return folder === path ? path : join(real(folder), relative(folder, path));
  }
}
