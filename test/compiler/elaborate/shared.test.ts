import { describe, expect, test } from "vitest";
import { check, network, outputType, paths } from "./programs.js";

/** How often the operations of a network use each of its weights. */
function uses({ graph }: ReturnType<typeof check>): Record<string, number> {
  const all = graph.nodes.flatMap(({ parameters }) => Object.values(parameters).map(({ path }) => path));
  return Object.fromEntries(
    paths({ graph } as never).map((path) => [path, all.filter((other) => other === path).length]),
  );
}

const blocks = `
layer Gate() {
  output input * (input -> conv: Conv(input.c, 1) -> Tanh)
}

layer Twice(mix: layer) {
  shared move = mix
  output input -> move -> norm: InstanceNorm(true) -> move
}
`;

describe("a shared layer", () => {
  test("has the same weights wherever it is applied, under its own name", () => {
    const body = "  shared mix = Conv(1, 3)\n  output logits = volume -> mix -> ReLU -> mix";
    expect(uses(check(network(body)))).toEqual({ "mix.weight": 2 });
  });

  test("is named after its definition inside a layer, and is another one in each instance of that", () => {
    const body = "  a = volume -> one: Twice(Gate)\n  output logits = a -> two: Twice(Gate)";
    expect(uses(check(network(body, "", blocks)))).toEqual({
      "one.move.conv.weight": 2,
      "one.norm.weight": 1,
      "one.norm.bias": 1,
      "two.move.conv.weight": 2,
      "two.norm.weight": 1,
      "two.norm.bias": 1,
    });
  });

  test("stays the one that it is when it is given to layers", () => {
    const body = `
  shared gate = Gate
  a = volume -> one: Twice(gate)
  output logits = a -> two: Twice(gate) -> gate`;
    expect(uses(check(network(body, "", blocks)))).toMatchObject({
      "gate.conv.weight": 5,
      "one.norm.weight": 1,
    });
  });

  test("takes no label from a layer that it is given to", () => {
    const before = "layer Labelled(mix: layer) {\n  output input -> first: mix -> second: mix\n}\n";
    const body = (kind: string) => `  ${kind} = Conv(1, 3)\n  output logits = volume -> pair: Labelled(mix)`;
    expect(paths(check(network(body("mix"), "", before)))).toEqual([
      "pair.first.weight",
      "pair.second.weight",
    ]);
    expect(paths(check(network(body("shared mix"), "", before)))).toEqual(["mix.weight"]);
  });

  test("of a family is one for each index", () => {
    const body = `
  shared mix[i] = Conv(1, 3) for i in 1..2
  output logits = volume -> mix[1] -> mix[2] -> mix[1]`;
    expect(uses(check(network(body)))).toEqual({ "mix.1.weight": 2, "mix.2.weight": 1 });
  });

  test("may be given other tensors at each place", () => {
    const before = "layer Add(other: tensor) {\n  output (input -> conv: Conv(1, 1)) + other\n}\n";
    const body = `
  shared join = Add
  output logits = volume -> join(volume) -> join(other: volume * 2)`;
    expect(uses(check(network(body, "", before)))).toEqual({ "join.conv.weight": 2 });
  });

  test("is one value among others: a condition can choose it", () => {
    const body = `
  shared mix = Conv(1, 3)
  first = if twice then mix else ReLU
  output logits = volume -> first -> mix`;
    const twice = (value: boolean) => check(network(body, `(twice: bool = ${value})`));
    expect([uses(twice(true)), uses(twice(false))]).toEqual([{ "mix.weight": 2 }, { "mix.weight": 1 }]);
  });

  test("may hold no weights", () => {
    const body = "  shared move = Shift(x, 1/2)\n  output logits = volume -> Conv(4, 1) -> move -> move";
    expect(outputType(check(network(body)))).toBe("float[n, c: 4, x, y, z]");
  });
});

test("shared is a word only before a definition's name", () => {
  const body = "  shared = 3\n  output logits = volume -> shared: Conv(shared, 1)";
  expect(paths(check(network(body)))).toEqual(["shared.weight"]);
});
