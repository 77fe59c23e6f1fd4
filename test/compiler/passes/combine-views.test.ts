import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lowerNodes } from "../../../src/compiler/emit/onnx/builder.js";
import type { Graph, Node, Value } from "../../../src/compiler/graph/graph.js";
import type { Attributes } from "../../../src/compiler/graph/operation.js";
import { constantSize } from "../../../src/compiler/graph/size.js";
import { concreteShape } from "../../../src/compiler/graph/tensor.js";
import { verifyGraph } from "../../../src/compiler/graph/verify.js";
import { combineViews } from "../../../src/compiler/passes/combine-views.js";
import { known } from "../../../src/compiler/support/invariant.js";
import { check, network } from "../elaborate/programs.js";
import { graphOf, inputOf, nodeOf, operationOf, runGraph, testInput } from "../ops/harness.js";
import { type Plain, plainGather, plainMerge, plainOrder, plainRename, plainSplit } from "../ops/plain.js";

/** The ONNX operators that a graph becomes. */
function operatorsOf(graph: Graph): string[] {
  return lowerNodes(graph).nodes.map(({ opType }) => opType ?? "");
}

function combined(body: string): string[] {
  const { graph } = check(network(body), { tile: [8, 12, 6] });
  const after = combineViews(graph);
  verifyGraph(after);
  return operatorsOf(after);
}

const w = "split(x: (gx, wx: 4), y: (gy, wy: 3), z: (gz, wz: 2)) -> merge(t: (wx, wy, wz))";
const back = "split(t: (wx: 4, wy: 3, wz: 2)) -> merge(x: (gx, wx), y: (gy, wy), z: (gz, wz))";

describe("chains of views become one", () => {
  test.each([
    [
      "a split and its merge vanish",
      "output a = volume -> ReLU -> split(x: (g, d: 2)) -> merge(x: (g, d))",
      ["Relu"],
    ],
    ["two renamings vanish", "output a = volume -> ReLU -> rename(x: u) -> rename(u: v)", ["Relu"]],
    ["windows and back vanish", `output a = volume -> ReLU -> ${w} -> ${back}`, ["Relu"]],
    [
      "windows are one Reshape, Transpose, Reshape",
      `output a = volume -> ${w} -> merge(n: (n, gx, gy, gz)) -> ReLU`,
      ["Reshape", "Transpose", "Reshape", "Relu"],
    ],
    [
      "windows in a layer between them are two",
      `output a = volume -> ${w} -> ReLU -> ${back} -> Tanh`,
      ["Reshape", "Transpose", "Reshape", "Relu", "Reshape", "Transpose", "Reshape", "Tanh"],
    ],
    [
      "a merge of neighbours is a Reshape",
      "output a = volume -> merge(t: (x, y, z)) -> rename(t: u) -> ReLU",
      ["Reshape", "Relu"],
    ],
    [
      "a view of a view that undoes it in another order is one Transpose",
      "output a = volume -> v -> u -> ReLU",
      ["Transpose", "Relu"],
    ],
    [
      "a split that is merged with others alone needs no first Reshape",
      "output a = volume -> split(x: (g, d: 2)) -> v2 -> merge(x: (g, d)) -> ReLU",
      ["Transpose", "Relu"],
    ],
    [
      "a view that is used itself is made once",
      "s = volume -> v\n output a = s -> ReLU\n output b = s -> merge(t: (s, h)) -> Tanh",
      ["Transpose", "Relu", "Reshape", "Tanh"],
    ],
    [
      "parts that do not line up are two views",
      "output a = volume -> split(z: (p: 2, q: 3)) -> merge(z: (q, p)) -> split(z: (p: 2, q: 3)) -> merge(z: (q, p)) -> ReLU",
      ["Reshape", "Transpose", "Reshape", "Reshape", "Transpose", "Reshape", "Relu"],
    ],
  ])("%s", (_, body, expected) => {
    const views = "view v { s: z, h: y, w: x }\nview u { a: w, b: s, e: h }\nview v2 { y: z, z: y }\n";
    const { graph } = check(views + network(body), { tile: [8, 12, 6] });
    const after = combineViews(graph);
    verifyGraph(after);
    expect(operatorsOf(after)).toEqual(expected);
  });

  test("an output that is the input again is copied, not lost", () => {
    expect(combined("output a = volume -> merge(x: (x, y)) -> split(x: (x, y: 12))")).toEqual([]);
  });

  test("a view that only renames leaves its names to what follows", () => {
    const views = "view v { s: x, h: y, w: z }\n";
    const body = "output a = sum(volume -> v -> Shift(s, 0) -> undo v) + (volume -> rename(x: t))[t: 0]";
    const { graph } = check(views + network(body), { tile: [4, 4, 4] });
    const after = combineViews(graph);
    verifyGraph(after);
    expect(operatorsOf(after)).toContain("Add");
  });

  test("a graph without views stays the same", () => {
    const { graph } = check(network("output a = volume -> ReLU -> Tanh"), { tile: [8, 8, 8] });
    expect(combineViews(graph).nodes).toEqual(graph.nodes);
  });
});

