import { describe, expect, test } from "vitest";
import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check } from "../elaborate/programs.js";
import { expectAgreement } from "./agreement.js";

const before = `view front { s: x, h: y, w: z }
view side { s: y, h: z, w: x }
view top { s: z, h: x, w: y }
layer Block(out: int) {
  output input -> conv: Conv(out, 1x3x3) -> Shift(s, 1/4) -> InstanceNorm(affine: true) -> LeakyReLU
}`;

function graphOf(body: string, sizes = "x: 4, y: 4, z: 4", n = 1) {
  return check(`${before}\nnetwork Net {\n  input volume: float[n: ${n}, c: 4, ${sizes}]\n  ${body}\n}\n`)
    .graph;
}

function stacked(graph: ReturnType<typeof graphOf>, schedule = "views=stacked") {
  const { graph: result, reports } = scheduleGraph(graph, parseSchedule(schedule));
  const remarks = reports.find(({ pass }) => pass.name === "stacks")?.remarks ?? [];
  const count = (operator: string) =>
    lowerNodes(result).nodes.filter(({ opType }) => opType === operator).length;
  const taken = result.nodes.filter(({ operation }) => operation.name === "slice").length;
  return { remarks: remarks.map(({ node, text }) => `${node}: ${text}`), count, taken };
}

const all = ["views=stacked", "gpu", "cpu,views=stacked", "webgpu,views=stacked"].map(
  (name) => [name, parseSchedule(name)] as [string, ReturnType<typeof parseSchedule>],
);
const three = "volume -> v -> a: Block(8) -> b: Block(4) -> undo v for v in [front, side, top]";

describe("views=stacked", () => {
  test.each([1, 3])("computes views that share their weights as one batch, %d volumes of each", async (n) => {
    const graph = graphOf(`output sum = sum(${three})`, undefined, n);
    const { remarks, count, taken } = stacked(graph);
    expect(remarks.map((text) => text.replace(/@front/, ""))).toEqual([
      "a.conv: its 3 applications as one batch",
      "a.output: its 3 applications as one batch",
      "b.conv: its 3 applications as one batch",
      "b.output: its 3 applications as one batch",
    ]);
    expect([count("Conv"), count("InstanceNormalization"), count("LeakyRelu")]).toEqual([2, 2, 2]);
    // One of each view of the sum, and nothing else is taken apart.
    expect(taken).toBe(3);
    await expectAgreement(graph, all);
  });

  test("stacks the views that have the same sizes, of others none", async () => {
    const graph = graphOf(`output sum = sum(${three})`, "x: 4, y: 6, z: 5");
    const { remarks, count } = stacked(graph);
    expect(remarks).toHaveLength(4);
    expect(remarks[0]).toMatch("its applications see tensors of different axes or sizes");
    expect(count("Conv")).toBe(6);
    await expectAgreement(graph, all);
  });

  test("takes branches apart where something in the middle of them is needed", async () => {
    const graph = graphOf(`inner = [volume -> v -> a: Block(8) for v in [front, side, top]]
  output ends[i] = ends_[i] for i in 0..2
  output middle = inner[1] * 2
  ends_ = [x -> b: Block(4) for x in inner]`);
    expect(stacked(graph).count("Conv")).toBe(2);
    await expectAgreement(graph, all);
  });

  test("repeats for each branch what all of them have in common", async () => {
    const graph = graphOf(
      `whole = volume -> front
  output sum = sum((volume -> v -> a: Block(4)) + (whole -> Tanh) -> b: Block(4) for v in [front, side, top])`,
    );
    expect(stacked(graph).count("Conv")).toBe(2);
    await expectAgreement(graph, all);
  });

  test("stacks what is applied to its own result level by level", async () => {
    const graph = graphOf(`shared block = Block(4)
  output sum = sum(volume -> v -> block -> block -> undo v for v in [front, side, top])`);
    const { remarks, count } = stacked(graph);
    expect(remarks).toHaveLength(4);
    expect(count("Conv")).toBe(2);
    await expectAgreement(graph, all);
  });

  test("leaves what is applied to its own result alone", async () => {
    const graph = graphOf(`shared block = Block(4)
  output end = volume -> front -> block -> block -> block`);
    expect(stacked(graph).count("Conv")).toBe(3);
    await expectAgreement(graph, all);
  });

  test("never makes two batches of which each needs the other", async () => {
    const graph = graphOf(`shared p = Block(4)
  shared q = Conv(4, 3x3x3)
  output end = (volume -> front -> p -> q) + (volume -> front -> ReLU -> q -> p)`);
    const { remarks, count } = stacked(graph);
    expect(remarks.join()).toContain("its applications depend on one another");
    expect(count("Conv")).toBe(3);
    await expectAgreement(graph, all);
  });

  test.each([
    ["merge(n: (n, s)) -> a: Conv(4, 3x3)", "a: its 3 applications as one batch"],
    ["a: Conv(4, 1x1x1) -> Softmax(n) -> b: Conv(4, 1x1x1)", "b@front: its 3 applications as one batch"],
  ])("stacks before and after %s, which mixes the samples", async (steps, remark) => {
    const graph = graphOf(
      `output sum = sum(volume -> v -> ${steps} for v in [front, side, top])`,
      undefined,
      2,
    );
    const { remarks, count } = stacked(graph);
    expect(remarks.map((text) => text.replace(/^a@front/, "a"))).toContain(remark);
    expect([count("Softmax") % 3, count("Conv") < 3]).toEqual([0, true]);
    await expectAgreement(graph, all);
  });

  test("leaves norms that share their weights, which gain nothing", () => {
    const graph = graphOf(`shared norm = InstanceNorm(affine: true)
  output end = (volume -> norm) + (volume -> ReLU -> norm)`);
    expect(stacked(graph).remarks.join()).toContain("there is no product of matrices in it");
  });
});
