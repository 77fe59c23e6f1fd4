import { expect, test } from "vitest";
import type { Parameter } from "../../../src/compiler/graph/graph.js";
import { repeated, reshaped, sliced, transposed } from "../../../src/compiler/passes/derive.js";

const weight: Parameter = { path: "w", shape: [2, 3, 2], buffer: false };
const values = Float32Array.from({ length: 12 }, (_, index) => index);

function derive(parameter: Parameter): { shape: readonly number[]; values: number[] } {
  const { shape, derived } = parameter;
  return { shape, values: [...(derived?.compute([values]) ?? [])] };
}

test("another shape keeps the values", () => {
  expect(derive(reshaped(weight, [6, 2], "r"))).toEqual({ shape: [6, 2], values: [...values] });
});

test("another order of axes moves them", () => {
  expect(derive(transposed(weight, [2, 0, 1], "t"))).toEqual({
    shape: [2, 2, 3],
    values: [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11],
  });
});

test("a range of an axis", () => {
  expect(derive(sliced(weight, 1, 1, 2, "s"))).toEqual({
    shape: [2, 2, 2],
    values: [2, 3, 4, 5, 8, 9, 10, 11],
  });
});

test("several times in a row", () => {
  expect(derive(repeated(weight, 2, "c"))).toEqual({ shape: [4, 3, 2], values: [...values, ...values] });
});
