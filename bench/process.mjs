// Processes that are started once and asked for one pass in turn.
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

/** Starts a worker; `ask` sends it a line and gives its answer. Rejects with what it wrote where it ends first. */
export async function startWorker(command, words, { env = process.env } = {}) {
  const child = spawn(command, words, { stdio: ["pipe", "pipe", "pipe"], env });
  let errors = "";
  child.stderr.on("data", (text) => {
    errors = (errors + text).slice(-2000);
  });
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = new Promise((_, reject) => child.on("error", reject));
  failed.catch(() => {});
  const next = async () => {
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done) throw new Error(lastLine(errors) || "it ended without an answer, perhaps for want of memory");
    return JSON.parse(value);
  };
  await next();
  return {
    ask(line) {
      child.stdin.write(`${line}\n`);
      return next();
    },
    stop: () => child.kill(),
  };
}

/** Runs a command to its end. Throws with the end of what it wrote where it fails. */
export function finish(command, words) {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr.trim().slice(-2000) || `exit code ${status}`);
  return { stdout, seconds: (performance.now() - start) / 1000 };
}

function lastLine(text) {
  return text.trim().split("\n").at(-1) ?? "";
}
