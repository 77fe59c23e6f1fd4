import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addSizes,
  constantSize,
  evaluateSize,
  exactQuotient,
  floorDivideSize,
  multiplySizes,
  type Size,
  sameSize,
  scaleSize,
  showSize,
  subtractSizes,
  symbolSize,
  symbolsOf,
} from "../../../src/compiler/graph/size.js";

const x = symbolSize("x");
const y = symbolSize("y");
const half = (size: Size) => floorDivideSize(size, 2);
const plus = (size: Size, amount: number) => addSizes(size, constantSize(amount));

/** A size together with what it should come to, worked out by other means: on plain numbers. */
interface Expression {
  readonly size: Size;
  readonly value: (x: number, y: number) => number;
}

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.integer({ min: -9, max: 9 }).map((n) => ({ size: constantSize(n), value: () => n })),
  fc.constant<Expression>({ size: x, value: (atX) => atX }),
  fc.constant<Expression>({ size: y, value: (_, atY) => atY }),
);

const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const one = tie("expression");
  return {
    expression: fc.oneof(
      { depthSize: "small", maxDepth: 4 },
      leaf,
      fc.tuple(one, one).map(([a, b]) => ({
        size: addSizes(a.size, b.size),
        value: (atX: number, atY: number) => a.value(atX, atY) + b.value(atX, atY),
      })),
      fc.tuple(one, one).map(([a, b]) => ({
        size: subtractSizes(a.size, b.size),
        value: (atX: number, atY: number) => a.value(atX, atY) - b.value(atX, atY),
      })),
      fc.tuple(one, one).map(([a, b]) => ({
        size: multiplySizes(a.size, b.size),
        value: (atX: number, atY: number) => a.value(atX, atY) * b.value(atX, atY),
      })),
      fc.tuple(one, fc.integer({ min: -5, max: 5 })).map(([a, by]) => ({
        size: scaleSize(a.size, by),
        value: (atX: number, atY: number) => a.value(atX, atY) * by,
      })),
      fc.tuple(one, fc.integer({ min: 1, max: 9 })).map(([a, by]) => ({
        size: floorDivideSize(a.size, by),
        value: (atX: number, atY: number) => Math.floor(a.value(atX, atY) / by),
      })),
    ),
  };
});

const axisSize = fc.integer({ min: 1, max: 40 });

describe("the algebra of sizes", () => {
  test("a size evaluates to what plain arithmetic gives", () => {
    fc.assert(
      fc.property(expression, axisSize, axisSize, ({ size, value }, atX, atY) => {
        const bindings = new Map([
          ["x", atX],
          ["y", atY],
        ]);
        expect(evaluateSize(size, bindings)).toBe(value(atX, atY) + 0);
      }),
      { numRuns: 1000 },
    );
  });

  test("sizes that are the same are the same in any order of operations", () => {
    fc.assert(
      fc.property(expression, expression, expression, (a, b, c) => {
        expect(sameSize(addSizes(a.size, b.size), addSizes(b.size, a.size))).toBe(true);
        const left = multiplySizes(a.size, addSizes(b.size, c.size));
        const right = addSizes(multiplySizes(a.size, b.size), multiplySizes(a.size, c.size));
        expect(sameSize(left, right)).toBe(true);
      }),
    );
  });

  test("multiples of a divisor leave a quotient", () => {
    fc.assert(
      fc.property(expression, expression, fc.integer({ min: 1, max: 9 }), (a, b, by) => {
        const together = floorDivideSize(addSizes(scaleSize(a.size, by), b.size), by);
        expect(sameSize(together, addSizes(a.size, floorDivideSize(b.size, by)))).toBe(true);
      }),
    );
  });

  test("a chain of halvings is one quotient", () => {
    expect(showSize(half(half(half(x))))).toBe("floor(x / 8)");
    const strided = (size: Size) => plus(half(plus(size, -1)), 1);
    expect(showSize(strided(strided(x)))).toBe("floor((x + 3) / 4)");
    expect(sameSize(strided(half(x)), half(plus(half(x), 1)))).toBe(true);
  });

  test("halving what was doubled gives it back, but doubling a half does not", () => {
    expect(sameSize(half(scaleSize(x, 2)), x)).toBe(true);
    expect(sameSize(scaleSize(half(x), 2), x)).toBe(false);
    expect(sameSize(half(scaleSize(half(x), 2)), half(x))).toBe(true);
  });

  test("a common factor of a quotient is taken out", () => {
    const quotient = floorDivideSize(plus(scaleSize(x, 6), 3), 4);
    expect(showSize(quotient)).toBe("floor((x + 1) / 2) + x");
  });

  test("a size is unknown while one of its symbols is, also inside a quotient", () => {
    const size = addSizes(half(x), y);
    expect([...symbolsOf(size)].sort()).toEqual(["x", "y"]);
    expect(evaluateSize(size, new Map([["y", 3]]))).toBeUndefined();
    expect(
      evaluateSize(
        size,
        new Map([
          ["x", 7],
          ["y", 3],
        ]),
      ),
    ).toBe(6);
    expect(showSize(size, new Map([["y", 3]]))).toBe("floor(x / 2) + y");
  });

  test("an exact quotient times its divisor is the size again, and is found for products", () => {
    fc.assert(
      fc.property(
        expression,
        fc.constantFrom(x, y, multiplySizes(x, y), constantSize(3)),
        ({ size }, divisor) => {
          const product = multiplySizes(size, divisor);
          const quotient = exactQuotient(product, divisor);
          expect(quotient && showSize(multiplySizes(quotient, divisor))).toBe(showSize(product));
        },
      ),
    );
    expect(exactQuotient(plus(x, 1), x)).toBeUndefined();
    expect(exactQuotient(x, constantSize(2))).toBeUndefined();
    expect(exactQuotient(x, y)).toBeUndefined();
    expect(exactQuotient(plus(x, 1), plus(x, 1))).toEqual(constantSize(1));
  });
});
