import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { SlabFailure } from "../../../src/compiler/diagnostics/diagnostic.js";
import { readManifest } from "../../../src/runtime/manifest.js";
import type { NetworkVolume } from "../../../src/runtime/preparation.js";
import { type SegmentOptions, segment } from "../../../src/runtime/segment.js";
import { type Model, openModel } from "../../../src/runtime/session/session.js";
import { type TinyModelOptions, tinyManifest, tinyModel, weightBytes } from "./tiny-model.js";

const folder = mkdtempSync(join(tmpdir(), "slab-session-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function codeOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (error instanceof SlabFailure) return error.diagnostics.map(({ code }) => code).join();
    throw error;
  }
  return "none";
}

async function withModel<T>(options: TinyModelOptions, use: (model: Model) => Promise<T>): Promise<T> {
  const bytes = tinyModel(options);
  const model = await openModel({ bytes }, readManifest(bytes, "tiny.onnx"), {
    threads: 1,
    name: "tiny.onnx",
  });
  try {
    return await use(model);
  } finally {
    await model.close();
  }
}

const ramp = (length: number) => Float32Array.from({ length }, (_, index) => index - 5);

describe("a model", () => {
  test("runs in its thread, takes the input's buffer and gives the scores", async () => {
    await withModel({}, async (model) => {
      const input = ramp(24);
      const output = await model.run(input);
      expect(input.length).toBe(0);
      expect([...output]).toEqual(
        [...ramp(24).map((value) => value * 0), ...ramp(24), ...ramp(24).map((value) => -value)].map(
          (v) => v,
        ),
      );
    });
  });

  test("answers runs that are asked for at once in their order", async () => {
    await withModel({}, async (model) => {
      const outputs = await Promise.all(
        [1, 2, 3].map((value) => model.run(new Float32Array(24).fill(value))),
      );
      expect(outputs.map((output) => output[24])).toEqual([1, 2, 3]);
    });
  });

  test("is opened by path, with its weights in a file beside it", async () => {
    const bytes = tinyModel({ externalData: "weights.bin" });
    const path = join(folder, "external.onnx");
    writeFileSync(path, bytes);
    writeFileSync(join(folder, "weights.bin"), weightBytes([0, 1, -1]));
    const model = await openModel({ path }, readManifest(bytes, path));
    const output = await model.run(new Float32Array(24).fill(2));
    await model.close();
    expect([output[0], output[24], output[48]]).toEqual([0, 2, -2]);
  });

  test("that ONNX Runtime can't open is a diagnostic with its words", async () => {
    const bytes = tinyModel({ operation: "Nonsense" });
    const opening = openModel({ bytes }, readManifest(bytes, "bad.onnx"), { name: "bad.onnx" });
    const failure = await opening.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SlabFailure);
    const [diagnostic] = (failure as SlabFailure).diagnostics;
    expect(diagnostic).toMatchObject({ code: "SLAB5110", place: { path: "bad.onnx" } });
    expect(diagnostic?.notes[0]?.text).toContain("Nonsense");
  });

  test("whose weights are missing is a diagnostic", async () => {
    const bytes = tinyModel({ externalData: "nowhere.bin" });
    const path = join(folder, "orphan.onnx");
    writeFileSync(path, bytes);
    expect(await codeOf(() => openModel({ path }, readManifest(bytes, path)))).toBe("SLAB5110");
  });

  test("whose manifest promises another input is a diagnostic when it runs", async () => {
    const manifest = JSON.stringify(tinyManifest([2, 3, 5]));
    await withModel({ manifest }, async (model) => {
      expect(await codeOf(() => model.run(new Float32Array(30)))).toBe("SLAB5111");
    });
  });

  test("whose manifest promises another output is a diagnostic", async () => {
    const manifest = JSON.stringify(tinyManifest([2, 3, 4], 2));
    await withModel({ manifest }, async (model) => {
      expect(await codeOf(() => model.run(new Float32Array(24)))).toBe("SLAB5113");
    });
  });

  test("is closed twice without harm", async () => {
    await withModel({}, async (model) => {
      await model.close();
      await expect(model.close()).resolves.toBeUndefined();
    });
  });

  test("lets the process end by itself once closed", () => {
    const session = new URL("../../../dist/src/runtime/session/session.js", import.meta.url);
    const manifest = new URL("../../../dist/src/runtime/manifest.js", import.meta.url);
    const path = join(folder, "tiny.onnx");
    writeFileSync(path, tinyModel());
    const script = `
      const { openModel } = await import(${JSON.stringify(session.href)});
      const { readModelFile } = await import(${JSON.stringify(manifest.href)});
      const { manifest } = readModelFile(process.argv[1]);
      const model = await openModel({ path: process.argv[1] }, manifest);
      const output = await model.run(new Float32Array(24).fill(3));
      await model.close();
      process.stdout.write(String(output[24]));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", script, path], {
      cwd: fileURLToPath(new URL("../../..", import.meta.url)),
      timeout: 30_000,
    });
    expect(output.toString()).toBe("3");
  });
});

const options: SegmentOptions = {
  overlap: 0.5,
  blend: "gaussian",
  pad: { kind: "minimum" },
};

function volumeOf(size: readonly [number, number, number]): NetworkVolume {
  const voxels = size[0] * size[1] * size[2];
  return { size, data: Float32Array.from({ length: voxels }, (_, index) => ((index * 7) % 11) - 5) };
}

/** The class with the highest of 0, the value and its negative. */
const expectedLabels = (volume: NetworkVolume) =>
  [...volume.data].map((value) => (value > 0 ? 1 : value < 0 ? 2 : 0));

describe("a volume is segmented", () => {
  test.each([
    [[2, 3, 4], 1],
    [[5, 3, 4], 4],
    [[2, 2, 2], 1],
    [[7, 9, 3], 42],
  ] as const)("of size %j in %i passes", async (size, passes) => {
    const volume = volumeOf(size);
    const seen: string[] = [];
    const found = await withModel({}, (model) =>
      segment(volume, model, { ...options, onProgress: (done, total) => seen.push(`${done}/${total}`) }),
    );
    expect([...found.labels]).toEqual(expectedLabels(volume));
    expect([found.tiles, seen.at(0), seen.at(-1)]).toEqual([passes, `0/${passes}`, `${passes}/${passes}`]);
    expect(volume.data.length, "the scan is still there").toBe(size[0] * size[1] * size[2]);
  });

  test("by a network with one class: 1 where the score is above 0, or above 0.5 where a Sigmoid gives it", async () => {
    const volume = volumeOf([5, 3, 4]);
    const above = (least: number) => [...volume.data].map((value) => (value > least ? 1 : 0));
    const logits = await withModel({ factors: [1] }, (model) => segment(volume, model, options));
    expect([...logits.labels]).toEqual(above(0));
    const whole = volumeOf([2, 3, 4]);
    const operation = "Sigmoid";
    const scores = await withModel({ factors: [1], operation }, (model) => segment(whole, model, options));
    expect([...scores.labels]).toEqual([...whole.data].map((value) => (value > 0 ? 1 : 0)));
  });

  test("with the mean of all its mirror images, which a network that looks at voxels alone does not change", async () => {
    const volume = volumeOf([5, 3, 4]);
    const seen: number[] = [];
    const onProgress = (_: number, total: number) => seen.push(total);
    const found = await withModel({}, (model) =>
      segment(volume, model, { ...options, mirror: [0, 2], onProgress }),
    );
    expect([...found.labels]).toEqual(expectedLabels(volume));
    expect([found.tiles, seen[0]]).toEqual([4, 16]);
  });

  test("unless the scores are NaN", async () => {
    await withModel({ factors: [0, Number.NaN] }, async (model) => {
      expect(await codeOf(() => segment(volumeOf([2, 3, 4]), model, options))).toBe("SLAB5119");
      expect(await codeOf(() => segment(volumeOf([4, 3, 4]), model, options))).toBe("SLAB5119");
    });
  });

  test("unless the overlap is a whole tile", async () => {
    await withModel({}, async (model) => {
      expect(await codeOf(() => segment(volumeOf([4, 3, 4]), model, { ...options, overlap: 1 }))).toBe(
        "SLAB5117",
      );
    });
  });

  test.each([
    [{ inputs: [{ name: "volume", axes: ["n", "c", "x", "y"], shape: [1, 1, 6, 4] }] }, "SLAB5114"],
    [{ inputs: [{ name: "volume", axes: ["n", "c", "x", "y", "z"], shape: [1, 2, 3, 2, 2] }] }, "SLAB5114"],
    [{ outputs: [{ name: "logits", axes: ["n", "c", "x", "y", "z"], shape: [1, 3, 2, 3, 2] }] }, "SLAB5115"],
    [{ outputs: [{ name: "logits", axes: ["n", "c", "x", "y", "z"], shape: [2, 3, 2, 3, 4] }] }, "SLAB5115"],
  ])("unless the model is for something else: %j", async (change, code) => {
    await withModel({ manifest: JSON.stringify({ ...tinyManifest(), ...change }) }, async (model) => {
      expect(await codeOf(() => segment(volumeOf([2, 3, 4]), model, options))).toBe(code);
    });
  });
});
