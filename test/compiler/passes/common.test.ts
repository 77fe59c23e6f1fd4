import { describe, expect, test } from "vitest";
import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check, network } from "../elaborate/programs.js";
import { expectAgreement } from "./agreement.js";

const graphOf = (body: string) => check(network(body), { tile: [4, 6, 8] }).graph;

/** How many ONNX nodes of an operator the portable schedule has. */
function count(body: string, operator: string): number {
  const { graph } = scheduleGraph(graphOf(body), parseSchedule("portable"));
  return lowerNodes(graph).nodes.filter(({ opType }) => opType === operator).length;
}

describe("operations that compute alike", () => {
  test("are computed once, and so is what follows them alike", async () => {
    const body =
      "u = volume -> MaxPool(2x2x2) -> Exp\n  v = volume -> MaxPool(2x2x2) -> Exp\n" +
      "  output a = (u -> a: Conv(2, 1)) * (v -> b: Conv(2, 1))";
    expect([count(body, "MaxPool"), count(body, "Exp"), count(body, "Conv")]).toEqual([1, 1, 2]);
    await expectAgreement(graphOf(body), [["cpu", parseSchedule("cpu")]]);
  });

  test("with the same weight are one, with weights of their own are two", () => {
    const shared = "shared c = Conv(2, 1)\n  output a = (volume -> c -> ReLU) + (volume -> c -> Exp)";
    expect(count(shared, "Conv")).toBe(1);
    expect(count("output a = (volume -> a: Conv(2, 1)) + (volume -> b: Conv(2, 1))", "Conv")).toBe(2);
  });

  test.each([
    ["another argument", "output a = (volume -> LeakyReLU(0.1)) + (volume -> LeakyReLU(0.2))"],
    ["another input", "output a = (volume -> LeakyReLU) + (2 * volume -> LeakyReLU)"],
  ])("stay two with %s", (_, body) => {
    expect(count(body, "LeakyRelu")).toBe(2);
  });

  test("stay two where both are outputs, as each has a name", () => {
    expect(count("output a = volume -> Exp\n  output b = volume -> Exp", "Exp")).toBe(2);
  });
});
