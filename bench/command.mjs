// What the benchmarks' command lines have in common.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** Parses the command line, prints the help or what `measure` gives; a failure is a line, and exit code 1. */
export async function runCommand({ options, help, measure }) {
  try {
    const all = { ...options, help: { type: "boolean", short: "h", default: false } };
    const { values, positionals } = parseArgs({ options: all, allowPositionals: true });
    if (values.help) process.stdout.write(`${help}\n`);
    else await measure(values, positionals);
  } catch (problem) {
    progress("");
    process.stderr.write(`bench: ${problem.message}\n`);
    process.exitCode = 1;
  }
}

export function expectFormat(format) {
  if (!["table", "markdown", "json"].includes(format)) throw new Error(`no format ${format}; see --help`);
}

export function expectBuilt() {
  if (!existsSync(new URL("../dist/src/compiler/index.js", import.meta.url))) {
    throw new Error("Slab is not built yet: run `npm run build`");
  }
}

export function count(name, text, least = 1, most = 10_000) {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < least || value > most) {
    throw new Error(`--${name} takes a whole number from ${least} to ${most}, found ${text}`);
  }
  return value;
}

/** A folder that is gone when this process is, also when it is told to end. */
export function temporaryFolder(prefix) {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  return folder;
}

/** What is being done, on standard error: a line that is written over on a terminal, else one for each step. */
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text) process.stderr.write(`${text}\n`);
}

/** A sentence that stays. */
export function say(text) {
  progress("");
  process.stderr.write(`${text}\n`);
}
