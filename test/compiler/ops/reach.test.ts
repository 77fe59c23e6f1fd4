import { describe, expect, test } from "vitest";
import { receptiveField } from "../../../src/compiler/analyze/receptive-field.js";
import type { Graph } from "../../../src/compiler/graph/graph.js";
import type { Attributes } from "../../../src/compiler/graph/operation.js";
import { concreteShape } from "../../../src/compiler/graph/tensor.js";
import { operations } from "../../../src/compiler/ops/index.js";
import { known } from "../../../src/compiler/support/invariant.js";
import { graphOf, inputOf, nodeOf, operationOf, runGraph, testInput } from "./harness.js";

/** An operation with arguments, over inputs whose axis n is left to the test. */
type Case = readonly [operation: string, inputs: readonly string[], attributes: Attributes];

const along = (axis: string, value: number | string | readonly [number, number]) => ({
  axis,
  value,
});
const volume = "c:4 x:16";
const pair = [volume, volume];

const cases: readonly Case[] = [
  ["Conv", [volume], { out: 2, kernel: 3, stride: 2, dilation: 2 }],
  ["Conv", ["c:4 x:12 y:9"], { out: 2, kernel: [3, 1], padding: [0, 2] }],
  ["ConvTranspose", [volume], { out: 2, kernel: 5, stride: 2, padding: 1 }],
  ["ConvTranspose", [volume], { out: 2, kernel: 2, stride: 3 }],
  ["MaxPool", [volume], { kernel: 3, stride: 2 }],
  ["AvgPool", [volume], { kernel: 2 }],
  ["Linear", [volume], { axes: [along("c", 3)] }],
  ["Linear", ["c:4 x:9 y:4"], { axes: [along("x", 3)] }],
  ["InstanceNorm", [volume], {}],
  ["BatchNorm", [volume], {}],
  ["GroupNorm", [volume], { groups: 2 }],
  ["LayerNorm", [volume], { axes: ["c"] }],
  ["LayerNorm", ["c:4 x:9 y:4"], { axes: ["x"] }],
  ["ReLU", [volume], {}],
  ["LeakyReLU", [volume], {}],
  ["PReLU", [volume], {}],
  ["ELU", [volume], {}],
  ["GELU", [volume], {}],
  ["SiLU", [volume], {}],
  ["Softplus", [volume], {}],
  ["Sigmoid", [volume], {}],
  ["Tanh", [volume], {}],
  ["Exp", [volume], {}],
  ["Sqrt", [volume], {}],
  ["Sin", [volume], {}],
  ["Floor", [volume], {}],
  [
    "GridSample",
    ["c:2 x:2 y:2", "t:9 p:2"],
    { along: "p", over: ["y", "x"], mode: "linear", padding: "zeros", align_corners: false },
  ],
  ["Softmax", [volume], { axis: ["c"] }],
  ["Softmax", ["c:4 x:9 y:4"], { axis: ["x"] }],
  ["Mean", ["c:4 x:9 y:4"], { axes: ["x"] }],
  ["Sum", ["c:4 x:9 y:4"], { axes: ["y"] }],
  ["Max", ["c:4 x:9 y:4"], { axes: ["x", "y"] }],
  ["Resize", [volume], { scale: 2, mode: "linear" }],
  ["Resize", [volume], { scale: 3, mode: "nearest" }],
  ["Resize", [volume], { size: 24, mode: "linear", align_corners: true }],
  ["Dropout", [volume], {}],
  ["Shift", [volume], { axis: "x", fold: { numerator: 1, denominator: 4 }, distance: 2 }],
  ["Shift", [volume], { axis: "x", fold: { numerator: 1, denominator: 4 }, distance: -3 }],
  ["Roll", [volume], { axes: [along("x", 3)] }],
  ["flip", [volume], { axes: ["x"] }],
  ["rename", [volume], { axes: [along("x", "t")] }],
  ["repeat", [volume], { axes: [along("c", 3)] }],
  ["Pad", [volume], { axes: [along("x", [1, 2])] }],
  ["Pad", [volume], { axes: [along("x", [1, 2])], mode: "wrap" }],
  ["concat", pair, { along: "c" }],
  ["concat", pair, { along: "x" }],
  ["stack", pair, { along: "v" }],
  ["Contract", ["c:4 x:9 d:3", "d:3 u:5"], { over: ["d"] }],
  ["Contract", ["c:4 x:9", "c:4 x:9"], { over: ["x"] }],
  ["add", pair, {}],
  ["subtract", pair, {}],
  ["multiply", ["c:4 x:9", "c:4"], {}],
  ["divide", pair, {}],
  ["sum", [volume, volume, volume], {}],
  ["negate", [volume], {}],
  ["reciprocal", [volume], {}],
  ["scale", [volume], { factor: 2 }],
  ["rearrange", ["c:4 x:9 y:5"], { axes: ["n", "y", "c", "x"], names: ["n", "s", "c", "h"] }],
];

