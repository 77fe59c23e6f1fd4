import { describe, expect, test } from "vitest";
import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import { filterFactors, inputFactors } from "../../../src/compiler/ops/winograd-transforms.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check, network } from "../elaborate/programs.js";
import { expectAgreement } from "./agreement.js";

const winograd = "conv=folded,algorithm=winograd";

function graphOf(body: string, tile = [2, 8, 5], batch = 1) {
  return check(network(body), { tile, batch }).graph;
}

function outcome(body: string, schedule = winograd, tile = [2, 8, 5]) {
  const { graph, reports } = scheduleGraph(graphOf(body, tile), parseSchedule(schedule));
  const remarks = reports.filter(({ pass }) => pass.name === "winograd").flatMap((report) => report.remarks);
  const count = (name: string) => graph.nodes.filter(({ operation }) => operation.name === name).length;
  return {
    count,
    done: remarks.filter(({ kind }) => kind === "done").map(({ node }) => node),
    declined: remarks.filter(({ kind }) => kind === "declined").map(({ text }) => text),
    operators: lowerNodes(graph).nodes.map(({ opType }) => opType),
  };
}

test.each([3, 5])("a filter of %i elements at six points is a polynomial's values there", (taps) => {
  const filter = Array.from({ length: taps }, (_, index) => 1 + index * index);
  const at = (point: number) => filter.reduce((sum, factor, power) => sum + factor * point ** power, 0);
  const found = filterFactors(taps).map((factors) =>
    factors.reduce((sum, factor, index) => sum + factor * (filter[index] as number), 0),
  );
  const divisors = [4, -6, -6, 24, 24];
  [0, 1, -1, 2, -2].forEach((point, index) => {
    expect((found[index] as number) * (divisors[index] as number)).toBeCloseTo(at(point), 10);
  });
  expect(found[5]).toBe(filter.at(-1));
});

test("what a product takes of a tile is a polynomial that is 0 at every point but its own", () => {
  const points = [0, 1, -1, 2, -2];
  const values = points.map((point) =>
    inputFactors.map((factors) => factors.reduce((sum, factor, power) => sum + factor * point ** power, 0)),
  );
  const isZero = values.map((row) => row.slice(0, 5).map((value) => value === 0));
  expect(isZero).toEqual(points.map((_, index) => points.map((__, product) => product !== index)));
});

const before = "volume -> a: Conv(64, 1) -> Tanh ->";

const computed: readonly [string, string][] = [
  ["a kernel of 3x3", `output a = ${before} b: Conv(64, 1x3x3)`],
  [
    "a kernel of 3x1, with a bias",
    `output a = ${before} d: Conv(256, 1) -> b: Conv(256, 1x3x1, bias: true) -> ReLU`,
  ],
  ["a kernel of 5x3", `output a = ${before} b: Conv(96, 1x5x3, bias: true)`],
  [
    "a stride and a dilation along the other axis",
    `output a = ${before} b: Conv(64, 1x3x3, stride: 1x1x2, dilation: 1x1x2)`,
  ],
  ["padding along the other axis", `output a = ${before} b: Conv(64, 1x3x4, padding: 0x1x0)`],
  [
    "a sum of convolutions",
    `t = ${before} Tanh\n  output a = (t -> b: Conv(64, 1x3x3, bias: true)) + (t -> d: Conv(64, 1x3x5, bias: true))`,
  ],
  [
    "a convolution that is read twice, and one that is an output",
    `t = ${before} b: Conv(64, 1x3x3)\n  u = t -> d: Conv(64, 1x3x3)\n  output a = t + u\n  output e = u`,
  ],
  ["other axes and a batch", `output a = ${before} b: Conv(64, 3x1x3) -> d: Conv(64, 3x3x1)`],
];

test.each(computed)("%s: the same results", async (_, body) => {
  for (const [tile, batch] of [
    [[4, 8, 5], 1],
    [[8, 4, 6], 2],
  ] as const) {
    expect(outcome(body, winograd, [...tile]).done).not.toEqual([]);
    await expectAgreement(graphOf(body, [...tile], batch), [
      ["winograd", parseSchedule(winograd)],
      ["cpu", parseSchedule("cpu")],
    ]);
  }
});

