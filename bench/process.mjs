// Processes that are started once and asked for one pass in turn.
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const running = new Set();
// Whatever ends the benchmark, nothing goes on computing behind it.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** After a process has ended, so long for what it wrote to arrive; another one may hold its output open for ever. */
const lastWords = 500;
/** After it was told to end, so long until it is made to. */
const patience = 5000;

/**
 * Starts a worker and waits for its first line, JSON, which is `greeting`; `ask` sends it a line and gives its answer.
 * Both reject with what it wrote where it ends first, or after `limit` seconds without an answer.
 */
export async function startWorker(command, words, { env = process.env, limit = 3600 } = {}) {
  const child = spawn(command, words, {
    stdio: ["pipe", "pipe", "pipe"],
    // ONNX Runtime's reports to its makers are off, as they are in Slab.
    env: { ORT_DISABLE_TELEMETRY: "1", ...env },
  });
  running.add(child);
  let errors = "";
  child.stderr.on("data", (text) => {
    errors = (errors + text).slice(-20_000);
  });
  child.stdin.on("error", () => {});
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) =>
      resolve(`it ended without an answer: ${signal ?? `exit code ${code}`}`),
    );
  });
  ended.then(() => running.delete(child));
  const closed = new Promise((resolve) => child.on("close", resolve));
  const failed = ended.then(async (how) => {
    await Promise.race([closed, sleep(lastWords, undefined, { ref: false })]);
    throw new Error(gist(errors) || how);
  });
  failed.catch(() => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const late = new AbortController();
    const expired = sleep(1000 * limit, undefined, { signal: late.signal }).then(() => {
      throw new Error(`no answer within ${limit} s`);
    });
    expired.catch(() => {});
    try {
      const { value, done } = await Promise.race([lines.next(), failed, expired]);
      return done ? await Promise.race([failed, expired]) : JSON.parse(value);
    } finally {
      late.abort();
    }
  };
  /** Ends it. What it held, such as a card's memory, is free when this resolves. */
  const stop = async () => {
    child.kill();
    const force = setTimeout(() => child.kill("SIGKILL"), patience);
    await ended;
    clearTimeout(force);
  };
  try {
    return { greeting: await next(), ask, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  function ask(line) {
    child.stdin.write(`${line}\n`);
    return next();
  }
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

/** Of what a program wrote when it failed, the line that says why: Python's and Slab's name an error. */
export function gist(text) {
  const lines = text
    .trim()
    .split("\n")
    .map((line) => line.trim());
  const named = lines.findLast((line) =>
    /^(error\[SLAB\d+\]|[\w.]*(Error|Exception|Unsupported|Interrupt)): /.test(line),
  );
  return named ?? lines.at(-1) ?? "";
}
