import { unknownName } from "../diagnostics/catalogue/documentation.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { Host } from "../support/host.js";
import { suggestions } from "../support/suggest.js";
import { describeFile } from "./declarations.js";
import type { Entry, ModuleEntry } from "./entry.js";
import { describeOperations } from "./operations.js";
import { describeLanguage } from "./words.js";

/** What there is to look up: the language, its operations, and the standard library's modules by name. */
export interface Library {
  readonly language: readonly Entry[];
  readonly operations: readonly Entry[];
  readonly modules: readonly ModuleEntry[];
}

/** A name may mean several things: `sum` is a function and an operation. */
export type Found =
  | { readonly kind: "library"; readonly modules: readonly ModuleEntry[] }
  | { readonly kind: "module"; readonly module: ModuleEntry }
  | {
      readonly kind: "entries";
      readonly entries: readonly { readonly entry: Entry; readonly module?: ModuleEntry }[];
    };

/** The documentation of everything that Slab brings with it. */
export function describeLibrary(host: Host): Library {
  return {
    language: describeLanguage(),
    operations: describeOperations(),
    modules: describeModules(host),
  };
}

/** The modules of the standard library, in the order of their names. */
export function describeModules(host: Host): readonly ModuleEntry[] {
  return [...host.standardModules()].sort().map((module) => {
    const text = host.readStandard(module) ?? "";
    return describeFile({ path: `std/${module}.slab`, text }, `std.${module}`);
  });
}

/**
 * Finds `Conv`, `PlainBlock`, `shared`, `std`, `std.blocks` or `std.blocks.PlainBlock`. Fails with SLAB6101, which knows
 * names that are spelt alike.
 */
export function lookUp(name: string, { language, operations, modules }: Library): Found {
  if (name === "std") return { kind: "library", modules };
  const module = modules.find((each) => each.name === name);
  if (module) return { kind: "module", module };
  const own = [...language, ...operations].map((entry) => ({ entry, names: [entry.name] }));
  const standard = modules.flatMap((each) =>
    each.entries.map((entry) => ({
      entry,
      module: each,
      names: [entry.name, `${each.name}.${entry.name}`],
    })),
  );
  const all: readonly { entry: Entry; module?: ModuleEntry; names: readonly string[] }[] = [
    ...own,
    ...standard,
  ];
  const entries = all.filter(({ names }) => names.includes(name));
  if (entries.length > 0) return { kind: "entries", entries };
  const known = ["std", ...modules.map((each) => each.name), ...all.flatMap(({ names }) => names)];
  return fail(unknownName, { name, similar: suggestions(name, known, 3) });
}
