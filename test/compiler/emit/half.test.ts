import fc from "fast-check";
import { expect, test } from "vitest";
import { toHalf } from "../../../src/compiler/emit/onnx/half.js";
import { fromHalf } from "../../support/half-rounding.js";

test("every float16 comes back as itself", () => {
  for (let bits = 0; bits < 65536; bits++) {
    const value = fromHalf(bits);
    if (Number.isNaN(value)) expect(fromHalf(toHalf(value))).toBeNaN();
    else expect(toHalf(value)).toBe(bits);
  }
});

test("other numbers become the nearest float16, between two the even one", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0x7bfe }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (bits, part) => {
        const [low, high] = [fromHalf(bits), fromHalf(bits + 1)];
        const value = Math.fround(low + (high - low) * part);
        const [below, above] = [value - low, high - value];
        const expected = below === above ? bits + (bits & 1) : below < above ? bits : bits + 1;
        expect(toHalf(value)).toBe(expected);
        expect(toHalf(-value)).toBe(expected | 0x8000);
      },
    ),
  );
});

test("what is too large becomes infinite, what is too small 0", () => {
  expect([65519, 65520, 1e30].map(toHalf)).toEqual([0x7bff, 0x7c00, 0x7c00]);
  expect([2 ** -25, 2 ** -25 * 1.001, -1e-30].map(toHalf)).toEqual([0, 1, 0x8000]);
});
