import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import onnxProto from "onnx-proto";
import { afterAll, describe, expect, test } from "vitest";
import { emitOnnx } from "../../../src/compiler/emit/onnx/emit.js";
import type { Graph, Node, Value } from "../../../src/compiler/graph/graph.js";
import { pythonWithOnnx } from "../../support/python.js";
import {
  emitOptions,
  graphOf,
  inputOf,
  nodeOf,
  operationOf,
  runGraph,
  runModel,
  seededWeights,
  testInput,
} from "../ops/harness.js";
import { applied, samples } from "../ops/samples.js";

const folder = mkdtempSync(join(tmpdir(), "slab-emit-"));
afterAll(() => rmSync(folder, { recursive: true }));

const apply = (
  name: string,
  operation: string,
  inputs: readonly Value[],
  attributes = {},
  path = name,
): Node => nodeOf(name, operationOf(operation), inputs, attributes, path);
const decode = (graph: Graph, options = {}) =>
  onnxProto.onnx.ModelProto.decode(emitOnnx(graph, seededWeights, { ...emitOptions, ...options }).model);

/** A convolution seen through two views, with a shift: shared weights, several ONNX nodes for one node. */
function sharedConvolution(): Graph {
  const input = inputOf("volume", "n:1 c:2 x:4 y:4 z:4");
  const views = [
    ["n", "c", "x", "y", "z"],
    ["n", "c", "z", "y", "x"],
  ];
  const names = ["n", "c", "s", "h", "w"];
  const nodes: Node[] = [];
  const results = views.map((axes, index) => {
    const view = apply(`view@${index}`, "rearrange", [input], { axes, names });
    const conv = apply(`unet.conv1@${index}`, "Conv", [view], { out: 4, kernel: [1, 3, 3] }, "unet.conv1");
    const shift = apply(`unet.shift@${index}`, "Shift", [conv], {
      axis: "s",
      fold: { numerator: 1, denominator: 4 },
    });
    const norm = apply(`unet.norm@${index}`, "InstanceNorm", [shift]);
    nodes.push(view, conv, shift, norm);
    return norm;
  });
  const fused = apply("fused", "sum", results);
  return graphOf([input], [...nodes, fused], { logits: fused }, { documentation: "Two views." });
}

