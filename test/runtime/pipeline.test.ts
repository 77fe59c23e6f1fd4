import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import onnxProto from "onnx-proto";
import { describe, expect, test } from "vitest";
import { SlabFailure } from "../../src/compiler/diagnostics/diagnostic.js";
import { checkNetwork, emitModel } from "../../src/compiler/index.js";
import type { Pipeline } from "../../src/compiler/support/pipeline.js";
import { parsePipeline, preparePipeline, readManifest, type ScanPipeline } from "../../src/runtime/index.js";
import type { Volume } from "../../src/runtime/volume/volume.js";
import { repositoryHost } from "../support/host.js";
import { failureOf } from "./volume/failure.js";

const schema = JSON.parse(readFileSync(new URL("../../docs/pipeline.schema.json", import.meta.url), "utf8"));
const isPipeline = new Ajv2020({ strict: true, strictTuples: false }).compile(schema);

const text = `network Net {
  input volume: float[n, c: 1, x, y, z]
  output logits = volume -> head: Conv(3, 1x1x1)
}
`;

function compiled(properties: string, labels = "") {
  const source = `${text}\n/// About it.\npipeline scan for Net {\n  tile: 4x5x6\n${properties}\n${labels}}\n`;
  const host = { ...repositoryHost, read: () => source };
  const checked = checkNetwork("net.slab", host, { applyPipeline: true });
  const { emitted } = emitModel(checked, { kind: "seeded" }, "w");
  return { checked, bytes: emitted.model };
}

function metadata(bytes: Uint8Array): string {
  const model = onnxProto.onnx.ModelProto.decode(bytes);
  return model.metadataProps.find(({ key }) => key === "slab.pipeline")?.value ?? "";
}

const forms = [
  "modality: ct\nintensity: window(-991, 362) -> (0, 1)\norientation: RAS\nspacing: (1.5, 1.5, 2.0) mm",
  "modality: mr\nintensity: zscore(over: nonzero)\npadding: constant(-1)\nmirroring: (x, z)\noverlap: 1/4",
  "modality: other\nintensity: percentiles(0.5, 99.5, clip: false, over: nonzero) -> (-1, 1)\npadding: zero",
  "modality: ct\nintensity: zscore(mean: 82.9, deviation: 136.9, clip: (-970, 512))\npadding: reflect",
  "modality: mr\nintensity: minmax -> (0, 255)\nblending: constant\nspacing: 1x1x3 mm\nrestoring: probabilities\ninterpolation: cubic",
  "modality: mr\nintensity: none\nmirroring: none\noverlap: 0",
];

