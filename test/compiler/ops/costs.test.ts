import { describe, expect, test } from "vitest";
import type { Attributes } from "../../../src/compiler/graph/operation.js";
import { evaluateSize, showSize } from "../../../src/compiler/graph/size.js";
import { operations } from "../../../src/compiler/ops/index.js";
import { inputOf, nodeOf, operationOf } from "./harness.js";

function costOf(operation: string, inputs: readonly string[], attributes: Attributes = {}) {
  const values = inputs.map((type, index) => inputOf(`input${index}`, type));
  const { macs, flops } = operationOf(operation).cost(
    nodeOf("layer", operationOf(operation), values, attributes),
  );
  return { macs: evaluateSize(macs), flops: evaluateSize(flops) };
}

describe("costs", () => {
  test("a convolution counts a filter for each output element", () => {
    const macs = 2 * 6 * 4 * 5 * (4 * 9);
    expect(costOf("Conv", ["n:2 c:4 x:8 y:9"], { out: 6, kernel: 3, stride: 2 })).toEqual({
      macs,
      flops: 2 * macs,
    });
  });

  test("groups divide the filter, a bias adds one operation for each output element", () => {
    const outputs = 2 * 6 * 8 * 9;
    const macs = outputs * 2 * 9;
    const attributes = { out: 6, kernel: 3, groups: 2, bias: true };
    expect(costOf("Conv", ["n:2 c:4 x:8 y:9"], attributes)).toEqual({ macs, flops: 2 * macs + outputs });
  });

  test("a transposed convolution counts a filter for each input element", () => {
    const macs = 4 * 8 * 9 * (6 * 4);
    expect(costOf("ConvTranspose", ["n:1 c:4 x:8 y:9"], { out: 6, kernel: 2, stride: 2 })).toEqual({
      macs,
      flops: 2 * macs,
    });
  });

  test.each<readonly [string, Attributes, number]>([
    ["InstanceNorm", { affine: false }, 4],
    ["InstanceNorm", { affine: true }, 5],
    ["BatchNorm", {}, 2],
    ["LeakyReLU", {}, 1],
    ["GroupNorm", { groups: 2, affine: false }, 4],
    ["GroupNorm", { groups: 2 }, 5],
    ["LayerNorm", { axes: ["c"], affine: false }, 4],
    ["LayerNorm", { axes: ["c"] }, 5],
    ["PReLU", {}, 1],
    ["SiLU", {}, 1],
    ["Softmax", { axis: ["c"] }, 5],
    ["Softmax", { axis: ["c", "x"] }, 5],
    ["scale", { factor: 2 }, 1],
    ["scale", { factor: 2, offset: 1 }, 2],
    ["Dropout", {}, 0],
    ["Shift", { axis: "x", fold: { numerator: 1, denominator: 4 } }, 0],
    ["MaxPool", { kernel: 1 }, 1],
  ])("%s %o: no multiply-accumulates, operations per element", (operation, attributes, perElement) => {
    expect(costOf(operation, ["n:2 c:4 x:8"], attributes)).toEqual({ macs: 0, flops: perElement * 64 });
  });

  test("a linear map counts a row of its weight for each output element, and one operation for a bias", () => {
    const outputs = 2 * 6 * 8;
    const axes = [{ axis: "c", value: 6 }];
    const macs = outputs * 4;
    expect(costOf("Linear", ["n:2 c:4 x:8"], { axes, bias: false })).toEqual({ macs, flops: 2 * macs });
    expect(costOf("Linear", ["n:2 c:4 x:8"], { axes, bias: true })).toEqual({
      macs,
      flops: 2 * macs + outputs,
    });
  });

  test("a contraction counts every combination of its axes once", () => {
    const macs = 2 * 3 * 5 * 7 * 4;
    expect(costOf("Contract", ["n:2 h:3 t:5 d:4", "u:7 n:2 d:4 h:3"], { over: ["d"] })).toEqual({
      macs,
      flops: 2 * macs,
    });
  });

  test.each<readonly [string, number]>([
    ["Mean", 64],
    ["Sum", 64 - 8],
    ["Max", 64 - 8],
  ])("%s counts additions or comparisons, and for a mean a division", (operation, flops) => {
    expect(costOf(operation, ["n:2 c:4 x:8"], { axes: ["x"] })).toEqual({ macs: 0, flops });
  });

  test("nearest positions cost nothing, a linear one the mean of its neighbours", () => {
    expect(costOf("Resize", ["n:1 c:2 x:3 y:4"], { scale: 2 })).toEqual({ macs: 0, flops: 0 });
    const flops = 2 * 6 * 8 * (4 + 3);
    expect(costOf("Resize", ["n:1 c:2 x:3 y:4"], { scale: 2, mode: "linear" })).toEqual({ macs: 0, flops });
  });

  test("costs are formulas while sizes are not known", () => {
    const node = nodeOf("layer", operationOf("Conv"), [inputOf("input", "n:1 c:4 x y")], {
      out: 2,
      kernel: 3,
    });
    expect(showSize(node.operation.cost(node).macs)).toBe("72*x*y");
    const inputs = [inputOf("queries", "t d:4"), inputOf("keys", "u d:4")];
    const scores = nodeOf("scores", operationOf("Contract"), inputs, { over: ["d"] });
    expect(showSize(scores.operation.cost(scores).flops)).toBe("8*t*u");
  });
});

test("operations have unique names and documented arguments in the right order", () => {
  const names = operations.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, documentation, arguments: given } of operations) {
    expect(documentation, name).toMatch(/MACs.*FLOPs.*ONNX: /s);
    expect(new Set(given.map((argument) => argument.name)).size, name).toBe(given.length);
    for (const argument of given) expect(argument.documentation, `${name} ${argument.name}`).toMatch(/\.$/);
  }
});
