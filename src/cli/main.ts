import { explainFailure } from "./failure.js";
import { createProgram } from "./program.js";
import { processTerminal } from "./terminal.js";

/** Runs `slab` with these arguments and sets the exit code of the process: 0, 1, 2 or 70. */
export async function main(argumentTexts: readonly string[]): Promise<void> {
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
  // Where the output could not be written, that is known already.
  process.exitCode ||= exitCode;
}
