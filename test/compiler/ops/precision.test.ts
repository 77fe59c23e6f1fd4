import { expect, test } from "vitest";
import type { Attributes } from "../../../src/compiler/graph/operation.js";
import { graphOf, inputOf, nodeOf, operationOf, runGraph, testInput } from "./harness.js";

const side = 128;
const shape = [1, 2, side, side, side];
const type = `n:1 c:2 x:${side} y:${side} z:${side}`;
const values = testInput("volume", shape).map((value) => value + 3);

async function run(operation: string, attributes: Attributes): Promise<Float32Array> {
  const input = inputOf("input", type);
  const node = nodeOf("layer", operationOf(operation), [input], attributes);
  const { result } = await runGraph(graphOf([input], [node], { result: node }), { input: { shape, values } });
  return result?.values as Float32Array;
}

/** The greatest difference from a function of the input, computed in 64-bit floats. */
function worstError(found: Float32Array, expected: (value: number) => number): number {
  return found.reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - expected(values[i] as number))),
    0,
  );
}

const count = values.length;
const mean = values.reduce((total, value) => total + value, 0) / count;
const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / count;

test("a mean over millions of voxels keeps all digits", async () => {
  const [found] = await run("Mean", { axes: ["n", "c", "x", "y", "z"] });
  expect(Math.abs((found as number) / mean - 1)).toBeLessThan(5e-7);
});

test("a sum over millions of voxels keeps all digits", async () => {
  const [found] = await run("Sum", { axes: ["n", "c", "x", "y", "z"] });
  expect(Math.abs((found as number) / (mean * count) - 1)).toBeLessThan(5e-7);
});

test.each<readonly [string, Attributes]>([
  ["GroupNorm", { groups: 1, affine: false }],
  ["LayerNorm", { axes: ["c", "x", "y", "z"], affine: false }],
])("%s of millions of voxels is right to the last digits but one", async (operation, attributes) => {
  const found = await run(operation, attributes);
  expect(worstError(found, (value) => (value - mean) / Math.sqrt(variance + 1e-5))).toBeLessThan(5e-6);
});
