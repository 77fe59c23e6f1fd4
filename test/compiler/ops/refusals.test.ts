import { describe, expect, test } from "vitest";
import type { Attributes } from "../../../src/compiler/graph/operation.js";
import { showType } from "../../../src/compiler/graph/tensor.js";
import { infer, operationOf, refusal, typeOf } from "./harness.js";

function refused(operation: string, inputs: readonly string[], attributes: Attributes = {}): string {
  return refusal(() => infer(operationOf(operation), inputs.map(typeOf), attributes));
}

function outputOf(operation: string, inputs: readonly string[], attributes: Attributes = {}): string {
  return showType(infer(operationOf(operation), inputs.map(typeOf), attributes).output);
}

const volume = "n:1 c:4 x:8 y:8 z:8";

describe("shape rules refuse what cannot be right", () => {
  test.each<readonly [string, string, readonly string[], Attributes, string]>([
    [
      "a kernel for other axes",
      "Conv",
      [volume],
      { out: 4, kernel: [3, 3] },
      "SLAB3102: Conv: kernel does not match",
    ],
    ["no output channels", "Conv", [volume], { out: 0, kernel: 3 }, "SLAB3103: Conv: out cannot be 0"],
    [
      "a stride of 0",
      "Conv",
      [volume],
      { out: 4, kernel: 3, stride: [1, 0, 1] },
      "SLAB3103: Conv: stride cannot be 0",
    ],
    [
      "a negative padding",
      "Conv",
      [volume],
      { out: 4, kernel: 3, padding: -1 },
      "SLAB3103: Conv: padding cannot be -1",
    ],
    [
      "an even kernel",
      "Conv",
      [volume],
      { out: 4, kernel: [3, 2, 3] },
      "SLAB3104: Conv: a kernel of 2 along y has no middle",
    ],
    [
      "groups in the input",
      "Conv",
      [volume],
      { out: 6, kernel: 3, groups: 3 },
      "SLAB3106: Conv: 3 groups do not divide 4 input",
    ],
    [
      "groups in the output",
      "Conv",
      [volume],
      { out: 6, kernel: 3, groups: 4 },
      "SLAB3106: Conv: 4 groups do not divide 6 output",
    ],
    [
      "a kernel beyond the input",
      "Conv",
      [volume],
      { out: 4, kernel: 9, padding: 0 },
      "SLAB3111: Conv leaves nothing of axis x",
    ],
    ["no channels", "Conv", ["n:1 x:8"], { out: 4, kernel: 3 }, "SLAB3101: there is no axis c here"],
    ["no batch", "Conv", ["c:4 x:8"], { out: 4, kernel: 3 }, "SLAB3101: there is no axis n here"],
    [
      "no axis for a kernel",
      "Conv",
      ["n:1 c:4"],
      { out: 4, kernel: 3 },
      "SLAB3105: Conv has no axis to run over",
    ],
    [
      "four axes",
      "Conv",
      ["n:1 c:4 t:3 x:8 y:8 z:8"],
      { out: 4, kernel: 3 },
      "SLAB3105: Conv cannot run over 4 axes",
    ],
    [
      "unknown channels",
      "Conv",
      ["n:1 c x:8"],
      { out: 4, kernel: 3 },
      "SLAB3110: Conv must know the size of axis c",
    ],
    [
      "an absurd weight",
      "Conv",
      [volume],
      { out: 1_000_000, kernel: 999 },
      "SLAB3113: Conv: its weight would be too large",
    ],
    [
      "an output padding as wide as the stride",
      "ConvTranspose",
      [volume],
      { out: 4, kernel: 2, stride: 2, output_padding: 2 },
      "SLAB3103: ConvTranspose: output_padding cannot be 2",
    ],
    [
      "everything cut away",
      "ConvTranspose",
      ["n:1 c:4 x:1"],
      { out: 4, kernel: 2, padding: 1 },
      "SLAB3111: ConvTranspose leaves nothing of axis x",
    ],
    [
      "a norm over nothing",
      "InstanceNorm",
      ["n:1 c:4"],
      {},
      "SLAB3105: InstanceNorm has no axis to run over",
    ],
    [
      "an epsilon below 0",
      "BatchNorm",
      [volume],
      { epsilon: -1 },
      "SLAB3103: BatchNorm: epsilon cannot be -1",
    ],
    ["an absent softmax axis", "Softmax", [volume], { axis: ["t"] }, "SLAB3101: there is no axis t here"],
    [
      "a second absent softmax axis",
      "Softmax",
      [volume],
      { axis: ["x", "t"] },
      "SLAB3101: there is no axis t here",
    ],
    ["a mean over an absent axis", "Mean", [volume], { axes: ["h"] }, "SLAB3101: there is no axis h here"],
    [
      "groups of a norm",
      "GroupNorm",
      [volume],
      { groups: 3 },
      "SLAB3106: GroupNorm: 3 groups do not divide 4 input channels",
    ],
    ["no groups", "GroupNorm", [volume], { groups: 0 }, "SLAB3103: GroupNorm: groups cannot be 0"],
    [
      "groups of unknown channels",
      "GroupNorm",
      ["n:1 c x:8"],
      { groups: 2 },
      "SLAB3110: GroupNorm must know the size of axis c",
    ],
    [
      "weights over an open axis",
      "LayerNorm",
      ["n:1 c:4 x"],
      { axes: ["c", "x"] },
      "SLAB3110: LayerNorm must know the size of axis x",
    ],
    [
      "a layer norm over an absent axis",
      "LayerNorm",
      [volume],
      { axes: ["t"], affine: false },
      "SLAB3101: there is no axis t here",
    ],
    ["slopes for no channels", "PReLU", ["n:1 x:8"], { channels: true }, "SLAB3101: there is no axis c here"],
    [
      "a linear map of an absent axis",
      "Linear",
      [volume],
      { axes: [{ axis: "d", value: 4 }] },
      "SLAB3101: there is no axis d here",
    ],
    [
      "a linear map of two axes",
      "Linear",
      [volume],
      {
        axes: [
          { axis: "c", value: 4 },
          { axis: "x", value: 4 },
        ],
      },
      "SLAB3150: Linear runs along one axis",
    ],
    [
      "a linear map to nothing",
      "Linear",
      [volume],
      { axes: [{ axis: "c", value: 0 }] },
      "SLAB3103: Linear: c cannot be 0",
    ],
    [
      "a linear map of an open axis",
      "Linear",
      ["n:1 c"],
      { axes: [{ axis: "c", value: 4 }] },
      "SLAB3110: Linear must know the size of axis c",
    ],
    [
      "an absurd linear map",
      "Linear",
      ["n:1 c:1000000"],
      { axes: [{ axis: "c", value: 1_000_000 }] },
      "SLAB3113: Linear: its weight would be too large",
    ],
    [
      "sampling along one axis",
      "GridSample",
      ["n:1 c:4 x:5", "n:1 t:3 p:1"],
      { along: "p", over: ["x"] },
      "SLAB3190: GridSample cannot sample along x",
    ],
    [
      "sampling along an axis that is not there",
      "GridSample",
      ["n:1 c:4 x:5 y:5", "n:1 t:3 p:2"],
      { along: "p", over: ["x", "z"] },
      "SLAB3190: GridSample cannot sample along x, z",
    ],
    [
      "sampling with a coordinate too many",
      "GridSample",
      ["n:1 c:4 x:5 y:5", "n:1 t:3 p:3"],
      { along: "p", over: ["x", "y"] },
      "SLAB3191: axis p does not hold a coordinate for each of x, y",
    ],
    [
      "sampling without coordinates",
      "GridSample",
      ["n:1 c:4 x:5 y:5", "n:1 t:3 q:2"],
      { along: "p", over: ["x", "y"] },
      "SLAB3191: axis p does not hold a coordinate for each of x, y",
    ],
    [
      "sampling for another batch",
      "GridSample",
      ["n:1 c:4 x:5 y:5", "n:2 t:3 p:2"],
      { along: "p", over: ["x", "y"] },
      "SLAB3192: the operands of GridSample differ along axis n",
    ],
    [
      "a contraction over an axis of one operand",
      "Contract",
      ["t:3 d:4", "u:3 e:4"],
      { over: ["d"] },
      "SLAB3151: Contract cannot sum over d",
    ],
    [
      "a contraction of other sizes",
      "Contract",
      ["t:3 d:4", "u:3 d:5"],
      { over: ["d"] },
      "SLAB3154: the operands of Contract differ along axis d",
    ],
    [
      "a contraction of other matched sizes",
      "Contract",
      ["n:1 t:3 d:4", "n:2 d:4"],
      { over: ["d"] },
      "SLAB3154: the operands of Contract differ along axis n",
    ],
    ["a resize to nothing said", "Resize", [volume], {}, "SLAB3152: Resize needs either a scale or a size"],
    [
      "a resize to two things",
      "Resize",
      [volume],
      { scale: 2, size: 4 },
      "SLAB3152: Resize needs either a scale or a size",
    ],
    [
      "a resize for other axes",
      "Resize",
      [volume],
      { scale: [2, 2] },
      "SLAB3102: Resize: scale does not match the number of axes",
    ],
    ["a resize to size 0", "Resize", [volume], { size: 0 }, "SLAB3103: Resize: size cannot be 0"],
    [
      "corners without interpolation",
      "Resize",
      [volume],
      { scale: 2, align_corners: true },
      "SLAB3153: Resize: align_corners does not go with",
    ],
    [
      "a dropout of more than all",
      "Dropout",
      [volume],
      { rate: 1.5 },
      "SLAB3103: Dropout: rate cannot be 1.5",
    ],
    [
      "a fold over 1/2",
      "Shift",
      [volume],
      { axis: "x", fold: { numerator: 2, denominator: 3 } },
      "SLAB3103: Shift: fold cannot be 2/3",
    ],
    [
      "a shift of channels",
      "Shift",
      [volume],
      { axis: "c", fold: { numerator: 1, denominator: 4 } },
      "SLAB3112: Shift cannot run along axis c",
    ],
    [
      "a shift by nothing",
      "Shift",
      [volume],
      { axis: "x", fold: { numerator: 1, denominator: 4 }, distance: 0 },
      "SLAB3103: Shift: distance cannot be 0",
    ],
    [
      "other sizes beside the concatenated axis",
      "concat",
      ["n:1 c:2 x:26", "n:1 c:2 x:25"],
      { along: "c" },
      "SLAB3107: these cannot be concatenated along c: axis x differs",
    ],
    [
      "an axis that only one has",
      "concat",
      ["n:1 c:2 x:3", "n:1 c:2"],
      { along: "c" },
      "SLAB3108: the operands of concat have different axes",
    ],
    [
      "an absent axis to concatenate",
      "concat",
      ["n:1 x:3", "n:1 x:3"],
      { along: "c" },
      "SLAB3101: there is no axis c here",
    ],
    [
      "a size of 1 that is not repeated",
      "add",
      ["n:1 c:4", "n:1 c:1"],
      {},
      "SLAB3109: the operands of add differ along axis c",
    ],
    [
      "an axis missing in a sum",
      "sum",
      ["n:1 c:4", "n:1"],
      {},
      "SLAB3108: the operands of sum have different axes",
    ],
    [
      "other sizes in a sum",
      "sum",
      ["n:1 c:4", "n:1 c:4", "c:5 n:1"],
      {},
      "SLAB3109: the operands of sum differ along axis c",
    ],
    [
      "padding over half of a pool",
      "MaxPool",
      [volume],
      { kernel: 3, padding: 2 },
      "SLAB3103: MaxPool: padding cannot be 2",
    ],
    [
      "a pool beyond the input",
      "AvgPool",
      [volume],
      { kernel: 9 },
      "SLAB3111: AvgPool leaves nothing of axis x",
    ],
  ])("%s", (_, operation, inputs, attributes, message) => {
    expect(refused(operation, inputs, attributes)).toContain(message);
  });
});

