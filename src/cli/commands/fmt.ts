import { readFileSync } from "node:fs";
import { SlabFailure } from "../../compiler/diagnostics/diagnostic.js";
import { formatSource } from "../../compiler/syntax/format.js";
import { writeFileAtomically } from "../../runtime/volume/files.js";
import { decodeSource, readSource } from "../files.js";
import type { Terminal } from "../terminal.js";
import { counted } from "../text.js";

export interface FormatArguments {
  readonly check?: boolean;
}

/**
 * `slab fmt`: rewrites the files whose layout is not the standard one, or with `check` lists them. A file that cannot be
 * read as Slab stays as it is and does not keep the others from being formatted.
 */
export function fmt(files: readonly string[], { check }: FormatArguments, terminal: Terminal): number {
  const failures: SlabFailure[] = [];
  let different = 0;
  for (const file of files) {
    try {
      const text = file === "-" ? decodeSource(readFileSync(0), "standard input") : readSource(file);
      const formatted = formatSource({ path: file === "-" ? "standard input" : file, text });
      if (file === "-" && !check) terminal.print(formatted.replace(/\n$/, ""));
      if (formatted === text) continue;
      different++;
      if (check) terminal.print(file);
      else if (file !== "-") {
        writeFileAtomically(file, new TextEncoder().encode(formatted));
        terminal.print(`formatted ${file}`);
      }
    } catch (failure) {
      if (!(failure instanceof SlabFailure)) throw failure;
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw new SlabFailure(failures.flatMap(({ diagnostics }) => diagnostics));
  if (!check || different === 0) return 0;
  terminal.remark(
    `${counted(different, "file")} in another layout; slab fmt rewrites ${different === 1 ? "it" : "them"}`,
  );
  return 1;
}
