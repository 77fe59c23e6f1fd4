import { expect, test } from "vitest";
import type { Parameter } from "../../../src/compiler/graph/graph.js";
import {
  combined,
  placedAmong,
  repeated,
  reshaped,
  sliced,
  transposed,
} from "../../../src/compiler/passes/derive.js";

const weight: Parameter = { path: "w", shape: [2, 3, 2], buffer: false };
const values = Float32Array.from({ length: 12 }, (_, index) => index);

function derive(parameter: Parameter): { shape: readonly number[]; values: number[] } {
  const { shape, derived } = parameter;
  return { shape, values: [...(derived?.compute([values]) ?? [])] };
}

test("another shape keeps the values", () => {
  expect(derive(reshaped(weight, [6, 2]))).toEqual({ shape: [6, 2], values: [...values] });
});

test("another order of axes moves them", () => {
  expect(derive(transposed(weight, [2, 0, 1]))).toEqual({
    shape: [2, 2, 3],
    values: [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11],
  });
});

test("a range of an axis", () => {
  expect(derive(sliced(weight, 1, 1, 2))).toEqual({
    shape: [2, 2, 2],
    values: [2, 3, 4, 5, 8, 9, 10, 11],
  });
});

test("a sum along an axis, of each position times a factor", () => {
  expect(derive(combined(weight, 1, [1, 0, -2], "sum"))).toEqual({
    shape: [2, 1, 2],
    values: [-8, -9, -14, -15],
  });
  expect(combined(weight, 1, [1, 0, -2], "sum").path).toBe("w~sum");
});

test("one of several places, zeros elsewhere", () => {
  const placed = placedAmong({ ...weight, shape: [3, 2, 2] }, 1, [1, 0, 1], 2, "placed");
  expect(placed.shape).toEqual([3, 4, 2]);
  expect(derive(placed).values).toEqual(
    [0, 0, 0, 0, 0, 1, 2, 3].concat([4, 5, 6, 7, 0, 0, 0, 0], [0, 0, 0, 0, 8, 9, 10, 11]),
  );
});

test("one of several places along an axis behind", () => {
  const placed = placedAmong({ ...weight, shape: [2, 3, 1, 2] }, 2, [0, 1], 2, "placed");
  expect(placed.shape).toEqual([2, 3, 2, 2]);
  expect(derive(placed).values).toEqual(
    [0, 1, 0, 0, 2, 3, 0, 0, 4, 5, 0, 0].concat([0, 0, 6, 7, 0, 0, 8, 9, 0, 0, 10, 11]),
  );
});

test("several times in a row", () => {
  expect(derive(repeated(weight, 2))).toEqual({ shape: [4, 3, 2], values: [...values, ...values] });
});

test("equal weights have equal names, whatever the way to them", () => {
  const kernel: Parameter = { path: "k", shape: [2, 3, 1, 4, 4], buffer: false };
  const plain = reshaped(kernel, [2, 3, 4, 4]);
  expect(reshaped(transposed(transposed(kernel, [0, 1, 3, 2, 4]), [0, 1, 3, 2, 4]), [2, 3, 4, 4]).path).toBe(
    plain.path,
  );
  expect(reshaped(transposed(kernel, [0, 1, 3, 2, 4]), [2, 3, 4, 4]).path).toBe(plain.path);
  expect(reshaped(transposed(kernel, [0, 1, 2, 4, 3]), [2, 3, 4, 4]).path).not.toBe(plain.path);
  expect(transposed(transposed(kernel, [0, 1, 4, 3, 2]), [0, 1, 4, 3, 2])).toBe(kernel);
});
