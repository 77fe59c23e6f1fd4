import { afterEach, expect, test } from "vitest";
import { type Diagnostic, SlabFailure } from "../../src/compiler/diagnostics/diagnostic.js";
import type { Model } from "../../src/runtime/index.js";
import {
  blendingNeeds,
  type MemoryWatch,
  parseMemory,
  requireMemory,
  watchMemory,
} from "../../src/runtime/memory.js";
import { segment } from "../../src/runtime/segment.js";
import { createLabels } from "../../src/runtime/tiling/labels.js";
import { openTiny } from "./session/tiny-model.js";

let watch: MemoryWatch | undefined;
afterEach(() => watch?.stop());

function diagnosticsOf(action: () => unknown): readonly Diagnostic[] {
  try {
    action();
  } catch (error) {
    if (error instanceof SlabFailure) return error.diagnostics;
    throw error;
  }
  return [];
}

test("amounts have a unit, decimal or binary", () => {
  expect(["4GB", "4 gb", "1.5GiB", "512MB", "1 MiB"].map(parseMemory)).toEqual([
    4e9,
    4e9,
    1.5 * 2 ** 30,
    512e6,
    2 ** 20,
  ]);
  for (const wrong of ["4", "GB", "-4GB", "4TB", "0GB", "1e3MB", "4GB8", ""])
    expect(() => parseMemory(wrong)).toThrow("SLAB5200");
});

test("what blending needs is the scores of one tile's thickness and the labels", () => {
  const [scores, labels] = blendingNeeds([100, 50, 40], [10, 20, 30], 3, 3);
  expect(scores?.bytes).toBe(4 * (4 * 10 * 50 * 40 + 10 * 20 * 30));
  expect(labels?.bytes).toBe(createLabels(100 * 50 * 40, 3).byteLength);
  expect(blendingNeeds([4, 4, 4], [4, 4, 4], 0, 300).map(({ bytes }) => bytes)).toEqual([0, 128]);
});

test("a need beyond the limit says what is needed at least, and for what", () => {
  watch = watchMemory(process.memoryUsage.rss() + 1e9);
  const path = "model.onnx";
  expect(() => requireMemory(watch as MemoryWatch, [{ what: "scores", bytes: 1e8 }], path)).not.toThrow();
  const needs = [{ what: "scores", bytes: 2e9 }];
  const [diagnostic] = diagnosticsOf(() => requireMemory(watch as MemoryWatch, needs, path));
  expect(diagnostic?.code).toBe("SLAB5201");
  expect(diagnostic?.notes.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^\d\.\d\d GB$/),
    expect.stringMatching(/^at least [23]\.\d\d GB$/),
    expect.stringMatching(/ for the process with scan and network$/),
    "2.00 GB for scores",
  ]);
});

test("the peak is what was held at once, also when it is gone", async () => {
  watch = watchMemory(1e12);
  const before = watch.peak;
  const held = new Uint8Array(3e8).fill(1);
  watch.look();
  expect(watch.peak - before).toBeGreaterThan(0.9 * held.length);
});

test("a model that gives labels is held to the limit, too, once it is known what it takes", async () => {
  const tile = [4, 4, 4] as const;
  const axes = ["n", "c", "x", "y", "z"];
  const labels = { name: "labels", axes: axes.toSpliced(1, 1), shape: [1, ...tile], classes: 3 };
  const held: Uint8Array[] = [];
  const model = {
    name: "labels.onnx",
    device: "cpu",
    busy: 0,
    manifest: {
      format: 1,
      compiler: "",
      network: "Labels",
      arguments: {},
      inputs: [{ name: "volume", axes, shape: [1, 1, ...tile] }],
      outputs: [labels],
      probabilities: false,
    },
    run: () => Promise.reject(new Error("labels are asked for")),
    label: async () => {
      held.push(new Uint8Array(2e8).fill(1));
      return new Uint8Array(64);
    },
    close: async () => undefined,
  } satisfies Model;
  const run = (memory: MemoryWatch) => {
    const options = { overlap: 0, blend: "constant", pad: { kind: "minimum" }, memory } as const;
    return segment({ size: [8, 4, 4], data: new Float32Array(128) }, model, options);
  };
  watch = watchMemory(1e12);
  expect((await run(watch)).tiles).toBe(2);
  watch.stop();
  watch = watchMemory(process.memoryUsage.rss() + 1e8);
  await expect(run(watch)).rejects.toThrow("SLAB5201");
});

test("a volume whose scores don't fit is refused before they are allocated", async () => {
  const model = await openTiny({ tile: [2, 3, 4] });
  const size = [4, 1024, 1024] as const;
  const data = new Float32Array(4 * 1024 * 1024).fill(1);
  watch = watchMemory(0);
  watch.stop();
  watch = watchMemory(watch.look() + 10e6);
  const options = { overlap: 0, blend: "constant", pad: { kind: "minimum" }, memory: watch } as const;
  const running = segment({ size, data }, model, options);
  await expect(running).rejects.toThrow("SLAB5201");
  await model.close();
});
