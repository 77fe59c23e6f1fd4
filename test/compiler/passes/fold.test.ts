import fc from "fast-check";
import { describe, expect, test } from "vitest";
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
  const { graph } = outcome(`output a = ${block}`);
  const names = graph.nodes.map(({ operation }) => operation.name);
  expect([names[0], names.at(-1)]).toEqual(["merge", "relayout"]);
  const between = ["Conv", "Shift", "normalize", "LeakyReLU", "subsample", "Conv"];
  expect(names.slice(1, -1)).toEqual(between);
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

describe("conv=sliced", () => {
  const sliced = parseSchedule("conv=sliced");

  test("makes a kernel along all axes a sum of two-dimensional convolutions", () => {
    const { operators, graph } = outcome("output a = volume -> a: Conv(16, 1) -> b: Conv(16, 3x3x3)", sliced);
    expect(operators.filter((operator) => operator === "Conv").length).toBe(1 + 3);
    const summed = graph.nodes.filter(({ path }) => path === "b").map(({ operation }) => operation.name);
    expect(summed.filter((name) => name === "add").length).toBe(2);
  });

  test.each([
    ["Conv(16, 3x3x3, groups: 2)", "it has groups of channels"],
    ["Conv(8, 3x3x3)", "a sum of slices takes longer unless channels are multiples of 16"],
  ])("leaves %s: %s", (call, reason) => {
    const { declined } = outcome(`output a = volume -> a: Conv(16, 1) -> b: ${call}`, sliced);
    expect(declined.map(({ text }) => text)).toContain(`kernel 3x3x3: ${reason}`);
  });

  test("agrees with the convolution over volumes, whatever its kernel, stride, dilation and padding", async () => {
    const extent = (min: number, max: number) => fc.tuple(...[0, 1, 2].map(() => fc.integer({ min, max })));
    const drawn = fc.record({
      kernel: extent(2, 4),
      stride: extent(1, 3),
      dilation: extent(1, 2),
      padding: extent(0, 5),
      bias: fc.boolean(),
      batch: fc.integer({ min: 1, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(drawn, async ({ kernel, stride, dilation, padding, bias, batch }) => {
        const [k, s, d, p] = [kernel, stride, dilation, padding].map((sizes) => sizes.join("x"));
        const call = `Conv(16, ${k}, stride: ${s}, dilation: ${d}, padding: ${p}, bias: ${bias})`;
        const body = `output a = volume -> a: Conv(16, 1) -> InstanceNorm -> b: ${call} -> LeakyReLU`;
        // Less than a kernel and its padding hold.
        fc.pre(
          kernel.every((size, axis) => {
            const reach = (size - 1) * (dilation[axis] as number) + 1;
            return reach <= ([6, 8, 10][axis] as number) + 2 * (padding[axis] as number);
          }),
        );
        await expectAgreement(graphOf(body, batch), [
          ["sliced", sliced],
          ["cpu", parseSchedule("cpu")],
        ]);
      }),
      { numRuns: 25 },
    );
  });
});