/** The network of one operation over a batch of so many. */
function networkOf([operation, inputs, attributes]: Case, batch: number): Graph {
  const values = inputs.map((type, index) => inputOf(`input${index}`, `n:${batch} ${type}`));
  const node = nodeOf("layer", operationOf(operation), values, attributes);
  return graphOf(values, [node], { result: node });
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/**
 * By axis of one input: on how many of its positions, from the first to the last, the output position that depends on most
 * of them depends. The batch holds the input as it is and once for every element, with that one made much greater.
 */
async function observe(each: Case, index: number): Promise<Readonly<Record<string, number>>> {
  const own = known(networkOf(each, 1).inputs[index], "an input").type.axes.slice(1);
  const sizes = known(concreteShape({ axes: own }), "sizes");
  const graph = networkOf(each, 1 + product(sizes));
  const feeds = graph.inputs.map(({ name, type }, position) => {
    const shape = known(concreteShape(type), "shape");
    const [batch = 0, ...rest] = shape;
    const elements = product(rest);
    const one = testInput(name, rest).map((value) => 0.2 + Math.abs(value));
    const values = Float32Array.from({ length: batch * elements }, (_, at) => {
      const raised =
        position === index && at === Math.floor(at / elements) * elements + Math.floor(at / elements) - 1;
      return known(one[at % elements], "a value") + (raised ? 50 : 0);
    });
    return [name, { shape, values }] as const;
  });
  const { shape, values } = known((await runGraph(graph, Object.fromEntries(feeds))).result, "result");
  const output = known(graph.outputs[0], "output").value.type.axes.slice(1);
  const elements = product(shape.slice(1));
  const seen = new Map<string, number[][]>();
  for (let batch = 1; batch <= product(sizes); batch++) {
    for (let element = 0; element < elements; element++) {
      const [changed, before] = [
        known(values[batch * elements + element], "a value"),
        known(values[element], "a value"),
      ];
      // Batches may differ by rounding.
      if (Math.abs(changed - before) <= 1e-4 * (1 + Math.abs(before))) continue;
      const place = coordinates(element, shape.slice(1));
      const nearBorder = place.some((at, axis) => {
        const length = known(shape[axis + 1], "size");
        return length > 8 && (at < length / 4 || at >= (3 * length) / 4);
      });
      if (nearBorder) continue;
      const key = place.filter((_, axis) => output[axis]?.name !== "c").join();
      seen.set(key, [...(seen.get(key) ?? []), coordinates(batch - 1, sizes)]);
    }
  }
  const widths = own.map(({ name }, axis): [string, number] => {
    const spans = [...seen.values()].map((places) => {
      const along = places.map((place) => known(place[axis], "a coordinate"));
      return Math.max(...along) - Math.min(...along) + 1;
    });
    return [name, Math.max(0, ...spans)];
  });
  return Object.fromEntries(widths);
}

function coordinates(index: number, sizes: readonly number[]): number[] {
  return sizes.map((size, axis) => Math.floor(index / product(sizes.slice(axis + 1))) % size);
}

describe("what an operation says it depends on is what changing single elements shows", () => {
  test.each(
    cases.map((each) => [`${each[0]} ${JSON.stringify(each[2])} of ${each[1].join(", ")}`, each] as const),
  )("%s", async (_, each) => {
    const fields = receptiveField(networkOf(each, 1));
    for (const index of each[1].keys()) {
      const field = known(
        fields.find(({ input }) => input === `input${index}`),
        "a field",
      );
      const observed = await observe(each, index);
      for (const { axis, withStatistics } of field.axes) {
        const size = known(
          networkOf(each, 1).inputs[index]?.type.axes.find(({ name }) => name === axis),
          axis,
        ).size;
        expect([axis, withStatistics === "whole" ? size.constant : withStatistics]).toEqual([
          axis,
          observed[axis],
        ]);
      }
    }
  });

  test("every operation is looked at", () => {
    const looked = new Set(cases.map(([operation]) => operation));
    // `param` and `table` have no input, of `Index`'s only the size matters, and Gather needs tables; the views that take
    // an axis apart are looked at together.
    const elsewhere = ["param", "table", "Index", "Gather", "split", "merge", "slice", "drop"];
    for (const name of elsewhere) looked.add(name);
    expect(operations.map(({ name }) => name).filter((name) => !looked.has(name))).toEqual([]);
  });
});
