import { pictureNeedsFile } from "../compiler/diagnostics/catalogue/reports.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import { writeFileAtomically } from "../runtime/volume/files.js";
import { pictureBytes } from "./picture.js";
import type { Terminal } from "./terminal.js";
import { formatBytes } from "./text.js";

/** Prints a report, or writes it to the file that `-o` names, and says so. */
export function deliver(text: string, output: string | undefined, terminal: Terminal): void {
  if (output === undefined) {
    terminal.print(text);
    return;
  }
  write(new TextEncoder().encode(`${text}\n`), output, terminal);
}

/** Writes a figure as a PNG to the file that `-o` names. Fails with SLAB7027 without one. */
export async function deliverPng(svg: string, output: string | undefined, terminal: Terminal): Promise<void> {
  if (output === undefined) fail(pictureNeedsFile, {});
  write(await pictureBytes(svg, "png"), output, terminal);
}

function write(bytes: Uint8Array, output: string, terminal: Terminal): void {
  writeFileAtomically(output, bytes);
  terminal.remark(`${output}: ${formatBytes(bytes.length)}`);
}
