import type { ProgressStream } from "../runtime/session/progress.js";

/** Where a command writes: results to one stream, all else (mistakes, warnings, progress) to the other. */
export interface Terminal {
  /** Writes a result, with a line break after it. */
  print(text: string): void;
  /** Writes a remark, with a line break after it. */
  remark(text: string): void;
  /** Whether remarks may be coloured. */
  readonly colour: boolean;
  /** Where a progress bar goes. */
  readonly progress: ProgressStream;
}

/** The terminal of this process. A reader that has gone away (`slab inspect … | head`) is no mistake. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  return {
    print: (text) => void stdout.write(`${text}\n`),
    remark: (text) => void stderr.write(`${text}\n`),
    colour: stderr.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb",
    progress: stderr,
  };
}