describe("what is added up", () => {
  const parts = `t = ${before} Tanh\n  u = concat(t, t -> Sigmoid, along: c)\n  `;

  test("of convolutions becomes results once", () => {
    const { count } = outcome(`${parts}output a = u -> b: Conv(64, 1x3x3)`, `${winograd},concat=split`);
    expect([count("winogradInput"), count("winogradOutput")]).toEqual([12, 1]);
  });

  test("of slices as well", async () => {
    const body = `output a = ${before} b: Conv(64, 3x3x3, bias: true)`;
    const { count } = outcome(body, "conv=sliced,algorithm=winograd", [4, 5, 6]);
    expect([count("winogradInput"), count("winogradOutput"), count("add")]).toEqual([0, 0, 2]);
    const even = outcome(body, "conv=sliced,algorithm=winograd", [3, 4, 5]);
    expect([even.count("winogradInput"), even.count("winogradOutput")]).toEqual([18, 1]);
    await expectAgreement(graphOf(body, [3, 4, 5], 2), [["cpu", parseSchedule("cpu")]]);
  });

  test("with something else does not hide it", () => {
    const { count } = outcome(`t = ${before} Tanh\n  output a = (t -> b: Conv(64, 1x3x3)) + t`);
    expect([count("winogradOutput"), count("add")]).toEqual([1, 1]);
  });
});

test.each([
  ["in another order", "(image -> a: Conv(64, 3x5)) + (image -> turned -> b: Conv(64, 3x5))"],
  [
    "in another order, and named so",
    "(image -> a: Conv(64, 3x3)) + (image -> rename(h: w, w: h) -> b: Conv(64, 3x3))",
  ],
  [
    "of which one has another name",
    "(image -> a: Conv(64, 3x3)) + (image -> rename(w: v) -> b: Conv(64, 3x3))",
  ],
])("sums of convolutions whose axes are %s give the same results", async (_, sum) => {
  const text = `view turned { w: w, h: h }
network Net {
  input image: float[n: 1, c: 64, h: 8, w: 8]
  output a = ${sum}
}`;
  const { graph } = check(text);
  await expectAgreement(graph, [
    ["winograd", parseSchedule("algorithm=winograd")],
    ["cpu", parseSchedule("cpu")],
  ]);
});

test("is made of operators that every runtime has", () => {
  const { operators } = outcome(`output a = ${before} b: Conv(64, 1x3x3)`);
  expect(new Set(operators)).toEqual(new Set(["Conv", "Tanh", "Add", "Reshape", "Transpose", "Concat"]));
});

describe("is left out, with the reason:", () => {
  test.each([
    ["Conv(64, 1x3x3, groups: 2)", "it has groups of channels"],
    ["Conv(64, 1x3x3, stride: 1x2x1)", "it has a stride or a dilation along y"],
    ["Conv(64, 1x3x3, dilation: 1x2x1)", "it has a stride or a dilation along y"],
    ["Conv(64, 1x3x3, padding: 0x0x1)", "its padding changes the size of y"],
    ["Conv(72, 1x3x3)", "it takes longer unless channels are multiples of 16"],
    ["Conv(16, 1x3x3)", "to bring it into that form and back would take longer than it saves"],
  ])("%s: %s", (call, reason) => {
    const { declined, done } = outcome(`output a = ${before} b: ${call}`);
    expect(declined).toEqual([reason]);
    expect(done).toEqual([]);
  });

  test("an axis that tiles do not fill", () => {
    const { declined } = outcome(`output a = ${before} b: Conv(64, 1x3x3)`, winograd, [2, 6, 4]);
    expect(declined).toEqual(["y is no multiple of 4"]);
  });

  test("float16", () => {
    const { declined } = outcome(`output a = ${before} b: Conv(64, 1x3x3)`, `${winograd},precision=float16`);
    expect(declined).toEqual(["float16 has too few digits for its sums"]);
  });

  test("what is no image, or has no kernel of 3 or 5, without a word", () => {
    const { declined, done } = outcome(`output a = ${before} b: Conv(64, 3x3x3)`);
    expect([declined, done]).toEqual([[], []]);
  });
});