describe("a pipeline in a model", () => {
  test.each(forms)("is as the schema says, and comes back as it went: %s", (form) => {
    const { checked, bytes } = compiled(form, 'labels {\n0: "a" "#AABBCC"\n1: "b"\n2: "c"\n}\n');
    const carried = JSON.parse(metadata(bytes));
    expect(isPipeline(carried) || isPipeline.errors).toBe(true);
    expect(carried).toMatchObject({ name: "scan", documentation: "About it.", tile: [4, 5, 6] });
    expect(carried.labels[0]).toEqual({ name: "a", colour: "#aabbcc" });
    expect(readManifest(bytes, "net.onnx").pipeline).toEqual(carried);
    expect(checked.pipeline).toEqual(carried);
  });

  test("is absent where none was written, and a model without one is read as before", () => {
    const checked = checkNetwork(
      "net.slab",
      { ...repositoryHost, read: () => text },
      { tile: [4, 5, 6], applyPipeline: true },
    );
    const { emitted } = emitModel(checked, { kind: "seeded" }, "w");
    expect(metadata(emitted.model)).toBe("");
    expect(readManifest(emitted.model, "net.onnx").pipeline).toBeUndefined();
  });

  const right = JSON.parse(metadata(compiled(forms[0] as string).bytes)) as Record<string, unknown>;

  test.each<[string, unknown]>([
    ["orientation", "RRS"],
    ["spacing", [1, 0, 1]],
    ["spacing", [1, 1]],
    ["tile", [4, 5, 1e9]],
    ["tile", "4x5x6"],
    ["overlap", 1],
    ["overlap", "0.5"],
    ["modality", "pet"],
    ["intensity", { kind: "window", low: 5, high: 1 }],
    ["intensity", { kind: "none", low: 5 }],
    ["intensity", { kind: "percentiles", low: -1, high: 99 }],
    ["intensity", { kind: "zscore", mean: 1 }],
    ["padding", { kind: "minimum", value: 1 }],
    ["mirroring", [0, 0]],
    ["mirroring", [3]],
    ["labels", [{ name: 5 }]],
    ["labels", [{ name: "a", colour: "red" }]],
    ["format", 0],
    ["strange", 1],
  ])("with a wrong %s is refused, as by the schema (but for orders)", (key, value) => {
    const wrong = { ...right, [key]: value };
    expect(failureOf(() => parsePipeline(JSON.stringify(wrong), "net.onnx")).code).toBe("SLAB5041");
    const ordersOnly = JSON.stringify(value).includes('"low":5,"high":1');
    expect(isPipeline(wrong)).toBe(ordersOnly);
  });

  test("of a newer format, or for another tile or other classes, is refused", () => {
    expect(failureOf(() => parsePipeline(JSON.stringify({ ...right, format: 2 }), "n")).code).toBe(
      "SLAB5042",
    );
    const withMetadata = (change: object) => {
      const model = onnxProto.onnx.ModelProto.decode(compiled(forms[0] as string).bytes);
      const entry = model.metadataProps.find(({ key }) => key === "slab.pipeline");
      if (entry) entry.value = JSON.stringify({ ...right, ...change });
      return onnxProto.onnx.ModelProto.encode(model).finish();
    };
    expect(failureOf(() => readManifest(withMetadata({ tile: [4, 5, 7] }), "n")).code).toBe("SLAB5047");
    expect(failureOf(() => readManifest(withMetadata({ labels: [{ name: "a" }] }), "n")).code).toBe(
      "SLAB5048",
    );
  });

  test("changed at random is read or refused, never a crash, and what is read is as the schema says", () => {
    const keys = Object.keys(right);
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 2 }), (key, value) => {
        const changed = JSON.stringify({ ...right, [key]: value });
        try {
          expect(isPipeline(JSON.parse(JSON.stringify(parsePipeline(changed, "net.onnx"))))).toBe(true);
        } catch (failure) {
          if (!(failure instanceof SlabFailure)) throw failure;
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("preparing a scan", () => {
  const plain: ScanPipeline = {
    modality: "ct",
    intensity: { kind: "none" },
    interpolation: "linear",
    restoring: "labels",
  };
  const scanOf = (values: readonly number[], header = {}): Volume => {
    const affine = [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ];
    return {
      data: Float32Array.from(values),
      grid: { size: [values.length, 1, 1], spacing: [1, 1, 1], affine, orientation: "RAS" },
      header: { pixdim: [1, 1, 1, 1], sformCode: 1, ...header } as unknown as Volume["header"],
    };
  };
  const remarks = (values: readonly number[], pipeline: Partial<ScanPipeline> = {}) => {
    const said: string[] = [];
    preparePipeline({ ...plain, ...pipeline }, ({ code }) => said.push(code))(scanOf(values), "scan.nii");
    return said;
  };

  test("warns of a scan that is not what the pipeline is for", () => {
    expect(remarks([0, 0.5, 1])).toEqual(["SLAB5040"]);
    expect(remarks([0, 100, 255])).toEqual(["SLAB5040"]);
    expect(remarks([0, 1024, 3000])).toEqual(["SLAB5040"]);
    expect(remarks([-1024, 40, 1500])).toEqual([]);
    expect(remarks([-50, 40, 150])).toEqual([]);
    expect(remarks([-1024, 40, 1500], { modality: "mr" })).toEqual(["SLAB5040"]);
    expect(remarks([0, 40, 1500], { modality: "mr" })).toEqual([]);
    const window: Partial<ScanPipeline> = {
      modality: "mr",
      intensity: { kind: "window", low: 2000, high: 3000 },
    };
    expect(remarks([0, 40, 1500], window)).toEqual(["SLAB5046"]);
  });

  test("refuses voxels that are no numbers, zeros alone, and a header without spacing", () => {
    const prepare = (pipeline: Partial<ScanPipeline>, volume: Volume) => () =>
      preparePipeline({ ...plain, ...pipeline })(volume, "scan.nii");
    expect(failureOf(prepare({}, scanOf([1, Number.NaN]))).code).toBe("SLAB5032");
    const nonzero = { intensity: { kind: "zscore", over: "nonzero" } as const };
    expect(failureOf(prepare(nonzero, scanOf([0, 0]))).code).toBe("SLAB5045");
    const without = scanOf([1, 2], { pixdim: [1, 0, 1, 1], sformCode: 0 });
    expect(failureOf(prepare({ spacing: [1, 1, 1] }, without)).code).toBe("SLAB5044");
    expect(() => prepare({}, without)()).not.toThrow();
  });

  test("leaves the scan's own voxels alone, and works on what it made itself", () => {
    const scan = scanOf([5, 1, 3]);
    const still = preparePipeline({ ...plain, intensity: { kind: "minmax" } })(scan);
    expect([...still.volume.data]).toEqual([1, 0, 0.5]);
    const turned = preparePipeline({ ...plain, orientation: "LAS", intensity: { kind: "minmax" } })(scan);
    expect([...turned.volume.data]).toEqual([0.5, 0, 1]);
    expect([...turned.restore(Uint8Array.of(3, 2, 1))]).toEqual([1, 2, 3]);
    expect([...scan.data]).toEqual([5, 1, 3]);
  });

  test("over nonzero voxels, zeros stay and do not count", () => {
    const data = (intensity: Pipeline["intensity"]) => [
      ...preparePipeline({ ...plain, modality: "mr", intensity })(scanOf([0, 1, 3])).volume.data,
    ];
    expect(data({ kind: "zscore", over: "nonzero" })).toEqual([0, -1, 1]);
    expect(data({ kind: "minmax", over: "nonzero", to: [1, 2] })).toEqual([0, 1, 2]);
    expect(data({ kind: "zscore", mean: 1, deviation: 2, clip: [0, 2] })).toEqual([-0.5, 0, 0.5]);
    expect(data({ kind: "window", low: 0, high: 2, clip: false, to: [-1, 1] })).toEqual([-1, 0, 2]);
  });
});
