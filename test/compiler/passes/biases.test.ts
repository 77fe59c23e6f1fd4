import { describe, expect, test } from "vitest";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check, network } from "../elaborate/programs.js";
import { expectAgreement } from "./agreement.js";

const graphOf = (body: string) => check(network(body), { tile: [4, 6, 8] }).graph;

/** The paths of the biases that a schedule leaves. */
function biasesIn(body: string, schedule: string): readonly string[] {
  const { graph } = scheduleGraph(graphOf(body), parseSchedule(schedule));
  return graph.parameters.map(({ path }) => path).filter((path) => path.endsWith(".bias"));
}

describe("biases before norms", () => {
  const body =
    "output a = volume -> a: Conv(4, 3x3x3, stride: 2, bias: true) -> n: InstanceNorm -> ReLU\n" +
    "    -> up: ConvTranspose(4, 2x2x2, stride: 2, bias: true) -> m: InstanceNorm(affine: true)\n" +
    "    -> head: Conv(2, 1, bias: true)";

  test("are left out, and nothing changes but rounding", async () => {
    for (const schedule of ["norm=reductions", "norm=joined", "cpu", "gpu", "webgpu"])
      expect(biasesIn(body, schedule), schedule).toEqual(["m.bias", "head.bias"]);
    await expectAgreement(graphOf(body), [
      ["reductions", parseSchedule("norm=reductions")],
      ["gpu", parseSchedule("gpu")],
      ["cpu", parseSchedule("cpu")],
    ]);
  });

  test("stay where norms are computed as they are written", () => {
    expect(biasesIn(body, "portable")).toEqual(["a.bias", "up.bias", "m.bias", "head.bias"]);
  });

  test.each([
    [
      "another operation needs them",
      "t = volume -> a: Conv(4, 1, bias: true)\n  output a = t + (t -> n: InstanceNorm)",
    ],
    [
      "they are in an output",
      "t = volume -> a: Conv(4, 1, bias: true)\n  output a = t\n  output k = t -> n: InstanceNorm",
    ],
    [
      "the norm is of all channels",
      "output a = volume -> a: Conv(4, 1, bias: true) -> n: LayerNorm(c, affine: false)",
    ],
    ["something is between", "output a = volume -> a: Conv(4, 1, bias: true) -> ReLU -> n: InstanceNorm"],
  ])("stay where %s", (_, written) => {
    expect(biasesIn(written, "norm=reductions")).toEqual(["a.bias"]);
  });
});
