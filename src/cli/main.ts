import { explainFailure } from "./failure.js";
import { createProgram } from "./program.js";
import { processTerminal } from "./terminal.js";

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
    exitCode = explainFailure(error, terminal, Boolean(process.env.SLAB_DEBUG));
  }
  process.exitCode = exitCode;
}
