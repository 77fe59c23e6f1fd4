import { describe, expect, test } from "vitest";
import type { Attributes, Reach } from "../../../src/compiler/graph/operation.js";
import { constantSize, noBindings } from "../../../src/compiler/graph/size.js";
import { concreteShape, type TensorType } from "../../../src/compiler/graph/tensor.js";
import { known } from "../../../src/compiler/support/invariant.js";
import { graphOf, inputOf, nodeOf, operationOf, runGraph } from "./harness.js";

type Position = Readonly<Record<string, number>>;

/** Where an output position reads along one axis of the input, or undefined where nothing is said. */
function readAt(reach: Reach | undefined, axis: string, at: Position): number | undefined {
  if (reach === undefined) return at[axis];
  const of = (name: string) => known(at[name], name);
  switch (reach.kind) {
    case "window":
      expect(reach.low).toBe(reach.high);
      return of(reach.from) * reach.stride + reach.low;
    case "rolled": {
      const size = known(reach.size, "size");
      return (((of(reach.from) - reach.by) % size) + size) % size;
    }
    case "position":
      return reach.position;
    case "split":
      return reach.parts.reduce((index, { from, size = 0 }) => index * size + of(from), 0);
    case "merged": {
      const position = Math.floor(of(reach.from) / reach.stride);
      return reach.size === undefined ? position : position % reach.size;
    }
    case "cases": {
      const place = of(reach.along);
      const applies = reach.cases.find(({ first, last }) => first <= place && place <= last);
      return applies && readAt(applies.reach, axis, at);
    }
    default:
      throw new Error(`${reach.kind} says no position`);
  }
}

function positions(type: TensorType): Position[] {
  return known(concreteShape(type), "shape").reduce<Position[]>(
    (all, size, index) =>
      all.flatMap((position) =>
        Array.from({ length: size }, (_, at) => ({
          ...position,
          [known(type.axes[index], "axis").name]: at,
        })),
      ),
    [{}],
  );
}

const along = (axes: Readonly<Record<string, unknown>>) =>
  ({ axes: Object.entries(axes).map(([axis, value]) => ({ axis, value })) }) as Attributes;
const parts = (list: Readonly<Record<string, number | undefined>>) =>
  Object.entries(list).map(([name, size]) => ({
    name,
    ...(size === undefined ? {} : { size: constantSize(size) }),
  }));
const range = (axis: string, first: number, count: number) => {
  return { axis, first: constantSize(first), count: constantSize(count) };
};

describe("what a view says it reads is what it reads", () => {
  test.each<readonly [string, string, Attributes, string, number]>([
    ["Roll", "Roll", along({ x: 2, y: -1 }), "n:2 x:5 y:4", 0],
    ["Roll farther than the axis", "Roll", along({ x: -13 }), "x:5", 0],
    ["Roll by nothing", "Roll", along({ x: 5 }), "x:5", 0],
    ["flip", "flip", { axes: ["x", "n"] }, "n:2 x:5 y:2", 0],
    [
      "split",
      "split",
      along({ c: parts({ a: 2, b: undefined, d: 3 }), x: parts({ g: undefined, w: 2 }) }),
      "c:12 x:4",
      0,
    ],
    [
      "merge",
      "merge",
      along({ t: parts({ y: undefined, n: undefined, x: undefined }) }),
      "n:2 c:3 x:4 y:2",
      0,
    ],
    ["rename", "rename", along({ x: "y", y: "x" }), "x:3 y:2", 0],
    ["rearrange", "rearrange", { axes: ["y", "x"], names: ["a", "b"] }, "x:3 y:2", 0],
    ["slice", "slice", { ranges: [range("x", 1, 2), range("c", 0, 3)] }, "c:4 x:4", 0],
    ["drop", "drop", { axes: ["c"] }, "c:1 x:4", 0],
    ["repeat", "repeat", along({ x: 3 }), "c:2 x:3", 0],
    ["Pad with wrap", "Pad", { ...along({ x: [2, 3], y: 1 }), mode: "wrap" }, "x:3 y:2", 0],
    // At the borders stands what no position is said for: three of five along x.
    ["Pad with edge", "Pad", { ...along({ x: [2, 1] }), mode: "edge" }, "c:2 x:5", 6],
    ["Pad with reflect", "Pad", { ...along({ x: [2, 1] }), mode: "reflect" }, "c:2 x:5", 6],
  ])("%s", async (_, operation, attributes, type, borders) => {
    const input = inputOf("input", type);
    const node = nodeOf("layer", operationOf(operation), [input], attributes);
    const shape = known(concreteShape(input.type), "shape");
    const count = shape.reduce((product, size) => product * size, 1);
    // Each element's value is its place, so the output says where it comes from.
    const values = Float32Array.from({ length: count }, (_, index) => index);
    const { result } = await runGraph(graphOf([input], [node], { result: node }), {
      input: { shape, values },
    });
    const reach = node.operation.reach(node, 0, noBindings);
    let apart = 0;
    positions(node.type).forEach((position, index) => {
      const read = input.type.axes.map(({ name }) => readAt(reach[name], name, position));
      const place = read.reduce<number>(
        (flat, at, axis) => flat * known(shape[axis], "size") + (at ?? Number.NaN),
        0,
      );
      const outside = read.some((at, axis) => at === undefined || at < 0 || at >= known(shape[axis], "size"));
      if (outside) apart += 1;
      else expect(result?.values[index], JSON.stringify(position)).toBe(place);
    });
    expect(apart).toBe(borders);
  });

  test("stack reads each operand where its own place along the new axis is", () => {
    const inputs = [inputOf("a", "c:2 x:3"), inputOf("b", "c:2 x:3")];
    const node = nodeOf("layer", operationOf("stack"), inputs, { along: "k" });
    const read = (input: number, k: number) => {
      const reach = node.operation.reach(node, input, noBindings);
      return ["c", "x"].map((axis) => readAt(reach[axis], axis, { c: 1, x: 2, k }));
    };
    expect(read(0, 0)).toEqual([1, 2]);
    expect(read(1, 1)).toEqual([1, 2]);
    expect(read(0, 1)).toContain(undefined);
    expect(read(1, 0)).toContain(undefined);
  });

  test("without sizes, what depends on them is all", () => {
    const input = inputOf("input", "c:2 x");
    for (const [operation, attributes] of [
      ["flip", { axes: ["x"] }],
      ["repeat", along({ x: 2 })],
    ] as const) {
      const node = nodeOf("layer", operationOf(operation), [input], attributes);
      expect(node.operation.reach(node, 0, noBindings)).toEqual({ x: { kind: "whole" } });
    }
  });
});
