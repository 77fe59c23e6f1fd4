import { CommanderError } from "commander";
import { outOfMemory } from "../compiler/diagnostics/catalogue/cli.js";
import { type Diagnostic, diagnose, SlabFailure } from "../compiler/diagnostics/diagnostic.js";
import { renderDiagnostics } from "../compiler/diagnostics/render.js";
import { compilerVersion } from "../compiler/version.js";
import { createProgram } from "./program.js";
import { processTerminal, type Terminal } from "./terminal.js";

const inputIsWrong = 1;
const usageIsWrong = 2;
const slabIsWrong = 70;

/** Runs `slab` with these arguments and sets the exit code of the process: 0, 1, 2 or 70. */
export async function main(argumentTexts: readonly string[]): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // With a listener, a signal waits until files that are being written are whole or gone; then it does its work.
    process.once(signal, () => process.kill(process.pid, signal));
  }
  const terminal = processTerminal();
  let exitCode = 0;
  try {
    const program = createProgram(terminal, (code) => {
      exitCode = code;
    });
    await program.parseAsync([...argumentTexts], { from: "user" });
  } catch (error) {
    exitCode = explain(error, terminal);
  }
  process.exitCode = exitCode;
}

/** Tells the user what went wrong; gives the exit code. */
function explain(error: unknown, terminal: Terminal): number {
  // Commander has written its message already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageIsWrong;
  const diagnostics = diagnosticsOf(error);
  if (diagnostics) {
    terminal.remark(renderDiagnostics(diagnostics, { colour: terminal.colour }));
    const errors = diagnostics.filter(({ severity }) => severity === "error").length;
    if (diagnostics.length > 1) terminal.remark(`\n${errors} ${errors === 1 ? "error" : "errors"}`);
    return inputIsWrong;
  }
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
  terminal.remark(`slab: this is a bug in Slab ${compilerVersion} (Node ${process.versions.node}): ${message}`);
  if (process.env.SLAB_DEBUG) terminal.remark(error instanceof Error ? (error.stack ?? "") : "");
  else {
    terminal.remark(
      "please report it: open an issue with this text, the command and the file; SLAB_DEBUG=1 before the command adds details",
    );
  }
  return slabIsWrong;
}

function diagnosticsOf(error: unknown): readonly Diagnostic[] | undefined {
  if (error instanceof SlabFailure) return error.diagnostics;
  // How V8 says that memory is short; sizes come from the user.
  if (error instanceof RangeError && /allocation failed|Invalid typed array length|array length/i.test(error.message)) {
    return [diagnose(outOfMemory, { message: error.message.toLowerCase() })];
  }
  return undefined;
}
