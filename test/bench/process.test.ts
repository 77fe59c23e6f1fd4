import { expect, test, vi } from "vitest";
import { load } from "./load.js";

// Starting processes takes long on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const { startWorker, gist } = await load("process.mjs");
const node = (program: string, options = {}) => startWorker(process.execPath, ["-e", program], options);

test("a worker greets, answers in turn, and is gone once it is stopped", async () => {
  const program = `
    console.log(JSON.stringify({ pid: process.pid }));
    require("readline").createInterface({ input: process.stdin }).on("line", (line) => console.log(JSON.stringify(line)));`;
  const { greeting, ask, stop } = await node(program);
  expect([await ask("a"), await ask("b")]).toEqual(["a", "b"]);
  await stop();
  expect(() => process.kill(greeting.pid, 0)).toThrow("ESRCH");
});

test.each([
  ["a command that is not there", () => startWorker("no-such-program", []), "no-such-program"],
  ["what it wrote last", () => node("console.error('one'); console.error('two'); process.exit(3)"), "two"],
  ["its exit code, where it says nothing", () => node("process.exit(3)"), "exit code 3"],
  ["a signal", () => node("process.kill(process.pid, 'SIGKILL')"), "SIGKILL"],
  [
    "a time that is over",
    () => node("setInterval(() => {}, 1000)", { limit: 0.2 }),
    "no answer within 0.2 s",
  ],
  [
    "its end, also where a process that it left behind holds its output open",
    () =>
      node(`require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 10000)"],
        { stdio: ["ignore", "inherit", "inherit"], detached: true }).unref(); process.exit(4)`),
    "exit code 4",
  ],
])("a worker that does not greet is told by %s", async (_, start, message) => {
  await expect(start()).rejects.toThrow(message);
});

test("a worker that ends instead of answering is a failure, not a wait", async () => {
  const worker = await node(
    "console.log('{}'); process.stdin.once('data', () => { throw new RangeError('too big') })",
  );
  await expect(worker.ask("pass")).rejects.toThrow("RangeError: too big");
  await worker.stop();
});

test.each([
  [
    "Traceback (most recent call last):\n  File\ntorch.OutOfMemoryError: CUDA out of memory\n\nSet X=1 for more",
    "torch.OutOfMemoryError: CUDA out of memory",
  ],
  [
    "warning\nerror[SLAB7100]: there is no schedule\n = help: did you mean portable?",
    "error[SLAB7100]: there is no schedule",
  ],
  ["Killed", "Killed"],
])("of what failed, the line that says why", (text, line) => {
  expect(gist(text)).toBe(line);
});
