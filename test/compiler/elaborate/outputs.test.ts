import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { showType } from "../../../src/compiler/graph/tensor.js";
import { check, network, paths } from "./programs.js";

/** The outputs of a network with their types. */
function outputs({ graph }: ReturnType<typeof check>): Record<string, string> {
  return Object.fromEntries(
    graph.outputs.map(({ name, value }) => [name, showType(value.type, graph.bindings)]),
  );
}

const pyramid = `
layer Pyramid(width: [int]) {
  last = len(width) - 1
  enc[0] = input -> conv: Conv(width[0], 3)
  enc[i] = enc[i-1] -> conv: Conv(width[i], 3, stride: 2)  for i in 1..last
  output enc[last]
  output levels = [enc[i] for i in 0..last]
}
`;

describe("a layer with several outputs", () => {
  const both = `
layer Both {
  output logits = input -> Conv(2, 1)
  output deep = input -> head: Conv(3, 1)
}
`;

  test("gives them as members", () => {
    const body = "  u = volume -> unet: Both\n  output deep = u.deep\n  output logits = u.logits";
    const checked = check(network(body, "", both), { tile: [2, 2, 2] });
    expect(outputs(checked)).toEqual({
      deep: "float[n: 1, c: 3, x: 2, y: 2, z: 2]",
      logits: "float[n: 1, c: 2, x: 2, y: 2, z: 2]",
    });
    expect(paths(checked)).toEqual(["unet.logits.weight", "unet.head.weight"]);
  });

  test("is one instance, however many of its outputs are used", () => {
    const body = "  u = volume -> unet: Both\n  output sum = concat(u.deep, u.logits, u.deep, along: c)";
    const { graph } = check(network(body, "", both));
    expect(graph.nodes.map(({ name }) => name)).toEqual(["unet.logits", "unet.head", "sum.concat"]);
  });

  test("of which one has no name is that one, with the others as members", () => {
    const body = `
  u = volume -> net: Pyramid([2, 3, 4])
  output logits = u -> head: Conv(1, 1)
  output first = u.levels[0]
  output size = volume * u.c + u.levels[1].c`;
    const checked = check(network(body, "", pyramid), { tile: [4, 4, 4] });
    expect(outputs(checked)).toMatchObject({
      logits: "float[n: 1, c: 1, x: 1, y: 1, z: 1]",
      first: "float[n: 1, c: 2, x: 4, y: 4, z: 4]",
    });
    const scales = checked.graph.nodes.filter(({ operation }) => operation.name === "scale");
    expect(scales.map(({ attributes }) => attributes)).toEqual([
      { factor: 4, offset: 0 },
      { factor: 1, offset: 3 },
    ]);
  });

  test("of which there is only one, with a name, is that one", () => {
    const layer = "layer One {\n  output logits = input -> Conv(2, 1)\n}\n";
    const body = "  u = volume -> one: One\n  output logits = u -> ReLU\n  output again = u.logits";
    expect(paths(check(network(body, "", layer)))).toEqual(["one.logits.weight"]);
  });

  test("can have a list of tensors as output", () => {
    const layer = "layer All {\n  output list = [input * k for k in 1..3]\n}\n";
    const body = "  u = volume -> all: All\n  output logits = concat(u, along: c) + concat(u.list, along: c)";
    expect(outputs(check(network(body, "", layer)))).toEqual({ logits: "float[n, c: 3, x, y, z]" });
  });

  test("can have a family as output, with the indices that it was given", () => {
    const layer = `
layer Deep(levels: [int]) {
  output input
  output deep[i] = input -> head: Conv(i, 1)  for i in levels
}
`;
    const body =
      "  u = volume -> unet: Deep([2, 5])\n  output logits = concat(u.deep[5], u.deep[2], along: c)";
    const checked = check(network(body, "", layer));
    expect(paths(checked)).toEqual(["unet.deep.2.head.weight", "unet.deep.5.head.weight"]);
    expect(outputs(checked)).toEqual({ logits: "float[n, c: 7, x, y, z]" });
  });

  test("can pass on those of another layer", () => {
    const outer = `${both}layer Outer {\n  output input -> inner: Both\n}\n`;
    const body = "  u = volume -> outer: Outer\n  output logits = u.logits";
    expect(paths(check(network(body, "", outer)))).toEqual(["outer.inner.logits.weight"]);
  });

  test("shares its weights between the elements of a comprehension", () => {
    const body = `
  us = [volume * k -> unet: Both for k in 1..3]
  output logits = sum(u.logits for u in us)
  output deep = sum(u.deep for u in us)`;
    expect(paths(check(network(body, "", both)))).toEqual(["unet.logits.weight", "unet.head.weight"]);
  });
});

