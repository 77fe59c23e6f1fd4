import { CommanderError } from "commander";
import { outOfMemory } from "../compiler/diagnostics/catalogue/cli.js";
import { type Diagnostic, diagnose, SlabFailure } from "../compiler/diagnostics/diagnostic.js";
import { renderDiagnostics } from "../compiler/diagnostics/render.js";
import { compilerVersion } from "../compiler/version.js";
import type { Terminal } from "./terminal.js";

const inputIsWrong = 1;
const usageIsWrong = 2;
const slabIsWrong = 70;

/**
 * Tells the user what went wrong and gives the exit code: 1 for diagnostics, 2 for a wrong use (which Commander has
 * explained already; 0 for its help and version), 70 for anything else, which is a bug of ours.
 *
 * @param details whether a bug's stack trace is shown
 */
export function explainFailure(error: unknown, terminal: Terminal, details: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageIsWrong;
  const diagnostics = diagnosticsOf(error);
  if (diagnostics) {
    terminal.remark(renderDiagnostics(diagnostics, { colour: terminal.colour }));
    if (diagnostics.length > 1) terminal.remark(`\n${diagnostics.length} errors`);
    return inputIsWrong;
  }
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
  terminal.remark(
    `slab: this is a bug in Slab ${compilerVersion} (Node ${process.versions.node}): ${message}`,
  );
  terminal.remark(
    details
      ? ((error instanceof Error ? error.stack : undefined) ?? "no stack trace")
      : "please report it: open an issue with this text, the command and the file; SLAB_DEBUG=1 before the command adds details",
  );
  return slabIsWrong;
}

function diagnosticsOf(error: unknown): readonly Diagnostic[] | undefined {
  if (error instanceof SlabFailure) return error.diagnostics;
  // How V8 says that memory is short, in the face of sizes that come from the user.
  const short = /allocation failed|invalid (typed )?array length|invalid array buffer length/i;
  if (error instanceof RangeError && short.test(error.message)) {
    return [diagnose(outOfMemory, { message: error.message.toLowerCase() })];
  }
  return undefined;
}
