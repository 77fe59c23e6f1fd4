import { expect, test } from "vitest";
import { relativeDeviation } from "../../../src/runtime/devices/check-model.js";

test("the deviation of what a device gives is a part of the largest value", () => {
  expect(relativeDeviation(Float32Array.of(1, -4, 2), Float32Array.of(1, -4, 3))).toBe(0.25);
});

test("a value that is no number is the largest deviation, wherever it is", () => {
  const expected = Float32Array.of(1, 2, 3);
  for (const found of [
    [Number.NaN, 2, 3],
    [1, 2, Number.NaN],
    [1, Number.POSITIVE_INFINITY, 3],
    [1, 2],
  ]) {
    expect(relativeDeviation(Float32Array.from(found), expected)).toBe(Number.POSITIVE_INFINITY);
  }
});
