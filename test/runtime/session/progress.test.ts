import { expect, test } from "vitest";
import { createProgress, progressLine } from "../../../src/runtime/session/progress.js";

function stream(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

test("the time left is reckoned from the tiles done", () => {
  expect(progressLine("segmenting", 9, 27, 60_000)).toMatch(
    /^segmenting █{8}░{16} 9\/27 tiles, 2 min 00 s left$/,
  );
  expect(progressLine("segmenting", 0, 1, 12_000)).toMatch(/0\/1 tile, 12 s so far$/);
  expect(progressLine("segmenting", 1, 11, 3_600_000)).toContain("10 h 00 min left");
});

test("a log gets a line at the beginning, one at the end, and no control characters", () => {
  const log = stream(false);
  let now = 0;
  const progress = createProgress(log, 27, "segmenting", () => now);
  progress.update(13);
  now = 2500;
  progress.finish();
  expect(log.written).toEqual(["segmenting: 27 tiles to do\n", "segmenting: 27 tiles in 2.5 s\n"]);
});

test("a log gets no more lines after a failure", () => {
  const log = stream(false);
  createProgress(log, 27, "segmenting").clear();
  expect(log.written).toEqual(["segmenting: 27 tiles to do\n"]);
});

test("a terminal's bar is taken away on failure", () => {
  const terminal = stream(true);
  const progress = createProgress(terminal, 27, "segmenting");
  progress.update(3);
  progress.clear();
  expect(terminal.written.some((text) => text.includes("3/27"))).toBe(true);
  expect(terminal.written.at(-1)).toBe("\r\u001b[2K");
});

test("the bar never wraps in a narrow terminal", () => {
  const terminal = stream(true, 20);
  createProgress(terminal, 27, "segmenting").clear();
  for (const text of terminal.written) expect(text.replace("\r\u001b[2K", "").length).toBeLessThan(20);
});
