import { describe, expect, test } from "vitest";
import type { Graph } from "../../../src/compiler/graph/graph.js";
import { printGraph } from "../../../src/compiler/graph/print.js";
import { verifyGraph } from "../../../src/compiler/graph/verify.js";
import { graphOf, inputOf, nodeOf, operationOf } from "../ops/harness.js";

const input = inputOf("input", "n:1 c:2 x y");
const conv = nodeOf("conv", operationOf("Conv"), [input], { out: 4, kernel: [1, 3], stride: 2 });
const seen = nodeOf("conv@view", operationOf("Conv"), [input], { out: 4, kernel: [1, 3], stride: 2 }, "conv");
const fused = nodeOf("fused", operationOf("add"), [conv, seen]);
const graph = graphOf([input], [conv, seen, fused], { out: fused });
const changed = (parts: Partial<Graph>) => () => verifyGraph({ ...graph, ...parts });

describe("a graph that breaks what every graph has is found out", () => {
  test.each<readonly [string, Partial<Graph>, string]>([
    [
      "a node before its input",
      { nodes: [fused, conv, seen] },
      "fused uses conv, which does not come before it",
    ],
    ["a node twice", { nodes: [conv, conv, seen, fused] }, 'two nodes are called "conv"'],
    [
      "an unknown output",
      { outputs: [{ name: "out", value: inputOf("other", "x") }] },
      "output out is other",
    ],
    ["a node without a use", { outputs: [{ name: "out", value: conv }] }, "no output depends on fused"],
    [
      "a weight not listed",
      { parameters: [] },
      "the weight of conv, conv.weight, is not among the graph's weights",
    ],
    ["a weight listed twice", { parameters: [...graph.parameters, ...graph.parameters] }, "is listed twice"],
    [
      "a weight with two shapes",
      { parameters: graph.parameters.map((parameter) => ({ ...parameter, shape: [1] })) },
      "conv.weight has the shapes 1 and 4,2,1,3",
    ],
    [
      "a weight without a use",
      { parameters: [...graph.parameters, { path: "free", shape: [1], buffer: false }] },
      "no node uses the weight free",
    ],
    ["an axis twice", { inputs: [inputOf("input", "x x")] }, "has an axis twice"],
  ])("%s", (_, parts, message) => {
    expect(changed(parts)).toThrow(message);
  });
});

test("a graph prints one line for each input, node and output", () => {
  const bound = { ...graph, settings: { classes: "14" }, bindings: new Map([["x", 5]]) };
  expect(printGraph(bound)).toMatchInlineSnapshot(`
    "network Test (classes = 14)
    input input: float[n: 1, c: 2, x: 5, y]
    conv = Conv(input, stride: 2, dilation: 1, groups: 1, bias: false, out: 4, kernel: 1x3) with conv.weight: float[n: 1, c: 4, x: 3, y: floor((y + 1) / 2)]
    conv@view = Conv(input, stride: 2, dilation: 1, groups: 1, bias: false, out: 4, kernel: 1x3) with conv.weight: float[n: 1, c: 4, x: 3, y: floor((y + 1) / 2)] # conv
    fused = add(conv, conv@view): float[n: 1, c: 4, x: 3, y: floor((y + 1) / 2)]
    output out = fused
    "
  `);
});
