import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where libraries lie on Linux besides what the loader's cache lists. */
const usualFolders = [
  "/usr/lib/x86_64-linux-gnu",
  "/lib/x86_64-linux-gnu",
  "/usr/lib64",
  "/usr/lib",
  "/usr/local/cuda/lib64",
  "/usr/lib/wsl/lib",
];

/** The folders of LD_LIBRARY_PATH, which the loader looks into first. */
export function libraryPath(): readonly string[] {
  return (process.env.LD_LIBRARY_PATH ?? "").split(delimiter).filter((folder) => folder !== "");
}

/** Where the loader would find a shared library, or undefined. */
export function findLibrary(name: string): string | undefined {
  const inPath = libraryPath().map((folder) => join(folder, name));
  const found = inPath.find((path) => existsSync(path)) ?? cached().get(name);
  return found ?? usualFolders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The libraries that a library needs and the loader doesn't find, such as `libcublas.so.12`; none without `ldd`. */
export function unresolved(library: string): readonly string[] {
  const { stdout } = spawnSync("ldd", [library], { encoding: "utf8", timeout: 20_000 });
  return [...(stdout ?? "").matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name as string);
}

let loaderCache: ReadonlyMap<string, string> | undefined;

/** What `ldconfig -p` lists: `libvulkan.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libvulkan.so.1`. */
function cached(): ReadonlyMap<string, string> {
  if (loaderCache) return loaderCache;
  const path = `${process.env.PATH ?? ""}${delimiter}/sbin${delimiter}/usr/sbin`;
  const { stdout } = spawnSync("ldconfig", ["-p"], {
    encoding: "utf8",
    timeout: 20_000,
    env: { ...process.env, PATH: path },
  });
  const entries = [...(stdout ?? "").matchAll(/^\s*(\S+) \([^)]*\) => (\S+)$/gm)];
  loaderCache = new Map(entries.map(([, name, place]) => [name as string, place as string]));
  return loaderCache;
}
