import fc from "fast-check";
import { expect, test } from "vitest";
import type { Attributes } from "../../../src/compiler/graph/operation.js";
import { noBindings } from "../../../src/compiler/graph/size.js";
import { graphOf, inputOf, nodeOf, operationOf, runGraph } from "./harness.js";

const resizes = fc
  .record({
    from: fc.integer({ min: 1, max: 24 }),
    to: fc.integer({ min: 1, max: 48 }),
    kind: fc.constantFrom("nearest", "linear", "corners"),
  })
  .map(({ from, to, kind }) => {
    const attributes: Attributes = {
      size: to,
      mode: kind === "nearest" ? "nearest" : "linear",
      align_corners: kind === "corners",
    };
    return { from, to, attributes };
  });

/** Which inputs each output is made of, found out by giving in one at a time: `[first, last]` by output position. */
async function neighbours(from: number, to: number, attributes: Attributes) {
  const input = inputOf("input", `n:${from} c:1 x:${from}`);
  const node = nodeOf("resized", operationOf("Resize"), [input], attributes);
  const identity = Float32Array.from({ length: from * from }, (_, i) => (i % (from + 1) === 0 ? 1 : 0));
  const feeds = { input: { shape: [from, 1, from], values: identity } };
  const { result } = await runGraph(graphOf([input], [node], { result: node }), feeds);
  const found = Array.from({ length: to }, (_, o) => {
    const sources = Array.from({ length: from }, (_, i) => i).filter(
      (i) => (result?.values[i * to + o] as number) > 1e-4,
    );
    return [Math.min(...sources), Math.max(...sources)] as const;
  });
  return { node, found };
}

test("the reach of a resize is what its outputs are made of", async () => {
  await fc.assert(
    fc.asyncProperty(resizes, async ({ from, to, attributes }) => {
      const { node, found } = await neighbours(from, to, attributes);
      const reach = node.operation.reach(node, 0, noBindings).x;
      const clipped = (position: number) => Math.min(Math.max(position, 0), from - 1);
      const declared = found.map((_, o) => {
        if (reach?.kind === "position") return [reach.position, reach.position];
        if (reach?.kind !== "window") throw new Error(`${reach?.kind} is neither`);
        const { stride, low, high, divisor = 1 } = reach;
        const end = (offset: number) => clipped(Math.floor((o * stride + offset) / divisor));
        return [end(low), end(high)];
      });
      expect(declared).toEqual(found);
    }),
    { numRuns: 200, seed: 1 },
  );
});

test("where rounding picks the nearest position below, its reach has both", async () => {
  const { node, found } = await neighbours(14, 46, { size: 46 });
  const reach = node.operation.reach(node, 0, noBindings).x;
  expect(reach).toEqual({ kind: "window", from: "x", stride: 7, low: -23, high: 0, divisor: 23 });
  expect(found.some(([first], o) => first === Math.floor((o * 14) / 46) - 1)).toBe(true);
});

test("the reach of a scale does not depend on the size", () => {
  const reachOf = (attributes: Attributes) => {
    const node = nodeOf("resized", operationOf("Resize"), [inputOf("input", "n:1 c:1 x y")], attributes);
    return node.operation.reach(node, 0, noBindings);
  };
  expect(reachOf({ scale: [2, 1] })).toEqual({
    x: { kind: "window", from: "x", stride: 1, low: 0, high: 0, divisor: 2 },
    y: { kind: "window", from: "y", stride: 1, low: 0, high: 0, divisor: 1 },
  });
  expect(reachOf({ size: 8 })).toEqual({ x: { kind: "whole" }, y: { kind: "whole" } });
  expect(reachOf({ scale: 2, mode: "linear", align_corners: true }).x).toEqual({ kind: "whole" });
});
