import { outputLost } from "../compiler/diagnostics/catalogue/cli.js";
import { diagnose } from "../compiler/diagnostics/diagnostic.js";
import { renderDiagnostics } from "../compiler/diagnostics/render.js";
import type { ProgressStream } from "../runtime/session/progress.js";
import { reasonOf, systemCode } from "../runtime/volume/files.js";

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

/**
 * The terminal of this process. A reader that has gone away (`slab inspect … | head`) is no mistake; results that can't be
 * written otherwise are said on the other stream, and the exit code is 1. What can't be remarked is lost.
 */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  let isLost = false;
  stdout.on("error", (error) => {
    const code = systemCode(error);
    if (code === "EPIPE" || isLost) return;
    isLost = true;
    process.exitCode = 1;
    const diagnostic = diagnose(outputLost, { reason: reasonOf(code) });
    stderr.write(`${renderDiagnostics([diagnostic])}\n`);
  });
  stderr.on("error", (error) => void systemCode(error));
  return {
    print: (text) => void stdout.write(`${harmless(text)}\n`),
    remark: (text) => void stderr.write(`${harmless(text)}\n`),
    colour: stderr.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb",
    progress: stderr,
  };
}

const escapeCharacter = String.fromCharCode(27);

/** Text without what could command a terminal, as names of files may have it; colours stay. */
export function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, (character, at: number) => {
    const isBreak = character === "\n" || character === "\t" || text.startsWith("\r\n", at);
    const isColour = character === escapeCharacter && /^\[[\d;]*m/.test(text.slice(at + 1, at + 20));
    return isBreak || isColour ? character : "?";
  });
}