describe("a family of outputs of a network", () => {
  const heads = (indices: string) => `
  dec[i] = volume -> conv: Conv(i, 1)  for i in 1..4
  output logits = dec[1] -> head: Conv(2, 1)
  output deep[i] = dec[i] -> head: Conv(2, 1)  for i in ${indices}`;

  test("is as many outputs, named by their indices, with weights under them", () => {
    const checked = check(network(heads("2..4")));
    expect(Object.keys(outputs(checked))).toEqual(["logits", "deep.2", "deep.3", "deep.4"]);
    expect(paths(checked).filter((path) => path.includes("head"))).toEqual([
      "head.weight",
      "deep.2.head.weight",
      "deep.3.head.weight",
      "deep.4.head.weight",
    ]);
  });

  test("may be empty, by a setting", () => {
    const text = network(heads("if deep_supervision then [2, 4] else []"), "(deep_supervision: bool = true)");
    expect(Object.keys(outputs(check(text)))).toEqual(["logits", "deep.2", "deep.4"]);
    const without = check(text, { settings: ["deep_supervision=false"] });
    expect(Object.keys(outputs(without))).toEqual(["logits"]);
    expect(paths(without)).toEqual(["dec.1.conv.weight", "head.weight"]);
  });

  test("may be written member by member", () => {
    const body =
      "  output deep[0] = volume -> ReLU\n  output deep[i] = volume * i  for i in [2, 1]\n  output deep[7] = volume";
    expect(Object.keys(outputs(check(network(body))))).toEqual(["deep.0", "deep.2", "deep.1", "deep.7"]);
  });

  test("runs over any list of numbers, as a family of definitions does", () => {
    const list = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { maxLength: 6 });
    fc.assert(
      fc.property(list, (indices) => {
        const body = `
  all = [${indices.join(", ")}]
  a[i] = volume -> conv: Conv(i + 1, 1)  for i in all
  output logits = volume
  output deep[i] = a[i]  for i in all`;
        const checked = check(network(body));
        expect(Object.keys(outputs(checked))).toEqual(["logits", ...indices.map((i) => `deep.${i}`)]);
        expect(checked.graph.parameters.map(({ path, shape }) => [path, shape[0]])).toEqual(
          indices.map((i) => [`a.${i}.conv.weight`, i + 1]),
        );
      }),
    );
  });

  test("an output that is indexed, but not named, is still one value", () => {
    const layer = "layer Pick {\n  a[i] = input * i  for i in 1..3\n  output a[2]\n}\n";
    const { graph } = check(network("  output logits = volume -> Pick", "", layer));
    expect(graph.nodes.map(({ attributes }) => attributes)).toEqual([{ factor: 2, offset: 0 }]);
  });
});

describe("comprehensions", () => {
  test("run over layers, tensors, views and numbers, and within one another", () => {
    const body = `
  layers = [Conv(2, 3), Conv(2, 1)]
  made[i] = volume -> layers[i]  for i in 0..1
  each = [made[i] for i in 0..1]
  grid = [[t * k for k in [1, 2]] for t in each]
  output logits = sum(concat(row, along: c) for row in grid) + sum(sum(t for t in row) for row in grid).c`;
    const checked = check(network(body));
    expect(paths(checked)).toEqual(["made.0.weight", "made.1.weight"]);
    expect(outputs(checked)).toEqual({ logits: "float[n, c: 4, x, y, z]" });
  });

  test("that refer to members of a family make no new instances", () => {
    const body = `
  a[0] = volume
  a[i] = a[i-1] -> conv: Conv(1, 3)  for i in 1..3
  output logits = sum(a[i] for i in 1..3) + sum([a[i] for i in 3..1])`;
    const { graph } = check(network(body));
    expect(graph.nodes.filter(({ operation }) => operation.name === "Conv")).toHaveLength(3);
  });
});
