import { expect, test } from "vitest";
import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check, network } from "../elaborate/programs.js";
import { expectAgreement } from "./agreement.js";

const folded = parseSchedule("conv=folded,norm=reductions");
const aligned = parseSchedule("axes=aligned");

function graphOf(body: string, batch = 1) {
  return check(network(body, "", "view side { s: z, h: y, w: x }"), { tile: [6, 8, 10], batch }).graph;
}

function outcome(body: string, schedule = folded, batch = 1) {
  const { graph, reports } = scheduleGraph(graphOf(body, batch), schedule);
  return {
    operators: lowerNodes(graph).nodes.map(({ opType }) => opType),
    declined: reports.flatMap(({ remarks }) => remarks.filter(({ kind }) => kind === "declined")),
    graph,
  };
}

const block =
  "volume -> a: Conv(4, 1x3x3) -> Shift(x, 1/4) -> InstanceNorm -> LeakyReLU -> b: Conv(4, 1x3x3, stride: 2)";

test("what stands between folded convolutions is folded: two views remain, at the ends", () => {
  const { operators, graph } = outcome(`output a = ${block}`);
  expect(operators.filter((operator) => operator === "Transpose").length).toBe(2);
  const shapes = graph.nodes
    .filter(({ operation }) => operation.name === "Conv")
    .map(({ type }) => type.axes);
  expect(shapes.map((axes) => axes.map(({ name }) => name).join())).toEqual(["n,c,y,z", "n,c,y,z"]);
});

test("a kernel along every axis is left, with the reason", () => {
  const { declined } = outcome("output a = volume -> a: Conv(4, 3x3x3) -> ReLU");
  expect(declined).toEqual([
    { kind: "declined", node: "a", text: "kernel 3x3x3: slices along every axis meet in it" },
  ]);
});

test("what works on whole volumes is left, with the reason", () => {
  const { declined } = outcome("output a = volume -> a: Conv(4, 1x3x3) -> MaxPool(2x2x2)");
  expect(declined.map(({ text }) => text)).toEqual([
    "MaxPool works on whole volumes: slices leave the batch before it",
  ]);
});

test("aligned axes leave no Transpose of a view", () => {
  const body = "output a = volume -> side -> a: Conv(4, 1x3x5) -> ReLU -> undo side";
  expect(outcome(body, parseSchedule("portable")).operators).toEqual([
    "Transpose",
    "Conv",
    "Relu",
    "Transpose",
  ]);
  expect(outcome(body, aligned).operators).toEqual(["Conv", "Relu"]);
});

const cases: readonly [string, string][] = [
  ["a block", `output a = ${block}`],
  ["a stride along the slices", "output a = volume -> a: Conv(4, 1x3x3, stride: 3x1x2) -> ReLU"],
  ["slices along the last axis", "output a = volume -> a: Conv(4, 3x5x1) -> Shift(z, 1/4) -> ReLU"],
  [
    "slices along one axis, then another",
    "output a = volume -> a: Conv(4, 1x3x3) -> b: Conv(4, 3x3x1) -> Tanh",
  ],
  [
    "a transposed convolution that doubles slices",
    "output a = volume -> a: Conv(4, 1x3x3) -> b: ConvTranspose(6, 2x3x2, stride: 2x1x2, bias: true) -> ReLU",
  ],
  [
    "an affine norm, a skip and a view",
    "t = volume -> side -> a: Conv(4, 1x3x5) -> n: InstanceNorm(affine: true) -> undo side\n" +
      "  output a = t\n  output b = concat(t, volume, along: c) -> Softmax(c)",
  ],
  [
    "what lacks slices beside what has them",
    "t = volume -> a: Conv(4, 1x3x3)\n  output a = t * (t -> Mean(x)) + (t -> Mean(n, x, y, z))",
  ],
  [
    "three views and their sum",
    "output a = sum(volume -> v -> a: Conv(4, 1x3x3) -> Shift(s, 1/4) -> undo v for v in [side, side])",
  ],
  [
    "what is seen outside as it is folded",
    "t = volume -> a: Conv(4, 1x3x3)\n  output a = t\n  output b = t -> ReLU",
  ],
];

test.each(cases)("%s computes the same folded and aligned, for one volume and for two", async (_, body) => {
  for (const batch of [1, 2]) {
    await expectAgreement(graphOf(body, batch), [
      ["folded", folded],
      ["folded with native norms", parseSchedule("conv=folded")],
      ["aligned", aligned],
      ["cpu", parseSchedule("cpu")],
    ]);
  }
});
