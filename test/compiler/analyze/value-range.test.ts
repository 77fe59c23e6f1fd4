import fc from "fast-check";
import { expect, test } from "vitest";
import { valueRange } from "../../../src/compiler/analyze/value-range.js";
import { known } from "../../../src/compiler/support/invariant.js";
import { check, network } from "../elaborate/programs.js";
import { computed } from "../passes/agreement.js";
import { checkedOrSkipped, programs, programText } from "./random-programs.js";

const infinite = Number.POSITIVE_INFINITY;

function rangeOf(body: string): [number, number] {
  const { graph } = check(network(`t = volume -> head: Conv(3, 1)\n  output a = ${body}`, "", views));
  const { low, high } = valueRange(graph, known(graph.outputs[0], "output").value);
  return [low, high];
}

const views = "view side { s: z, h: y, w: x }";

test.each([
  ["t", -infinite, infinite],
  ["t -> Sigmoid", 0, 1],
  ["t -> Softmax(c)", 0, 1],
  ["t -> Sigmoid -> side -> undo side", 0, 1],
  ["sum((t -> v -> Sigmoid -> undo v) for v in [side, side]) / 2", 0, 1],
  ["(t -> Sigmoid) * (t -> ReLU -> Tanh)", 0, 1],
  ["concat(t -> Sigmoid, t -> Tanh, along: c)", -1, 1],
  ["1 / (1 + (-t -> Exp))", 0, 1],
  ["1 - 2 * (t -> Sigmoid)", -1, 1],
  ["(t -> Sigmoid) - (t -> Sigmoid)", -1, 1],
  ["t -> ReLU -> Sigmoid", 0.5, 1],
  ["(t -> Sigmoid) / (1 + (t -> ReLU))", 0, 1],
  ["(t -> Sigmoid) / (t -> Sigmoid)", -infinite, infinite],
  ["2 + (t -> Sigmoid) -> Shift(x, 1/3)", 0, 3],
  ["2 + (t -> Sigmoid) -> AvgPool(2, padding: 1)", 0, 3],
  ["t -> Sigmoid -> Dropout -> Resize(scale: 2) -> flip(x) -> Roll(y: 1) -> repeat(c: 2)", 0, 1],
  ["(t -> Sigmoid)[c: 0..<1] -> Mean(x) -> Max(y)", 0, 1],
  ["t -> ReLU", 0, infinite],
  ["t -> Sigmoid -> LeakyReLU", -infinite, infinite],
])("%s lies from %d to %d", (body, low, high) => {
  expect(rangeOf(body)).toEqual([low, high]);
});

test("all values of random networks lie where they must", { timeout: 60_000 }, async () => {
  let bounded = 0;
  await fc.assert(
    fc.asyncProperty(programs({ steps: 5 }), async (body) => {
      const text = programText(body, "n: 1, c: 4, x: 8, y: 6, z: 7").replace(
        "t0 = volume",
        "t0 = volume -> Sigmoid",
      );
      const { graph } = checkedOrSkipped(text);
      const { low, high } = valueRange(graph, known(graph.outputs[0], "output").value);
      if (low > -infinite || high < infinite) bounded++;
      const slack = 1e-6 * (1 + Math.min(Math.abs(low), Math.abs(high)));
      for (const value of known((await computed(graph)).result, "result").values) {
        if (!(value >= low - slack && value <= high + slack))
          expect.fail(`${value} is beyond ${low}..${high}`);
      }
    }),
    { numRuns: 100 },
  );
  expect(bounded).toBeGreaterThan(10);
});
