import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { requireWritable } from "../../src/cli/files.js";
import { writeFilesTogether } from "../../src/runtime/volume/files.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slab-output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

test("files are written from their pieces, over what was there", () => {
  writeFileSync(join(folder, "a"), "old and longer");
  writeFilesTogether([
    { path: join(folder, "a.data"), chunks: [bytes("we"), bytes(""), bytes("ights")] },
    { path: join(folder, "a"), chunks: [bytes("model")] },
  ]);
  expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"))).toEqual([
    "model",
    "weights",
  ]);
});

test("a piece that can't be made leaves all files as they were", () => {
  writeFileSync(join(folder, "a"), "old");
  const failing = function* () {
    yield bytes("half");
    throw new Error("no more");
  };
  const files = [
    { path: join(folder, "a"), chunks: [bytes("new")] },
    { path: join(folder, "b"), chunks: failing() },
  ];
  expect(() => writeFilesTogether(files)).toThrow("no more");
  expect(readdirSync(folder)).toEqual(["a"]);
  expect(readFileSync(join(folder, "a"), "utf8")).toBe("old");
});

test("a place that can't be written to is a diagnostic and leaves nothing", () => {
  mkdirSync(join(folder, "taken/full"), { recursive: true });
  const files = [
    { path: join(folder, "a"), chunks: [bytes("a")] },
    { path: join(folder, "taken"), chunks: [bytes("b")] },
  ];
  expect(() => writeFilesTogether([...files].reverse())).toThrow(/SLAB5022/);
  expect(readdirSync(folder)).toEqual(["taken"]);
});

test("an output that is an input or another output is refused beforehand, and a file where a folder should be", () => {
  const input = join(folder, "scan.nii");
  writeFileSync(input, "");
  expect(() => requireWritable([join(folder, ".", "scan.nii")], [input])).toThrow(/SLAB6008/);
  expect(() => requireWritable([join(folder, "a"), join(folder, "a")], [input])).toThrow(/SLAB6009/);
  expect(() => requireWritable([join(input, "a")], [])).toThrow(/SLAB5021/);
  expect(() => requireWritable([join(folder, "a")], [input])).not.toThrow();
});
