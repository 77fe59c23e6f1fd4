import { describe, expect, test } from "vitest";
import { check, network, outputType, paths, types } from "./programs.js";

const written = (body: string) => check(network(body), { tile: [4, 6, 8] });

describe("operations that take axes", () => {
  test("a channel gate is pooled, mapped and multiplied by name", () => {
    const checked = written(`
  wide = volume -> Conv(4, 1x1x1)
  gate = wide -> Mean(x, y, z) -> down: Linear(c: 2) -> ReLU -> up: Linear(c: 4, bias: true) -> Sigmoid
  output gated = wide * gate`);
    expect(paths(checked)).toEqual(["wide.weight", "down.weight", "up.weight", "up.bias"]);
    expect(types(checked)).toMatchObject({ up: "float[n: 1, c: 4]" });
    expect(outputType(checked)).toBe("float[n: 1, c: 4, x: 4, y: 6, z: 8]");
  });

  test("the size of a linear map is an expression over the network's sizes", () => {
    const checked = written(`
  wide = volume -> Conv(3, 1)
  output tokens = wide -> qkv: Linear(c: 3 * wide.c)`);
    expect(outputType(checked)).toContain("c: 9");
    expect(checked.graph.parameters.at(-1)?.shape).toEqual([9, 3]);
  });

  test("norms hold a weight and a bias for the axes they name, unless told otherwise", () => {
    const checked = written(`
  a = volume -> conv: Conv(4, 1x1x1) -> group: GroupNorm(2) -> layer: LayerNorm(c)
  output normal = a -> GroupNorm(2, affine: false) -> LayerNorm(c, x, affine: false)`);
    const shapes = checked.graph.parameters.map(({ path, shape }) => `${path} ${shape.join("x")}`);
    expect(shapes.slice(1)).toEqual(["group.weight 4", "group.bias 4", "layer.weight 4", "layer.bias 4"]);
  });

  test("contractions are functions of two tensors, over one axis or several", () => {
    const checked = written(`
  rows = volume -> Mean(z)
  columns = volume -> Mean(y)
  output scores = Contract(rows, columns, over: (c, x)) -> Softmax(y, z)`);
    expect(outputType(checked)).toBe("float[n: 1, y: 6, z: 8]");
  });

  test("a size is resized to a multiple or to a number, for all axes or each", () => {
    expect(outputType(written("  output up = volume -> Resize(2)"))).toContain("x: 8, y: 12, z: 16");
    expect(outputType(written('  output up = volume -> Resize(1x2x1, mode: "linear")'))).toContain(
      "x: 4, y: 12, z: 8",
    );
    expect(outputType(written("  output up = volume -> Resize(size: 5)"))).toContain("x: 5, y: 5, z: 5");
  });

  test("an axis may be called as a definition is", () => {
    const checked = written("  x = volume -> ReLU\n  output mean = x -> Mean(x, y)");
    expect(outputType(checked)).toBe("float[n: 1, c: 1, z: 8]");
  });
});
