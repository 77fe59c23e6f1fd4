import { describe, expect, test } from "vitest";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check, network } from "../elaborate/programs.js";
import { expectAgreement } from "./agreement.js";
import { outcomeOf } from "./outcome.js";

const graphOf = (body: string) => check(network(body), { tile: [4, 6, 8] }).graph;

function outcome(body: string, schedule: string) {
  return outcomeOf(graphOf(body), schedule, "batch norms");
}

describe("a BatchNorm", () => {
  const body =
    "output a = volume -> a: Conv(4, 3x3x3, bias: true) -> n: BatchNorm(epsilon: 1e-3) -> ReLU\n" +
    "    -> g: Conv(8, 1x3x3, groups: 2, stride: 2) -> m: BatchNorm\n" +
    "    -> up: ConvTranspose(6, 2x2x2, stride: 2) -> k: BatchNorm -> head: Conv(2, 1)";

  test("becomes part of the convolution before it, transposed ones and those with groups too", async () => {
    for (const schedule of ["norm=reductions", "cpu", "gpu", "webgpu"])
      expect(outcome(body, schedule).operators, schedule).not.toContain("BatchNormalization");
    const done = "in the weights of the convolution before it";
    expect(outcome(body, "gpu").remarks).toEqual([`n: ${done}`, `m: ${done}`, `k: ${done}`]);
    await expectAgreement(graphOf(body), [
      ["gpu", parseSchedule("gpu")],
      ["cpu", parseSchedule("cpu")],
      ["folded", parseSchedule("norm=moments,conv=folded,upsample=pointwise")],
    ]);
  });

  test("of two convolutions with the same weight is part of each in its own way", async () => {
    const shared =
      "shared c = Conv(4, 1x3x3)\n  output a = volume -> c -> n: BatchNorm\n  output b = volume -> c -> m: BatchNorm";
    expect(outcome(shared, "gpu").remarks).toHaveLength(2);
    await expectAgreement(graphOf(shared), [["gpu", parseSchedule("gpu")]]);
  });

  test.each([
    ["output a = volume -> n: BatchNorm", "no convolution that it could be part of comes before"],
    [
      "output a = volume -> a: Conv(4, 1) -> ReLU -> n: BatchNorm",
      "no convolution that it could be part of comes before",
    ],
    [
      "output a = volume -> a: Conv(4, 1) -> up: ConvTranspose(4, 2, stride: 2, groups: 2) -> n: BatchNorm",
      "no convolution that it could be part of comes before",
    ],
    [
      "t = volume -> a: Conv(4, 1)\n  output a = (t -> n: BatchNorm) + t",
      "others need the convolution before as well",
    ],
  ])("stays in %s: %s", (written, reason) => {
    expect(outcome(written, "gpu").remarks).toEqual([`n: ${reason}`]);
    expect(outcome(written, "gpu").operators).toContain("BatchNormalization");
  });

  test("stays where norms are computed as they are written", () => {
    const { operators } = outcome(body, "portable");
    expect(operators.filter((operator) => operator === "BatchNormalization")).toHaveLength(3);
  });
});