/** A random view of a tensor: the operation's attributes, and what it gives. */
function randomView(
  tensor: Plain,
  pick: (count: number) => number,
  step: number,
): { readonly operation: string; readonly attributes: Attributes; readonly result: Plain } {
  const names = tensor.axes.map(({ name }) => name);
  const axis = known(tensor.axes[pick(names.length)], "an axis");
  const fresh = (letter: string) => `${letter}${step}`;
  switch (pick(4)) {
    case 0: {
      const divisors = Array.from({ length: axis.size }, (_, index) => index + 1).filter(
        (d) => axis.size % d === 0,
      );
      const inner = known(divisors[pick(divisors.length)], "a divisor");
      const parts = [
        { name: fresh("p"), size: axis.size / inner },
        { name: fresh("q"), size: inner },
      ];
      const value = parts.map(({ name, size }) => ({ name, size: constantSize(size) }));
      const result = plainSplit(tensor, axis.name, parts);
      return { operation: "split", attributes: { axes: [{ axis: axis.name, value }] }, result };
    }
    case 1: {
      const group = names.filter((name) => name === axis.name || pick(2) === 0);
      if (pick(2) === 0) group.reverse();
      const value = group.map((name) => ({ name }));
      const result = plainMerge(tensor, fresh("m"), group);
      return { operation: "merge", attributes: { axes: [{ axis: fresh("m"), value }] }, result };
    }
    case 2: {
      const attributes = { axes: [{ axis: axis.name, value: fresh("r") }] };
      return { operation: "rename", attributes, result: plainRename(tensor, { [axis.name]: fresh("r") }) };
    }
    default: {
      const order = [...names];
      for (let i = order.length - 1; i > 0; i--) {
        const j = pick(i + 1);
        [order[i], order[j]] = [order[j] as string, order[i] as string];
      }
      return {
        operation: "rearrange",
        attributes: { axes: order, names: order },
        result: plainOrder(tensor, order),
      };
    }
  }
}

test("chains and trees of random views give what each view by itself gives", async () => {
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 9 }), async (stream, count) => {
      const pick = (limit: number) => (stream.next().value as number) % limit;
      const sizes = [1, 2, 3, 4, 6].filter((size) => size > 1 || pick(2) === 0).slice(0, 1 + pick(4));
      const axes = sizes.map((size, index) => ({ name: `a${index}`, size }));
      const input = inputOf("input", axes.map(({ name, size }) => `${name}:${size}`).join(" "));
      const values = testInput("input", sizes);
      const made: { value: Value; plain: Plain }[] = [{ value: input, plain: { axes, values: [...values] } }];
      const nodes: Node[] = [];
      for (let step = 0; step < count; step++) {
        // Mostly on with the last one; sometimes from an earlier one, so that views have several uses.
        const from = known(made[pick(4) > 0 ? made.length - 1 : pick(made.length)], "a value");
        const { operation, attributes, result } = randomView(from.plain, pick, step);
        const node = nodeOf(`view${step}`, operationOf(operation), [from.value], attributes);
        expect(concreteShape(node.type)).toEqual(result.axes.map(({ size }) => size));
        nodes.push(node);
        made.push({ value: node, plain: result });
      }
      const leaves = made.slice(1).filter(({ value }) => !nodes.some(({ inputs }) => inputs.includes(value)));
      const uses = leaves.concat(made.slice(1).filter(() => pick(4) === 0));
      const ends = [...new Set(uses)].map((use, index) => {
        // What follows a chain finds axes by the names that it was given.
        const name = `end${index}`;
        const axis = known(use.plain.axes[pick(use.plain.axes.length)], "an axis");
        const node = nodeOf(name, operationOf("flip"), [use.value], { axes: [axis.name] });
        return {
          name,
          node,
          plain: plainGather(use.plain, axis.name, axis.size, (at) => axis.size - 1 - at),
        };
      });
      const graph = graphOf(
        [input],
        [...nodes, ...ends.map(({ node }) => node)],
        Object.fromEntries(ends.map(({ name, node }) => [name, node])),
      );
      const after = combineViews(graph);
      verifyGraph(after);
      for (const { name, operation } of after.nodes.filter((node) => node.operation.layout)) {
        const own = lowerNodes(after).nodes.filter((node) => node.name?.split("/")[0] === name);
        const operators = own.map(({ opType }) => opType).join();
        expect(`${operation.name} ${operators}`).toMatch(/ (Reshape|(Reshape,)?Transpose(,Reshape)?)?$/);
      }
      const results = await runGraph(after, { input: { shape: sizes, values } });
      for (const { name, plain } of ends) {
        expect(results[name]?.shape).toEqual(plain.axes.map(({ size }) => size));
        expect([...(results[name]?.values ?? [])]).toEqual(plain.values);
      }
    }),
    { numRuns: 150 },
  );
});
