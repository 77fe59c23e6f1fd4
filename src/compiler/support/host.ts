/**
 * How the compiler reaches files. The compiler itself runs anywhere, also in a browser: whoever calls it says how a
 * path is read.
 */
export interface Host {
  /** The text of a file, or undefined where there is none. */
  read(path: string): string | undefined;
  /** The text of a standard library module, `views` for `use std.views`. */
  readStandard(module: string): string | undefined;
  /** Names of the standard library's modules, for suggestions. */
  standardModules(): readonly string[];
  /** The path that `use "./blocks.slab"` in `from` means, or undefined where it would leave the root folder. */
  resolve(from: string, specifier: string): string | undefined;
}
