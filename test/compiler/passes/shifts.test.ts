import { describe, expect, test } from "vitest";
import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check, network } from "../elaborate/programs.js";
import { expectAgreement } from "./agreement.js";

function graphOf(body: string) {
  return check(network(body, "", "view side { s: z, h: y, w: x }"), { tile: [4, 6, 5], batch: 2 }).graph;
}

function outcome(body: string, schedule: string) {
  const { graph, reports } = scheduleGraph(graphOf(body), parseSchedule(schedule));
  const remarks = reports.flatMap(({ pass, remarks: found }) => (pass.name === "shifts" ? found : []));
  return {
    operators: lowerNodes(graph).nodes.map(({ opType }) => opType),
    remarks: remarks.map(({ text }) => text),
  };
}

test.each(["slice", "merged", "kernel"])("shift=%s leaves a Shift that moves no channel", (form) => {
  const { operators, remarks } = outcome(
    "output a = volume -> a: Conv(3, 1x3x3) -> Shift(x, 1/4)",
    `shift=${form}`,
  );
  expect(operators).toEqual(["Conv"]);
  expect(remarks).toEqual([]);
});

describe("shift=kernel", () => {
  const schedule = parseSchedule("shift=kernel");

  test.each([
    ["Conv(8, 1x3x3)", "Shift(x, 1/4)"],
    ["Conv(8, 1x3x3)", "Shift(x, 1/2, -1)"],
    ["Conv(8, 1x3x3, stride: 2)", "Shift(x, 1/4)"],
    ["Conv(8, 1, stride: 3x1x2)", "Shift(x, 2/5, -1)"],
    ["Conv(8, 3x1x3, dilation: 2x1x1)", "Shift(y, 1/4, 3)"],
    ["Conv(6, 3x3x1, groups: 2)", "Shift(z, 1/3, -2)"],
  ])("gives the kernel of %s what %s moves", async (convolution, shift) => {
    const body = `output a = volume -> p: Conv(4, 1) -> a: ${convolution} -> ${shift} -> ReLU`;
    const { operators, remarks } = outcome(body, "shift=kernel");
    expect(operators).toEqual(["Conv", "Conv", "Relu"]);
    expect(remarks).toEqual(["part of the kernel of the convolution before it"]);
    await expectAgreement(graphOf(body), [["kernel", schedule]]);
  });

  test.each([
    ["a bias would come in where zeros should", "volume -> a: Conv(8, 1x3x3, bias: true) -> Shift(x, 1/4)"],
    ["no convolution comes before", "volume -> a: Conv(8, 1x3x3) -> ReLU -> Shift(x, 1/4)"],
    [
      "the kernel of the convolution before lies along other axes, or along this one already",
      "volume -> a: Conv(8, 3x3x3) -> Shift(x, 1/4)",
    ],
    ["what moves leaves the volume", "volume -> a: Conv(8, 1x3x3) -> Shift(x, 1/4, 4)"],
  ])("slices where %s", async (reason, call) => {
    const { operators, remarks } = outcome(`output a = ${call}`, "shift=kernel");
    expect(operators).not.toContain("Pad");
    expect(remarks).toEqual([`sliced, and zeros put beside (${reason})`]);
    await expectAgreement(graphOf(`output a = ${call}`), [["kernel", schedule]]);
  });

  test("slices where the convolution is needed as well", () => {
    const body = "t = volume -> a: Conv(8, 1x3x3)\n  output a = t + (t -> Shift(x, 1/4))";
    expect(outcome(body, "shift=kernel").remarks).toEqual([
      "sliced, and zeros put beside (others need the convolution before as well)",
    ]);
  });
});

describe("shift=merged", () => {
  test.each(["1/4", "2/5", "1/2"])("gathers all rows at once, Shift(x, %s)", async (fold) => {
    const body = `output a = volume -> a: Conv(8, 1x3x3) -> Shift(x, ${fold}) -> Shift(y, ${fold}, -2) -> ReLU`;
    const { operators } = outcome(body, "shift=merged");
    expect(operators.filter((operator) => operator === "Gather")).toHaveLength(2);
    expect(operators).not.toContain("Pad");
    await expectAgreement(graphOf(body), [
      ["merged", parseSchedule("shift=merged")],
      ["merged and folded", parseSchedule("conv=folded,shift=merged")],
    ]);
  });

  test("is zero where all that moves leaves the volume", async () => {
    const body = "output a = volume -> a: Conv(8, 1x3x3) -> Shift(x, 1/4, 100) -> ReLU";
    await expectAgreement(graphOf(body), [["merged", parseSchedule("conv=folded,shift=merged")]]);
  });

  test("leaves a Shift along the last axis of a large volume, whose rows are single elements", () => {
    const body = "output a = volume -> a: Conv(4, 1) -> Shift(z, 1/4)";
    const { graph } = check(network(body), { tile: [32, 32, 64] });
    const { reports } = scheduleGraph(graph, parseSchedule("shift=merged"));
    expect(reports.flatMap(({ remarks }) => remarks).map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      "declined: its rows are more than 65536",
    ]);
  });
});

describe("shift=merged, after a folded convolution of one channel", () => {
  const schedule = "conv=folded,shift=merged";
  const graph = (body: string) => check(network(body), { tile: [5, 6, 4] }).graph;
  const shiftsIn = (body: string) =>
    scheduleGraph(graph(body), parseSchedule(schedule)).graph.nodes.filter(
      ({ operation }) => operation.name === "Shift",
    ).length;

  test.each(["1/4", "1/2", "2/5", "1/8, -2", "1/4, 9"])("becomes part of it: Shift(x, %s)", async (share) => {
    const body = `output a = volume -> a: Conv(8, 1x3x3, stride: 1x2x1) -> Shift(x, ${share}) -> ReLU`;
    expect(shiftsIn(body)).toBe(0);
    await expectAgreement(graph(body), [["merged", parseSchedule(schedule)]]);
  });

  test.each([
    ["a bias", "volume -> a: Conv(8, 1x3x3, bias: true) -> Shift(x, 1/4)"],
    ["more channels", "volume -> p: Conv(2, 1) -> a: Conv(8, 1x3x3) -> Shift(x, 1/4)"],
    ["another axis", "volume -> a: Conv(8, 1x3x3) -> Shift(y, 1/4)"],
    ["a kernel over the slices", "volume -> a: Conv(8, 3x3x3) -> Shift(x, 1/4)"],
  ])("stays with %s", (_, call) => {
    expect(shiftsIn(`output a = ${call}`)).toBe(1);
  });

  test("stays where the convolution is needed as well", () => {
    const body = "t = volume -> a: Conv(8, 1x3x3)\n  output a = t + (t -> Shift(x, 1/4))";
    expect(shiftsIn(body)).toBe(1);
  });
});
