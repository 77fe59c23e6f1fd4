import onnxProto from "onnx-proto";
import { describe, expect, test } from "vitest";
import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import { emitOnnx } from "../../../src/compiler/emit/onnx/emit.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check, network } from "../elaborate/programs.js";
import { emitOptions, seededWeights } from "../ops/harness.js";
import { expectAgreement } from "./agreement.js";
import { outcomeOf } from "./outcome.js";

function graphOf(body: string, batch = 1, tile = [6, 8, 10]) {
  return check(network(body), { tile, batch }).graph;
}

function outcome(body: string, schedule: string, batch = 1) {
  return outcomeOf(graphOf(body, batch), schedule, "norms");
}

describe("norm=moments", () => {
  const twice =
    "output a = volume -> a: Conv(4, 1x3x3) -> n: InstanceNorm -> ReLU -> b: Conv(4, 1x3x3) -> m: InstanceNorm";

  test("squares without taking off the mean only where values come from a norm", () => {
    const { operators, remarks } = outcome(twice, "norm=moments");
    expect(remarks).toEqual([
      "n: statistics over x, y, z by reductions: the values may lie far from 0",
      "m: statistics over x, y, z by means of squares",
    ]);
    expect(operators).not.toContain("InstanceNormalization");
  });

  test.each([1, 2])("agrees with the operator, batch %i", async (batch) => {
    await expectAgreement(graphOf(`${twice} -> LeakyReLU`, batch), [
      ["moments", parseSchedule("norm=moments")],
      ["moments, folded", parseSchedule("norm=moments,conv=folded")],
    ]);
  });

  test("keeps the digits of values whose mean is 30 times their spread", async () => {
    const graph = graphOf("t = volume -> n: InstanceNorm\n  output a = (t + 30.0) -> m: InstanceNorm");
    await expectAgreement(graph, [["moments", parseSchedule("norm=moments")]]);
  });
});

describe("a norm of slices or volumes of more elements than are summed at once", () => {
  const body =
    "output a = volume -> a: Conv(2, 1x3x3) -> n: InstanceNorm(affine: true) -> ReLU -> m: InstanceNorm";

  test.each([1, 2])("agrees with the operator, batch %i", async (batch) => {
    await expectAgreement(graphOf(body, batch, [2, 130, 140]), [
      ["reductions", parseSchedule("norm=reductions")],
      ["moments", parseSchedule("norm=moments")],
      ["moments, folded", parseSchedule("norm=moments,conv=folded")],
      ["reductions, without groups over three axes", parseSchedule("norm=reductions,groups=split")],
      ["so, and folded", parseSchedule("webgpu")],
    ]);
  });

  test.each([
    ["norm=moments", "volumes"],
    ["norm=reductions", "volumes"],
    ["norm=moments,conv=folded", "slices"],
  ])("with %s scales %s as they are, so that an activation can be part of it", (schedule) => {
    const { graph } = scheduleGraph(graphOf(body, 1, [2, 130, 140]), parseSchedule(schedule));
    const { nodes } = lowerNodes(graph);
    const [activation] = nodes.filter(({ opType }) => opType === "Relu");
    const before = nodes.find(({ output }) => output?.[0] === activation?.input?.[0]);
    expect(before?.opType).toBe("Conv");
  });

  test("has no convolution with groups over three axes where a runtime lacks it", () => {
    const { graph } = scheduleGraph(graphOf(body), parseSchedule("norm=reductions,groups=split"));
    const kernels = lowerNodes(graph)
      .nodes.flatMap(({ opType, attribute }) => (opType === "Conv" ? (attribute ?? []) : []))
      .filter(({ name }) => name === "kernel_shape");
    expect(kernels.map(({ ints }) => ints?.map(Number))).toEqual([
      [1, 3, 3],
      [1, 1],
      [1, 1],
    ]);
  });
});

describe("a norm of a pointwise convolution of one channel", () => {
  const projected = "output a = volume -> a: Conv(4, 1, bias: true) -> n: InstanceNorm(affine: true) -> ReLU";

  test("takes the statistics of the one channel", () => {
    const { operators, remarks } = outcome(projected, "norm=reductions");
    expect(operators.filter((operator) => operator === "Conv").length).toBe(1);
    expect(remarks).toEqual([
      "n: statistics over x, y, z by those of the one channel that the convolution before it multiplies",
    ]);
  });

  test("agrees with the two by themselves, also where the convolution has other readers", async () => {
    const shared = "t = volume -> a: Conv(4, 1)\n  output a = (t -> n: InstanceNorm) + t";
    const folded = "output a = volume -> a: Conv(4, 1) -> n: InstanceNorm -> b: Conv(3, 1x3x3)";
    for (const body of [projected, shared, folded]) {
      await expectAgreement(graphOf(body), [
        ["reductions", parseSchedule("norm=reductions")],
        ["cpu", parseSchedule("cpu")],
      ]);
    }
  });

  test.each([
    ["a stride", "Conv(4, 1, stride: 2)", 1],
    ["a larger kernel", "Conv(4, 1x3x3)", 1],
    ["a batch", "Conv(4, 1)", 2],
  ])("is two operations with %s", (_, call, batch) => {
    const { remarks } = outcome(
      `output a = volume -> a: ${call} -> n: InstanceNorm`,
      "norm=reductions",
      batch,
    );
    expect(remarks).toEqual(["n: statistics over x, y, z by reductions"]);
  });
});

describe("norm=joined", () => {
  const body =
    "output a = volume -> a: Conv(4, 1x3x3) -> n: InstanceNorm(affine: true) -> ReLU -> m: InstanceNorm";

  test.each([
    [1, "in the network's own precision", 0],
    [3, "3 samples' channels as those of one", 4],
  ])("is one norm of all samples, batch %i", async (batch, text, reshapes) => {
    const { operators, remarks } = outcome(body, "norm=joined", batch);
    expect(remarks).toEqual([`n: ${text}`, `m: ${text}`]);
    expect(operators.filter((operator) => operator === "Reshape")).toHaveLength(reshapes);
    expect(operators.filter((operator) => operator === "InstanceNormalization")).toHaveLength(2);
    await expectAgreement(graphOf(body, batch), [
      ["joined", parseSchedule("norm=joined")],
      ["joined, folded", parseSchedule("norm=joined,conv=folded")],
    ]);
  });

  test("leaves the precision of sums to the runtime: no tensor is copied in float32", () => {
    const casts = (schedule: string) => {
      const { graph } = scheduleGraph(graphOf(body, 2), parseSchedule(schedule));
      const { model } = emitOnnx(graph, seededWeights, { ...emitOptions, precision: "float16" });
      return onnxProto.onnx.ModelProto.decode(model).graph?.node?.filter(({ opType }) => opType === "Cast")
        .length;
    };
    expect(casts("norm=native")).toBe(4);
    expect(casts("norm=joined")).toBe(2);
  });
});
