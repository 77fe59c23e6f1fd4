import { describe, expect, test } from "vitest";
import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import { evaluateSize } from "../../../src/compiler/graph/size.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check, network } from "../elaborate/programs.js";
import { expectAgreement } from "./agreement.js";

function graphOf(body: string, batch = 1) {
  return check(network(body, "", "view side { s: z, h: y, w: x }"), { tile: [4, 6, 8], batch }).graph;
}

function outcome(body: string, schedule: string, batch = 1) {
  const { graph, reports } = scheduleGraph(graphOf(body, batch), parseSchedule(schedule));
  const of = (kind: string) =>
    reports
      .filter(({ pass }) => ["upsampling", "products"].includes(pass.name))
      .flatMap(({ remarks }) => remarks.filter((remark) => remark.kind === kind).map(({ text }) => text));
  return { graph, lowered: lowerNodes(graph), done: of("done"), declined: of("declined") };
}

describe("upsample=product", () => {
  const before = "volume -> a: Conv(4, 1x3x3) -> side";

  test.each(["1x2x2", "2x2x2", "4x2x3", "2x1x1", "3x3x3"])(
    "agrees with a transposed convolution of %s, folded and unfolded, for one volume and for two",
    async (kernel) => {
      for (const [batch, bias] of [
        [1, true],
        [2, true],
        [2, false],
      ] as const) {
        const up = `${before} -> up: ConvTranspose(3, ${kernel}, stride: ${kernel}, bias: ${bias})`;
        const body = `output a = ${up} -> b: Conv(3, 1x3x3) -> ReLU`;
        expect(outcome(body, "upsample=product", batch).done.length).toBe(1);
        await expectAgreement(graphOf(body, batch), [
          ["unfolded", parseSchedule("upsample=product")],
          ["folded", parseSchedule("upsample=product,conv=folded")],
          ["folded and aligned", parseSchedule("cpu")],
        ]);
      }
    },
  );

  test.each([
    ["one axis", "merge(x: (x, y, z))", "3", "3"],
    ["two axes", "merge(x: (x, y))", "2x3", "5x3"],
  ])("agrees over %s", async (_, view, kernel, convolution) => {
    const up = `volume -> ${view} -> a: Conv(4, 1) -> up: ConvTranspose(3, ${kernel}, stride: ${kernel}, bias: true)`;
    const body = `output a = ${up} -> b: Conv(2, ${convolution})`;
    expect(outcome(body, "upsample=product").done.length).toBe(1);
    await expectAgreement(graphOf(body, 2), [["product", parseSchedule("upsample=product")]]);
  });

  test("agrees where channels are last", async () => {
    const up = "up: ConvTranspose(3, 2x1x3, stride: 2x1x3, bias: true)";
    const body = `output a = volume -> a: Conv(4, 1) -> rename(c: z, z: c) -> ${up}`;
    await expectAgreement(graphOf(body, 2), [["product", parseSchedule("upsample=product")]]);
  });

  test("of slices in the batch is one product between two Transposes, and a convolution that adds the bias", () => {
    const up = "volume -> a: Conv(4, 1x3x3) -> up: ConvTranspose(3, 2x2x2, stride: 2, bias: true)";
    const { lowered, graph } = outcome(`output a = ${up} -> b: Conv(3, 1x3x3)`, "cpu");
    const own = lowered.nodes.filter(({ name }) => name?.startsWith("up"));
    expect(own.map(({ opType }) => opType)).toEqual([
      "Transpose",
      "Reshape",
      "MatMul",
      "Reshape",
      "Transpose",
      "Conv",
    ]);
    const next = lowered.nodes.find(({ name }) => name === "b");
    expect(next?.input?.[0]).toBe(own.at(-1)?.output?.[0]);
    const node = graph.nodes.find(({ operation }) => operation.name === "spread");
    const shape = node?.type.axes.map(({ size }) => evaluateSize(size));
    expect(shape).toEqual([8, 3, 12, 16]);
  });

  test("joined with what was skipped, it is convolved by itself", async () => {
    const body = `t = volume -> a: Conv(4, 1x3x3)
  u = t -> s: Conv(4, 1x3x3, stride: 2) -> up: ConvTranspose(3, 2x2x2, stride: 2, bias: true)
  output a = concat(t, u, along: c) -> b: Conv(3, 1x3x3)`;
    await expectAgreement(graphOf(body, 2), [["cpu", parseSchedule("cpu")]]);
  });

  test("views of one weight share what it becomes, where they lie alike", () => {
    const up = "a: Conv(4, 1x3x3) -> up: ConvTranspose(2, 2x2x2, stride: 2, bias: true)";
    const body = `output a = sum(volume -> v -> ${up} -> undo v for v in [side, side])`;
    const { graph } = outcome(body, "cpu");
    const weights = graph.parameters.filter(({ path }) => path.startsWith("up.weight"));
    expect(weights.map(({ shape }) => shape)).toEqual([[2, 1, 2, 4, 4]]);
  });

  test("costs what the transposed convolution costs", () => {
    const body = `output a = ${before} -> up: ConvTranspose(3, 2x2x2, stride: 2, bias: true)`;
    const total = (schedule: string) =>
      outcome(body, schedule).graph.nodes.reduce(
        (sum, node) => {
          const { macs, flops } = node.operation.cost(node);
          return [sum[0] + (evaluateSize(macs) ?? 0), sum[1] + (evaluateSize(flops) ?? 0)] as const;
        },
        [0, 0] as readonly [number, number],
      );
    expect(total("cpu")).toEqual(total("portable"));
  });

  test("leaves one that overlaps across slices that became the batch", async () => {
    const body = `output a = ${before} -> up: ConvTranspose(3, 2x3x3, stride: 2, bias: true)`;
    expect(outcome(body, "cpu").declined).toEqual(["its kernels overlap, or leave gaps"]);
    await expectAgreement(graphOf(body), [["cpu", parseSchedule("cpu")]]);
  });
});

describe("upsample=pointwise", () => {
  const up =
    "output a = volume -> a: Conv(4, 1) -> side -> b: ConvTranspose(3, 2x3x1, stride: 2x3x1, bias: true)";

  test("makes a pointwise convolution and one view", async () => {
    const { lowered } = outcome(`${up} -> ReLU`, "upsample=pointwise", 2);
    expect(lowered.nodes.map(({ opType }) => opType)).not.toContain("ConvTranspose");
    await expectAgreement(graphOf(`${up} -> ReLU`, 2), [
      ["pointwise", parseSchedule("upsample=pointwise")],
      ["pointwise and folded", parseSchedule("cpu,upsample=pointwise")],
    ]);
  });
});

describe.each(["pointwise", "product"])("upsample=%s", (option) => {
  test.each([
    ["ConvTranspose(2, 3x3x3, stride: 2)", "its kernels overlap, or leave gaps"],
    ["ConvTranspose(2, 2x2x2, stride: 2, padding: 1)", "it is padded"],
    ["ConvTranspose(2, 2x2x2, stride: 2, groups: 2)", "it has groups of channels"],
  ])("leaves %s: %s", (call, reason) => {
    const { declined } = outcome(`output a = volume -> a: Conv(4, 1) -> b: ${call}`, `upsample=${option}`);
    expect(declined).toEqual([reason]);
  });
});