describe("shape rules over sizes that are not known yet", () => {
  test("a strided convolution floors, a transposed one multiplies", () => {
    const strided = { out: 8, kernel: 3, stride: 2 };
    expect(outputOf("Conv", ["n:1 c:4 x y:9"], strided)).toBe(
      "float[n: 1, c: 8, x: floor((x + 1) / 2), y: 5]",
    );
    const doubling = { out: 8, kernel: 2, stride: 2 };
    expect(outputOf("ConvTranspose", ["n:1 c:4 x y:9"], doubling)).toBe("float[n: 1, c: 8, x: 2*x, y: 18]");
  });

  test("an odd kernel with its own padding keeps a size whatever its dilation", () => {
    expect(outputOf("Conv", ["n c:4 x y"], { out: 4, kernel: [3, 5], dilation: [4, 3] })).toBe(
      "float[n, c: 4, x, y]",
    );
  });

  test("a resize multiplies an open size or replaces it", () => {
    expect(outputOf("Resize", ["n:1 c:4 x y"], { scale: [2, 3] })).toBe("float[n: 1, c: 4, x: 2*x, y: 3*y]");
    expect(outputOf("Resize", ["n:1 c:4 x y"], { size: 8 })).toBe("float[n: 1, c: 4, x: 8, y: 8]");
  });

  test("reduced axes go away, also open ones", () => {
    expect(outputOf("Mean", ["n:1 c:4 x y"], { axes: ["y", "x"] })).toBe("float[n: 1, c: 4]");
    expect(outputOf("LayerNorm", ["n:1 c:4 x y"], { axes: ["x", "y"], affine: false })).toBe(
      "float[n: 1, c: 4, x, y]",
    );
  });

  test("a contraction has the left one's axes in order, then those of the right one alone", () => {
    const axes = outputOf("Contract", ["t n:1 d:4 head:2", "head:2 u v d:4"], { over: ["d"] });
    expect(axes).toBe("float[t, n: 1, head: 2, u, v]");
  });

  test("concatenated sizes add up", () => {
    expect(outputOf("concat", ["c:2 x", "x c:5"], { along: "c" })).toBe("float[c: 7, x]");
    expect(outputOf("concat", ["c:2 x", "c:2 x:3"], { along: "x" })).toBe("float[c: 2, x: x + 3]");
  });
});
