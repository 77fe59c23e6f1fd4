import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withTemporaryModel } from "../../src/cli/run/temporary-model.js";
import { openModel, readManifest } from "../../src/runtime/index.js";
import { tinyModel, weightBytes } from "../runtime/session/tiny-model.js";

let folder = "";
const before = process.env.TMPDIR;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slab-temporary-"));
  process.env.TMPDIR = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(folder, { recursive: true });
});

const model = tinyModel({ externalData: "weights" });
const bytes = weightBytes([0, 1, -1]);
const emitted = (chunks: Iterable<Uint8Array>) => ({
  model,
  externalData: { fileName: "weights", byteLength: bytes.length, chunks },
});

test("a model that holds its weights is handed on as it is", async () => {
  const source = await withTemporaryModel({ model }, async (found) => found);
  expect(source).toEqual({ bytes: model });
  expect(readdirSync(folder)).toEqual([]);
});

test("one with weights beside it is opened from a copy, and runs when the copy is gone", async () => {
  let place = "";
  const opened = await withTemporaryModel(emitted([bytes.subarray(0, 5), bytes.subarray(5)]), (source) => {
    if (!("path" in source)) throw new Error("not by path");
    place = dirname(source.path);
    expect(readFileSync(join(place, "weights")).equals(bytes)).toBe(true);
    return openModel(source, readManifest(model, "tiny.onnx"), { threads: 1 });
  });
  expect(place.startsWith(folder) && !existsSync(place)).toBe(true);
  const output = await opened.run(new Float32Array(24).fill(2));
  expect([output[0], output[24], output[48]]).toEqual([0, 2, -2]);
  await opened.close();
});

test.each([
  ["the model can't be opened", [bytes], () => Promise.reject(new Error("no session"))],
  ["the weights can't be made", failing(), () => Promise.resolve()],
])("nothing is left where %s", async (_, chunks, open) => {
  const attempt = async () => await withTemporaryModel(emitted(chunks), open);
  await expect(attempt()).rejects.toThrow("no ");
  expect(readdirSync(folder)).toEqual([]);
});

function* failing(): Generator<Uint8Array> {
  yield bytes;
  throw new Error("no more weights");
}
