import { describe, expect, test } from "vitest";
import { limitsOf } from "../../../src/compiler/device-limits.js";
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
  const operators = lowerNodes(graph).nodes.map(({ opType }) => opType);
  const declined = reports.flatMap(({ remarks }) => remarks.filter(({ kind }) => kind === "declined"));
  return { graph, operators, declined: declined.map(({ text }) => text) };
}

describe("groups=split", () => {
  const grouped = "output a = volume -> a: Conv(4, 1) -> b: Conv(6, 3x3x3, groups: 2, bias: true) -> ReLU";

  test("convolves each group by itself", async () => {
    const { graph, operators } = outcome(grouped, "groups=split");
    expect(operators.filter((operator) => operator === "Conv").length).toBe(3);
    expect(limitsOf(graph, "webgpu")).toEqual([]);
    await expectAgreement(graphOf(grouped), [["split", parseSchedule("groups=split")]]);
  });

  test("is what webgpu needs, which is said", () => {
    const limits = limitsOf(outcome(grouped, "portable").graph, "webgpu");
    expect(limits.map(({ kind, nodes }) => [kind, nodes])).toEqual([["fails", ["b"]]]);
  });
});

describe("concat=split", () => {
  const joined = "t = volume -> a: Conv(4, 1)\n  u = concat(t, volume, t -> Tanh, along: c)\n  ";

  test("adds the convolutions of each part", async () => {
    const body = `${joined}output a = u -> b: Conv(3, 1x3x3, stride: 2, bias: true) -> ReLU`;
    const { operators } = outcome(body, "concat=split");
    expect(operators).not.toContain("Concat");
    await expectAgreement(graphOf(body), [
      ["split", parseSchedule("concat=split")],
      ["cpu", parseSchedule("cpu")],
    ]);
  });

  test.each([
    ["output a = (u -> b: Conv(9, 1)) + u", "add needs the joined tensor as well"],
    ["output a = u -> b: Conv(3, 1, groups: 3)", "groups of channels do not fit the parts"],
    ["output a = u -> b: Conv(3, 1)\n  output k = u", "the joined tensor is an output"],
  ])("leaves %s: %s", (rest, reason) => {
    expect(outcome(joined + rest, "concat=split").declined).toEqual([reason]);
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

describe("norm=centred", () => {
  const body =
    "output a = volume -> a: Conv(4, 1) -> side -> n: InstanceNorm(affine: true) -> ReLU -> b: LayerNorm(c, w)";

  test("takes the mean off first, which changes nothing but rounding", async () => {
    const { operators } = outcome(body, "norm=centred");
    expect(operators.filter((operator) => operator === "ReduceMean").length).toBe(2);
    expect(operators).toContain("InstanceNormalization");
    await expectAgreement(graphOf(body), [
      ["centred", parseSchedule("norm=centred")],
      ["centred and aligned", parseSchedule("webgpu")],
      ["centred and folded", parseSchedule("webgpu,conv=folded")],
    ]);
  });

  test("leaves a norm of channels alone", () => {
    expect(outcome("output a = volume -> LayerNorm(c)", "norm=centred").operators).not.toContain(
      "ReduceMean",
    );
  });

  test("takes reductions where WebGPU would make 0 of epsilon", () => {
    const operatorsWith = (epsilon: string) =>
      outcome(`output a = volume -> InstanceNorm(epsilon: ${epsilon})`, "norm=centred").operators;
    expect(operatorsWith("1e-6")).toContain("InstanceNormalization");
    expect(operatorsWith("1e-7")).not.toContain("InstanceNormalization");
  });
});

describe("rows=limited", () => {
  const rowsOf = (tile: number[], call: string) => {
    const { graph } = check(network(`output a = volume -> ${call}`), { tile });
    const { reports } = scheduleGraph(graph, parseSchedule("rows=limited"));
    return { graph, remarks: reports.flatMap(({ remarks }) => remarks.map(({ text }) => text)) };
  };

  test.each([
    [[41, 40, 2], "Softmax(z)", []],
    [[300, 301, 2], "Softmax(z)", ["90300 rows in 2 pieces along x"]],
    [[256, 2, 300], "LayerNorm(y)", ["76800 rows in 2 pieces along x"]],
    [[300, 300, 2], "Softmax(z)", []],
    [[2, 70001, 2], "Softmax(z)", ["140002 rows in 2 pieces along y"]],
    [[2, 65537, 2], "Softmax(y, z)", []],
  ])("%j -> %s is computed in the fewest pieces that start exactly", async (tile, call, expected) => {
    const { graph, remarks } = rowsOf(tile, call);
    expect(remarks).toEqual(expected);
    if (expected.length > 0) await expectAgreement(graph, [["limited", parseSchedule("rows=limited")]]);
  });
});

describe("GridSample", () => {
  test.each([
    ["images", "Conv(2, 1)", "x: u, y: v", "(x, y)"],
    ["volumes", "Conv(3, 1)", "x: u, y: v, z: w", "(x, y, z)"],
  ])(
    "of %s is said to be computed on the CPU on webgpu, in its own schedule too",
    (_, positions, own, axes) => {
      const body = `p = volume -> at: ${positions} -> rename(c: p, ${own})
  output a = GridSample(volume, p, along: p, over: ${axes})`;
      const limits = limitsOf(outcome(body, "webgpu").graph, "webgpu");
      expect(limits.map(({ kind, nodes }) => [kind, nodes.length])).toEqual([["elsewhere", 1]]);
    },
  );
});