describe("the ONNX model of a graph", () => {
  test("says which opset, version, compiler and metadata it has", () => {
    const model = decode(sharedConvolution(), {
      metadata: { "slab.source": "network …", "slab.settings": "{}" },
    });
    expect(Number(model.irVersion)).toBe(10);
    expect(model.opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([["", 20]]);
    expect([model.producerName, model.producerVersion, model.docString]).toEqual([
      "slab",
      "0.0.0",
      "Two views.",
    ]);
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([
      ["slab.source", "network …"],
      ["slab.settings", "{}"],
    ]);
    expect(model.graph?.name).toBe("Test");
  });

  test("names nodes, inputs, outputs and weights as the graph does, and stores a shared weight once", () => {
    const { graph } = decode(sharedConvolution());
    const names = graph?.node?.map(({ name }) => name);
    expect(names).toContain("unet.conv1@0");
    expect(names).toContain("unet.conv1@1");
    expect(names).toContain("unet.shift@1/forward");
    expect(graph?.input?.map(({ name }) => name)).toEqual(["volume"]);
    expect(graph?.output?.map(({ name }) => name)).toEqual(["logits"]);
    const initializers = graph?.initializer?.map(({ name }) => name);
    expect(initializers?.filter((name) => !name?.startsWith("constant/"))).toEqual(["unet.conv1.weight"]);
    const users = graph?.node?.filter(({ input }) => input?.includes("unet.conv1.weight"));
    expect(users?.map(({ name }) => name)).toEqual(["unet.conv1@0", "unet.conv1@1"]);
  });

  test("moves channels without ScatterND and holds each constant once", () => {
    const { graph } = decode(sharedConvolution());
    expect(new Set(graph?.node?.map(({ opType }) => opType))).toEqual(
      new Set(["Transpose", "Conv", "Pad", "Slice", "Concat", "InstanceNormalization", "Add"]),
    );
    const contents = graph?.initializer?.map(
      ({ dataType, dims, rawData }) => `${dataType}:${dims}:${rawData}`,
    );
    expect(new Set(contents).size).toBe(contents?.length);
    // The kernel; ones and zeros for the norm; pads forward and backward; where the slice that stays begins, ends, and its
    // axis, of which the first and the last are both 1.
    expect(contents?.length).toBe(1 + 2 + 2 + 2);
  });

  test("is the same for the same graph", () => {
    const bytes = () => emitOnnx(sharedConvolution(), seededWeights, emitOptions).model;
    expect(bytes()).toEqual(bytes());
  });

  test("has the types of intermediate values", () => {
    const { graph } = decode(sharedConvolution());
    const info = graph?.valueInfo?.find(({ name }) => name === "unet.conv1@1");
    expect(info?.type?.tensorType?.shape?.dim?.map(({ dimValue }) => Number(dimValue))).toEqual([
      1, 4, 4, 4, 4,
    ]);
  });

  test("takes sizes from the bindings", () => {
    const input = inputOf("input", "n:1 c:1 x y");
    const conv = apply("conv", "Conv", [input], { out: 2, kernel: 3, stride: 2 });
    const bindings = new Map([
      ["x", 5],
      ["y", 8],
    ]);
    const { graph } = decode(graphOf([input], [conv], { out: conv }, { bindings }));
    const dims = graph?.output?.[0]?.type?.tensorType?.shape?.dim?.map(({ dimValue }) => Number(dimValue));
    expect(dims).toEqual([1, 2, 3, 4]);
  });

  test("outputs that are an input, an intermediate value or the same value twice keep their names", async () => {
    const input = inputOf("input", "x:3");
    const negated = apply("negated", "negate", [input]);
    const kept = apply("kept", "Dropout", [negated]);
    const back = apply("back", "negate", [kept]);
    const graph = graphOf([input], [negated, kept, back], { same: input, a: negated, b: kept, back });
    const values = Float32Array.of(1, -2, 3);
    const results = await runGraph(graph, { input: { shape: [3], values } });
    const minus = values.map((value) => -value);
    expect(
      Object.fromEntries(Object.entries(results).map(([name, result]) => [name, result.values])),
    ).toEqual({
      same: values,
      a: minus,
      b: minus,
      back: values,
    });
  });

  test("an output may be called as another node is", async () => {
    const input = inputOf("input", "x:2");
    const head = apply("head", "negate", [input]);
    const last = apply("last", "scale", [head], { factor: 3 });
    const graph = graphOf([input], [head, last], { head: last });
    const { head: result } = await runGraph(graph, { input: { shape: [2], values: Float32Array.of(1, 2) } });
    expect(result?.values).toEqual(Float32Array.of(-3, -6));
  });

  test("25 MB of weights are encoded", () => {
    const input = inputOf("input", "n:1 c:512 x:4");
    const nodes: Node[] = [];
    for (let i = 0; i < 8; i++) {
      nodes.push(apply(`conv${i}`, "Conv", [nodes.at(-1) ?? input], { out: 512, kernel: 3 }));
    }
    const last = nodes.at(-1) as Node;
    const weights = new Float32Array(512 * 512 * 3);
    const graph = graphOf([input], nodes, { last });
    const { model } = emitOnnx(graph, () => weights, emitOptions);
    expect(model.byteLength).toBeGreaterThan(25_000_000);
  });
});

describe("weights beyond the limit", () => {
  const options = { ...emitOptions, externalDataThreshold: 100, externalDataName: "model.onnx.data" };

  function convolutions(): Graph {
    const input = inputOf("input", "n:1 c:3 x:5 y:5");
    const first = apply("first", "Conv", [input], { out: 4, kernel: 3, bias: true });
    const second = apply("second", "Conv", [first], { out: 2, kernel: 3 });
    return graphOf([input], [first, second], { result: second });
  }

  test("lie in a file beside the model, each at a multiple of a page, and the model runs with them", async () => {
    const { model, externalData } = emitOnnx(convolutions(), seededWeights, options);
    const content = Buffer.concat([...(externalData?.chunks ?? [])]);
    expect(externalData?.fileName).toBe("model.onnx.data");
    expect(content.length).toBe(externalData?.byteLength);
    const { graph } = onnxProto.onnx.ModelProto.decode(model);
    for (const tensor of graph?.initializer ?? []) {
      const entries = Object.fromEntries(tensor.externalData?.map(({ key, value }) => [key, value]) ?? []);
      expect(tensor.rawData?.length).toBe(0);
      expect(Number(entries.offset) % 4096).toBe(0);
      expect(entries.location).toBe("model.onnx.data");
    }

    const path = join(folder, "model.onnx");
    writeFileSync(path, model);
    writeFileSync(join(folder, "model.onnx.data"), content);
    const feeds = { input: { shape: [1, 3, 5, 5], values: testInput("input", [1, 3, 5, 5]) } };
    expect(await runModel(path, feeds)).toEqual(await runGraph(convolutions(), feeds));
  });

  test("are asked for one at a time, while their file is written", () => {
    const asked: string[] = [];
    const { externalData } = emitOnnx(
      convolutions(),
      (parameter) => {
        asked.push(parameter.path);
        return seededWeights(parameter);
      },
      options,
    );
    expect(asked).toEqual([]);
    const chunks = externalData?.chunks[Symbol.iterator]();
    chunks?.next();
    expect(asked).toEqual(["first.weight"]);
  });

  test("stay in the model below it", () => {
    expect(emitOnnx(convolutions(), seededWeights, emitOptions).externalData).toBeUndefined();
  });
});

const python = pythonWithOnnx();

test.skipIf(python === undefined)(
  "ONNX's checker and shape inference accept the model of every operation's every sample",
  () => {
    const files = samples.map((sample, index) => {
      const file = join(folder, `${index}.onnx`);
      writeFileSync(file, emitOnnx(applied(sample).graph, seededWeights, emitOptions).model);
      return file;
    });
    const views = join(folder, "views.onnx");
    writeFileSync(views, emitOnnx(sharedConvolution(), seededWeights, emitOptions).model);
    const script = fileURLToPath(new URL("../../../scripts/check_onnx.py", import.meta.url));
    const report = execFileSync(python as string, [script, ...files, views], { encoding: "utf8" });
    expect(report.match(/^ok /gm)?.length).toBe(files.length + 1);
  },
);
