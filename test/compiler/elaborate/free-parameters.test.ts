import onnxProto from "onnx-proto";
import { describe, expect, test } from "vitest";
import { emitOnnx } from "../../../src/compiler/emit/onnx/emit.js";
import { printGraph } from "../../../src/compiler/graph/print.js";
import { showType } from "../../../src/compiler/graph/tensor.js";
import { emitOptions, runGraph, runModel, seededWeights, testInput } from "../ops/harness.js";
import { check, network, paths } from "./programs.js";

const scale = `
/// Multiplies every channel.
layer Scale(heads: int = 2) {
  /// One factor for each channel.
  param factor: float[c] init ones
  param shift: float[h: heads, k: 3] init normal(0.02)
  output input * factor + shift[h: 1, k: 2]
}
`;

describe("free parameters", () => {
  test("are stored under the path of their name, with the input's size where the axis has none", () => {
    const checked = check(network("  output a = volume -> Conv(4, 1x1x1) -> scale: Scale(3)", "", scale));
    expect(paths(checked)).toEqual(["a.weight", "scale.factor", "scale.shift"]);
    expect(checked.graph.parameters.map(({ shape }) => shape.join("x"))).toEqual(["4x1x1x1x1", "4", "3x3"]);
  });

  test("of a network have its own path", () => {
    const checked = check(network("  param bias: float[x: 4]\n  output a = volume[x: 0..<4] + bias"));
    expect(paths(checked)).toEqual(["bias"]);
  });

  test("are new for every member of a family and shared by the elements of a comprehension", () => {
    const family = "  step[0] = volume\n  step[i] = step[i-1] -> Scale for i in 1..2\n  output a = step[2]";
    expect(paths(check(network(family, "", scale)))).toEqual([
      "step.1.factor",
      "step.1.shift",
      "step.2.factor",
      "step.2.shift",
    ]);
    const shared = "  output a = sum(t -> scale: Scale for t in [volume, volume * 2])";
    expect(paths(check(network(shared, "", scale)))).toEqual(["scale.factor", "scale.shift"]);
  });

  test("collide with what else is stored under their path", () => {
    const layer =
      "layer Two {\n  param a: float[k: 2]\n  b = input -> a: Conv(1, 1x1x1)\n  output b * a[k: 0]\n}\n";
    expect(paths(check(network("  output a = volume -> t: Two", "", layer)))).toEqual(["t.a.weight", "t.a"]);
    const twice = "  output a = (volume -> t: Scale) + (volume -> t: Scale)";
    expect(() => check(network(twice, "", scale))).toThrow(/SLAB2013/);
  });

  test("are read in the graph as what they are", () => {
    const { graph } = check(network("  output a = volume -> scale: Scale", "", scale));
    const line = printGraph(graph)
      .split("\n")
      .find((text) => text.includes("scale.factor ="));
    expect(line).toBe(
      'scale.factor = param(axes: (c: 1), documentation: "One factor for each channel.\\ninit ones") ' +
        "with scale.factor: float[c: 1]",
    );
    expect(graph.nodes.filter(({ operation }) => operation.name === "param")).toHaveLength(2);
  });

  test("take part in arithmetic by the names of their axes", async () => {
    const text =
      "network Net {\n  input v: float[n: 2, c: 3, x: 4]\n  param w: float[x: 4, c: 3]\n" +
      "  output a = v * w\n  output b = w\n}\n";
    const { graph } = check(text);
    const values = testInput("v", [2, 3, 4]);
    const weights = seededWeights({ path: "w", shape: [4, 3], buffer: false });
    const { a, b } = await runGraph(graph, { v: { shape: [2, 3, 4], values } });
    const expected = values.map((value, index) => {
      const [c, x] = [Math.floor(index / 4) % 3, index % 4];
      return value * (weights[x * 3 + c] as number);
    });
    expect([...(a?.values ?? [])]).toEqual([...expected]);
    expect([...(b?.values ?? [])]).toEqual([...weights]);
  });

  test("do not broadcast an axis of size 1", () => {
    const text = "network Net {\n  input v: float[c: 3]\n  param w: float[c: 1]\n  output a = v * w\n}\n";
    expect(() => check(text)).toThrow(/SLAB3109: the operands of multiply differ along axis c/);
  });

  test("need no input to be computed from", async () => {
    const text =
      "network Net {\n  input v: float[c: 2]\n  param w: float[c: 2, k: 3]\n  output a = v + w[k: 1]\n}\n";
    const { graph } = check(text);
    const { model } = emitOnnx(graph, () => Float32Array.of(1, 2, 3, 4, 5, 6), emitOptions);
    const { a } = await runModel(model, { v: { shape: [2], values: Float32Array.of(10, 20) } });
    expect([...(a?.values ?? [])]).toEqual([12, 25]);
  });

  test("carry their documentation and their init into the ONNX file", () => {
    const { graph } = check(network("  output a = volume -> scale: Scale", "", scale), { tile: [4, 4, 4] });
    const { model } = emitOnnx(graph, seededWeights, emitOptions);
    const { graph: decoded } = onnxProto.onnx.ModelProto.decode(model);
    const described = decoded?.initializer?.filter(({ docString }) => docString);
    expect(described?.map(({ name, docString }) => [name, docString])).toEqual([
      ["scale.factor", "One factor for each channel.\ninit ones"],
      ["scale.shift", "init normal(0.02)"],
    ]);
  });

  test("may depend on the tile, which must be given then", () => {
    const text = network("  param place: float[x: volume.x]\n  output a = volume + place");
    expect(() => check(text)).toThrow(/SLAB2273: axis x of parameter place would be x/);
    const { graph } = check(text, { tile: [6, 4, 4] });
    expect(graph.parameters.map(({ shape }) => shape)).toEqual([[6]]);
    expect(showType(graph.nodes[0]?.type ?? { axes: [] })).toBe("float[x: 6]");
  });

  test("leave the words param and init free for names", () => {
    const body = "  param = volume -> ReLU\n  init = param * 2\n  output a = init";
    expect(() => check(network(body))).not.toThrow();
    expect(() =>
      check(network("  param w: float[x: 2]\n  init = w\n  output a = volume[x: 0..1] + init")),
    ).not.toThrow();
  });
});
