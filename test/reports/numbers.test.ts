import fc from "fast-check";
import { expect, test } from "vitest";
import {
  duration,
  exact,
  ratio,
  share,
  short,
  shortBytes,
  signed,
  threeDigits,
} from "../../src/reports/numbers.js";

test("an exact count has all its digits, in threes, however large it is", () => {
  expect(exact(518_673_924_096n)).toBe("518,673,924,096");
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (count) => {
      const text = exact(count);
      expect(BigInt(text.replaceAll(",", ""))).toBe(count);
      expect(text).toMatch(/^-?\d{1,3}(,\d{3})*$/);
    }),
  );
});

test.each([
  [6_480_208n, "6.48 M"],
  [518_673_924_096n, "518.67 G"],
  [9_999n, "9,999"],
  [999_994_999n, "999.99 M"],
  [999_995_000n, "1.00 G"],
  [999_999_999_999n, "1.00 T"],
])("%s in short is %s", (count, text) => expect(short(count)).toBe(text));

test("a short count is within half of its last digit, and never 1000 of a unit", () => {
  const factors = new Map(
    [...["", "k", "M", "G", "T", "P", "E", "Z", "Y"].entries()].map(([i, unit]) => [unit, i]),
  );
  fc.assert(
    fc.property(fc.bigInt({ min: 10_000n, max: 10n ** 24n }), (count) => {
      const [digits = "", unit = ""] = short(count).split(" ");
      const scale = 1000 ** (factors.get(unit) ?? Number.NaN);
      expect(Number(digits)).toBeLessThan(1000);
      expect(Math.abs(Number(digits) * scale - Number(count))).toBeLessThanOrEqual(0.005001 * scale);
    }),
  );
});

test.each([
  [0n, "0 bytes"],
  [1n, "1 byte"],
  [999n, "999 bytes"],
  [1000n, "1.00 kB"],
  [134_217_728n, "134.22 MB"],
])("%s bytes in short are %s", (bytes, text) => expect(shortBytes(bytes)).toBe(text));

test("a ratio says that two counts are equal only if they are", () => {
  expect(ratio(7n, 7n)).toBe("=");
  expect(ratio(1n, 4n)).toBe("×0.250");
  expect(ratio(6_487_888n, 6_480_208n)).toBe("×1.0012");
  expect(ratio(5n, 0n)).toBe("");
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 9n }), fc.bigInt({ min: 1n, max: 10n ** 9n }), (a, b) => {
      const text = ratio(a, b);
      expect(text === "=").toBe(a === b);
      if (a !== b) expect(Number(text.slice(1).replaceAll(",", ""))).not.toBe(1);
    }),
  );
});

test("three digits stay three, without an exponent", () => {
  expect([0, 0.0123456, 0.9996, 1, 12.345, 999.6, 123_456].map(threeDigits)).toEqual([
    "0",
    "0.0123",
    "1.00",
    "1.00",
    "12.3",
    "1,000",
    "123,456",
  ]);
});

test("shares, signs and durations", () => {
  expect([share(1n, 3n), share(0n, 5n), share(0n, 0n)]).toEqual(["33.3 %", "0.0 %", ""]);
  expect([signed(1024n), signed(0n), signed(-1024n)]).toEqual(["+1,024", "0", "-1,024"]);
  expect([0, 2.5e-9, 3.14159e-5, 0.0125, 1.5, 7200].map(duration)).toEqual([
    "0 s",
    "2.50 ns",
    "31.4 µs",
    "12.5 ms",
    "1.50 s",
    "7,200 s",
  ]);
});
