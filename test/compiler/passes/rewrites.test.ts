import { describe, expect, test } from "vitest";
import { webgpuLimits } from "../../../src/compiler/device-limits.js";
import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check, network } from "../elaborate/programs.js";
import { expectAgreement } from "./agreement.js";

const views = "view side { s: z, h: y, w: x }\nview turned { z: z, y: y, x: x }";

function graphOf(body: string) {
  return check(network(body, "", views), { tile: [4, 6, 5], batch: 2 }).graph;
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
    expect(webgpuLimits(graph)).toEqual([]);
    await expectAgreement(graphOf(grouped), [["split", parseSchedule("groups=split")]]);
  });

  test("is what webgpu needs, which is said", () => {
    const limits = webgpuLimits(outcome(grouped, "portable").graph);
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

  test("convolves each part along the axes of what was joined, whatever the part's own order", async () => {
    const graph = graphOf(
      "t = concat(volume -> a: Conv(4, 1), volume -> b: Conv(4, 1) -> turned, along: c)\n" +
        "  output o = t -> d: Conv(3, 1x3x5, stride: 1x2x1, bias: true)",
    );
    await expectAgreement(graph, [
      ["split", parseSchedule("concat=split")],
      ["cpu", parseSchedule("cpu")],
      ["memory", parseSchedule("memory")],
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

describe("norm=centred", () => {
  const body =
    "output a = volume -> a: Conv(4, 1) -> side -> n: InstanceNorm(affine: true) -> ReLU -> b: LayerNorm(c, w)";

  test("takes the mean off first, which changes nothing but rounding", async () => {
    const { operators } = outcome(body, "norm=centred");
    expect(operators.filter((operator) => operator === "ReduceMean").length).toBe(2);
    expect(operators).toContain("InstanceNormalization");
    await expectAgreement(graphOf(body), [
      ["centred", parseSchedule("norm=centred")],
      ["centred and aligned", parseSchedule("webgpu,norm=centred,conv=volumetric")],
      ["centred and folded", parseSchedule("webgpu,norm=centred")],
    ]);
  });

  test("takes it off a LayerNorm over more than channels with norm=reductions, too", () => {
    const layers = (norm: string, schedule: string) =>
      outcome(`output a = volume -> ${norm}`, schedule).operators;
    expect(layers("LayerNorm(c, z)", "norm=reductions")).toEqual(layers("LayerNorm(c, z)", "norm=centred"));
    expect(layers("LayerNorm(c, z)", "norm=reductions")).toContain("ReduceMean");
    expect(layers("LayerNorm(c, z)", "norm=moments")).not.toContain("ReduceMean");
    expect(layers("LayerNorm(c)", "norm=reductions")).not.toContain("ReduceMean");
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
