import fc from "fast-check";
import { expect, test } from "vitest";
import { graphOf, inputOf, nodeOf, operationOf, runGraph, testInput } from "./harness.js";

const sizes: Readonly<Record<string, number>> = { n: 2, h: 3, t: 4, u: 1, d: 5, e: 2 };
const axesOf = (names: readonly string[]) => names.map((name) => `${name}:${sizes[name]}`).join(" ");
const shapeOf = (names: readonly string[]) => names.map((name) => sizes[name] as number);

/** Every assignment of positions to axes. */
function* positions(names: readonly string[]): Generator<Map<string, number>> {
  const [first, ...rest] = names;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (let position = 0; position < (sizes[first] as number); position++) {
    for (const others of positions(rest)) yield others.set(first, position);
  }
}

const offset = (names: readonly string[], at: ReadonlyMap<string, number>) =>
  names.reduce((index, name) => index * (sizes[name] as number) + (at.get(name) as number), 0);

/** Two operands with axes in any order, and some of those that both have. */
const contractions = fc
  .record({
    left: fc.shuffledSubarray(Object.keys(sizes), { minLength: 1 }),
    right: fc.shuffledSubarray(Object.keys(sizes), { minLength: 1 }),
  })
  .chain(({ left, right }) => {
    const shared = left.filter((name) => right.includes(name));
    return fc.record({
      left: fc.constant(left),
      right: fc.constant(right),
      over: fc.shuffledSubarray(shared, { minLength: Math.min(1, shared.length) }),
    });
  })
  .filter(({ over }) => over.length > 0);

test("a contraction is the sum of products over its axes, however they are ordered", async () => {
  await fc.assert(
    fc.asyncProperty(contractions, async ({ left, right, over }) => {
      const inputs = [inputOf("left", axesOf(left)), inputOf("right", axesOf(right))];
      const node = nodeOf("product", operationOf("Contract"), inputs, { over });
      const [a, b] = [testInput("left", shapeOf(left)), testInput("right", shapeOf(right))];
      const { result } = await runGraph(graphOf(inputs, [node], { result: node }), {
        left: { shape: shapeOf(left), values: a },
        right: { shape: shapeOf(right), values: b },
      });

      const kept = [
        ...left.filter((name) => !over.includes(name)),
        ...right.filter((name) => !left.includes(name)),
      ];
      expect(result?.shape).toEqual(shapeOf(kept));
      const expected = new Float64Array(shapeOf(kept).reduce((product, size) => product * size, 1));
      for (const at of positions([...new Set([...left, ...right])])) {
        const product = (a[offset(left, at)] as number) * (b[offset(right, at)] as number);
        expected[offset(kept, at)] = (expected[offset(kept, at)] as number) + product;
      }
      expected.forEach((value, index) => {
        expect(Math.abs((result?.values[index] as number) - value)).toBeLessThan(
          1e-5 * (1 + Math.abs(value)),
        );
      });
    }),
    { numRuns: 60, seed: 1 },
  );
});
