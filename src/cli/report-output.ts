import { writeFileAtomically } from "../runtime/volume/files.js";
import type { Terminal } from "./terminal.js";
import { formatBytes } from "./text.js";

/** Prints a report, or writes it to the file that `-o` names, and says so. */
export function deliver(text: string, output: string | undefined, terminal: Terminal): void {
  if (output === undefined) {
    terminal.print(text);
    return;
  }
  const bytes = new TextEncoder().encode(`${text}\n`);
  writeFileAtomically(output, bytes);
  terminal.remark(`${output}: ${formatBytes(bytes.length)}`);
}
