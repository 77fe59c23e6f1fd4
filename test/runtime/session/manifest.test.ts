import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SlabFailure } from "../../../src/compiler/diagnostics/diagnostic.js";
import { readManifest, readModelFile } from "../../../src/runtime/manifest.js";
import { tinyManifest, tinyModel } from "./tiny-model.js";

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SlabFailure) return error.diagnostics.map(({ code }) => code).join();
    throw error;
  }
  return "none";
}

const read = (bytes: Uint8Array) => readManifest(bytes, "model.onnx");
const withManifest = (change: Record<string, unknown>) =>
  tinyModel({ manifest: JSON.stringify({ ...tinyManifest(), ...change }) });

test("a compiled model's manifest is read", () => {
  expect(read(tinyModel())).toEqual(tinyManifest());
});

test("a model whose weights lie in another file is read without them", () => {
  expect(read(tinyModel({ externalData: "weights.bin" })).network).toBe("Tiny");
});

test("a model of 25 MB is read", () => {
  const model = tinyModel({
    factors: Array.from({ length: 6_000_000 }, () => 1),
    manifest: JSON.stringify(tinyManifest()),
  });
  expect(model.length).toBeGreaterThan(24_000_000);
  read(model);
});

describe("what isn't a model of Slab's is a diagnostic", () => {
  test("an empty file", () => expect(codeOf(() => read(new Uint8Array(0)))).toBe("SLAB5102"));
  test("text", () => expect(codeOf(() => read(new TextEncoder().encode("network A {}\n")))).toBe("SLAB5102"));
  test("a model cut short", () => expect(codeOf(() => read(tinyModel().subarray(0, 90)))).toBe("SLAB5102"));
  test("no manifest", () => expect(codeOf(() => read(tinyModel({ manifest: undefined })))).toBe("SLAB5103"));
  test("a second input", () => expect(codeOf(() => read(tinyModel({ extraInput: true })))).toBe("SLAB5106"));
  test("values that aren't float32", () =>
    expect(codeOf(() => read(tinyModel({ elementType: 10 })))).toBe("SLAB5107"));
  test("scores where the manifest has labels", () =>
    expect(
      codeOf(() => read(withManifest({ outputs: [{ name: "logits", axes: [], shape: [], classes: 3 }] }))),
    ).toBe("SLAB5107"));
  test("a newer manifest", () => expect(codeOf(() => read(withManifest({ format: 2 })))).toBe("SLAB5105"));
  test("an input that the graph lacks", () => {
    const inputs = [{ name: "scan", axes: ["x"], shape: [1] }];
    expect(codeOf(() => read(withManifest({ inputs })))).toBe("SLAB5108");
  });
  test("two inputs in the manifest", () => {
    const port = { name: "volume", axes: ["x"], shape: [1] };
    expect(codeOf(() => read(withManifest({ inputs: [port, port] })))).toBe("SLAB5106");
  });

  const port = (change: object) => ({ outputs: [{ name: "logits", axes: ["x"], shape: [1], ...change }] });
  test.each([
    { format: "1" },
    { format: undefined },
    { compiler: 1 },
    { network: null },
    { arguments: [] },
    { probabilities: undefined },
    { probabilities: 1 },
    { inputs: {} },
    { outputs: [] },
    { outputs: [7] },
    port({ name: "" }),
    port({ axes: [1] }),
    port({ shape: [0] }),
    port({ shape: [1.5] }),
    port({ shape: ["1"] }),
    port({ shape: [1, 1] }),
    port({ shape: [2 ** 40] }),
    port({ classes: 0 }),
    port({ classes: "3" }),
    port({ classes: 65_536 }),
  ])("a manifest with %j", (change) => {
    expect(codeOf(() => read(withManifest(change)))).toBe("SLAB5104");
  });

  test.each(["", "{", "[]", "null", "7"])("a manifest that reads %j", (manifest) => {
    expect(codeOf(() => read(tinyModel({ manifest })))).toBe("SLAB5104");
  });

  test("control characters of a hostile file don't reach the terminal", () => {
    try {
      read(tinyModel({ manifest: "\u001b[2J\u0007" }));
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify((error as SlabFailure).diagnostics)).not.toMatch(/\\u001b|\\u0007/);
    }
  });
});

test("damaged bytes are either read or a diagnostic, nothing else", () => {
  const model = tinyModel();
  const change = fc.record({ at: fc.nat(model.length - 1), value: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
      const damaged = model.slice();
      for (const { at, value } of changes) damaged[at] = value;
      expect(codeOf(() => read(damaged))).toMatch(/^(none|SLAB51\d\d)$/);
    }),
    { numRuns: 500 },
  );
});

test("files that can't be read are diagnostics", () => {
  const folder = mkdtempSync(join(tmpdir(), "slab-manifest-"));
  try {
    writeFileSync(join(folder, "model.onnx"), tinyModel());
    expect(readModelFile(join(folder, "model.onnx")).manifest.network).toBe("Tiny");
    expect(codeOf(() => readModelFile(join(folder, "missing.onnx")))).toMatch(/^SLAB50/);
    expect(codeOf(() => readModelFile(folder))).toMatch(/^SLAB50/);
    const written = (externalData: string) => {
      writeFileSync(join(folder, "model.onnx"), tinyModel({ externalData }));
      return codeOf(() => readModelFile(join(folder, "model.onnx")));
    };
    expect(["w.bin", "weights/w.bin", "a/../w.bin", "..w"].map(written)).toEqual(Array(4).fill("none"));
    const outside = ["../w.bin", "a/../../w.bin", "/dev/zero", "..", "../../../dev/zero"];
    expect(outside.map(written)).toEqual(outside.map(() => "SLAB5109"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
