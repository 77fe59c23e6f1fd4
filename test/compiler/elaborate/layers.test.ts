import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, network, outputType, paths } from "./programs.js";

const blocks = `
layer Plain(out: int, stride: int = 1, norm: layer = InstanceNorm(affine: true)) {
  output input -> conv: Conv(out, 3x3x3, stride: stride) -> norm: norm -> LeakyReLU
}

layer Residual(out: int, stride: int = 1) {
  output (input -> conv: Conv(out, 3x3x3, stride: stride)) + (input -> skip: Conv(out, 1x1x1, stride: stride))
}

layer Encoder(width: [int], block: layer = Plain) {
  enc[0] = input -> block(width[0])
  enc[i] = enc[i-1] -> block(width[i], stride: 2)  for i in 1..len(width) - 1
  output enc[len(width) - 1]
}
`;

/** Operations with their attributes, in order. */
function operations({ graph }: ReturnType<typeof check>) {
  return graph.nodes.map(({ operation, attributes }) => [operation.name, attributes] as const);
}

describe("a layer as a value", () => {
  test("is applied where an arrow leads to it, and has the path of that place", () => {
    const body = "  output logits = volume -> net: Encoder([2, 4], block: Residual)";
    expect(paths(check(network(body, "", blocks)))).toEqual([
      "net.enc.0.conv.weight",
      "net.enc.0.skip.weight",
      "net.enc.1.conv.weight",
      "net.enc.1.skip.weight",
    ]);
  });

  test("is the same network as the layer written in its place", () => {
    const direct = blocks.replaceAll("-> block(", "-> Plain(").replace(", block: layer = Plain", "");
    const body = "  output logits = volume -> net: Encoder([2, 4])";
    const [given, written] = [blocks, direct].map((before) => check(network(body, "", before)));
    expect(given?.graph.parameters).toEqual(written?.graph.parameters);
    expect(given?.graph.nodes.map(({ name }) => name)).toEqual(written?.graph.nodes.map(({ name }) => name));
    expect(outputType(given as never)).toBe(outputType(written as never));
  });

  test("keeps the arguments it was given, and takes the rest, in order, where it is applied", () => {
    const body = `
  norm = InstanceNorm(epsilon: 0.5)
  conv = Conv(kernel: 1x1x1, bias: true)
  output logits = volume -> first: conv(3) -> norm(true) -> second: conv(2, stride: 2)`;
    const checked = check(network(body));
    expect(paths(checked)).toEqual([
      "first.weight",
      "first.bias",
      "logits.weight",
      "logits.bias",
      "second.weight",
      "second.bias",
    ]);
    expect(operations(checked)).toMatchObject([
      ["Conv", { out: 3, kernel: [1, 1, 1], bias: true }],
      ["InstanceNorm", { affine: true, epsilon: 0.5 }],
      ["Conv", { out: 2, kernel: [1, 1, 1], stride: 2 }],
    ]);
  });

  test("can be bound in steps", () => {
    const body = `
  conv = Conv(kernel: 1)
  small = conv(2)
  biased = small(bias: true)
  output logits = volume -> head: biased`;
    expect(paths(check(network(body)))).toEqual(["head.weight", "head.bias"]);
  });

  test("has its arguments evaluated where they are written", () => {
    const before = `
layer Inner(block: layer) {
  width = 5
  output input -> block
}
`;
    const body = "  width = 3\n  output logits = volume -> inner: Inner(Conv(width, 1))";
    expect(check(network(body, "", before)).graph.parameters).toMatchObject([
      { path: "inner.output.weight", shape: [3, 1, 1, 1, 1] },
    ]);
  });

  test("applied in two places is two instances, each with its own weights", () => {
    const body =
      "  conv = Conv(1, 3)\n  a = volume -> conv\n  b = a -> conv\n  output logits = b -> again: conv";
    expect(paths(check(network(body)))).toEqual(["a.weight", "b.weight", "again.weight"]);
  });

  test("applied in every element of a comprehension is one instance", () => {
    const body = "  conv = Conv(1, 3)\n  output logits = sum(volume * k -> conv: conv for k in 1..3)";
    expect(paths(check(network(body)))).toEqual(["conv.weight"]);
  });

  test("of a list is chosen by index, and every application is an instance", () => {
    const body = `
  blocks = [Plain(width[i], stride: if i == 0 then 1 else 2) for i in 0..1]
  enc[0] = volume -> blocks[0]
  enc[1] = enc[0] -> block: blocks[1]
  output logits = enc[1] -> [ReLU, Conv(1, 1)][1]`;
    const checked = check(network(body, "(width: [int] = [2, 3])", blocks), { tile: [4, 4, 4] });
    expect(paths(checked)).toEqual([
      "enc.0.conv.weight",
      "enc.0.norm.weight",
      "enc.0.norm.bias",
      "enc.1.block.conv.weight",
      "enc.1.block.norm.weight",
      "enc.1.block.norm.bias",
      "logits.weight",
    ]);
    expect(outputType(checked)).toBe("float[n: 1, c: 1, x: 2, y: 2, z: 2]");
  });

  test("is chosen by a condition, by a function, or is a constant", () => {
    const before = `${blocks}
const narrow = Plain(1)
fn norm_of(kind: string) = if kind == "batch" then BatchNorm else InstanceNorm(true)
fn first(layers: [layer]) = layers[0]
`;
    const body = `
  a = volume -> (if false then narrow else Residual)(1)
  output logits = a -> norm: norm_of("batch") -> end: first([narrow, Residual(2)])`;
    expect(paths(check(network(body, "", before)))).toEqual([
      "a.conv.weight",
      "a.skip.weight",
      "norm.weight",
      "norm.bias",
      "norm.running_mean",
      "norm.running_var",
      "end.conv.weight",
      "end.norm.weight",
      "end.norm.bias",
    ]);
  });

  test("takes axes by their bare names, at once or where it is applied", () => {
    const before = "layer Between(shift: layer) {\n  output input -> shift(x) -> Shift(fold: 1/4)(y)\n}\n";
    const body = "  output logits = volume -> wide: Conv(4, 1) -> b: Between(Shift(fold: 1/2))";
    const shifts = operations(check(network(body, "", before))).filter(([name]) => name === "Shift");
    expect(shifts).toMatchObject([
      ["Shift", { axis: "x", fold: { numerator: 1, denominator: 2 } }],
      ["Shift", { axis: "y", fold: { numerator: 1, denominator: 4 } }],
    ]);
  });

  test("however its arguments are split between the places is the same layer", () => {
    const all = ["3", "1x1x1", "stride: 2", "bias: true", "groups: 1", "dilation: 1"];
    const split = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: all.length, maxLength: all.length });
    const body = (call: string) => `  output logits = volume -> conv: ${call}`;
    const whole = operations(check(network(body(`Conv(${all.join(", ")})`))));
    fc.assert(
      fc.property(split, (steps) => {
        const given = [0, 1, 2, 3].map((step) => all.filter((_, index) => steps[index] === step).join(", "));
        const call = `Conv${given.map((list) => `(${list})`).join("")}`;
        // Arguments without names have to come in order.
        fc.pre((steps[0] as number) <= (steps[1] as number));
        expect(operations(check(network(body(call))))).toEqual(whole);
      }),
    );
  });
});

describe("a setting that is a layer", () => {
  const text = network(
    "  output logits = volume -> a: block(2) -> act: activation",
    "(block: layer = Plain, activation: layer = LeakyReLU)",
    blocks,
  );

  test("is named in the file's scope, with arguments, or is an operation", () => {
    expect(check(text).graph.settings).toEqual({ block: "Plain", activation: "LeakyReLU" });
    const { graph } = check(text, { settings: ["block=Residual(stride: 2)", "activation=LeakyReLU(0.1)"] });
    expect(graph.settings).toEqual({ block: "Residual(stride: 2)", activation: "LeakyReLU(slope: 0.1)" });
    expect(graph.parameters.map(({ path }) => path)).toEqual(["a.conv.weight", "a.skip.weight"]);
    expect(graph.nodes.at(-1)?.attributes).toMatchObject({ slope: 0.1 });
  });

  test("can have layers as arguments", () => {
    const { graph } = check(text, { settings: ["block=Plain(norm: BatchNorm)"] });
    expect(graph.settings.block).toBe("Plain(norm: BatchNorm)");
    expect(graph.parameters.map(({ path }) => path)).toContain("a.norm.running_mean");
  });
});

describe("further tensors of a layer", () => {
  test("are parameters", () => {
    const layer = `
layer Gate(by: tensor, scale: float = 2) {
  output input * (by -> squeeze: Conv(by.c, 1) -> Sigmoid) * scale
}
`;
    const body = "  a = volume -> Conv(2, 1)\n  output logits = a -> gate: Gate(by: a, scale: 3)";
    const checked = check(network(body, "", layer));
    expect(paths(checked)).toEqual(["a.weight", "gate.squeeze.weight"]);
  });

  test("that are made in an argument belong to where they are written", () => {
    const layer = "layer Add(other: tensor) {\n  output input + other\n}\n";
    const body = `
  join = Add(volume -> side: Conv(1, 3))
  output logits = (volume -> join) + (volume -> Conv(1, 1) -> join)`;
    expect(paths(check(network(body, "", layer)))).toEqual(["side.weight", "logits.weight"]);
  });

  test("of a default are made once in every instance", () => {
    const layer = `
layer Mix(other: tensor, side: tensor = other -> Conv(1, 3)) {
  output input + side
}
`;
    const body = "  output logits = volume -> a: Mix(volume) -> b: Mix(volume)";
    expect(paths(check(network(body, "", layer)))).toEqual(["a.side.weight", "b.side.weight"]);
  });

  test("of a function make an instance wherever it is called", () => {
    const fn = "fn refined(x: tensor, by: layer) = x + (x -> by)\n";
    const body = "  a = refined(volume, Conv(1, 3))\n  output logits = refined(a, Conv(1, 1))";
    expect(paths(check(network(body, "", fn)))).toEqual(["a.weight", "logits.weight"]);
    const twice = "  output logits = refined(refined(volume, Conv(1, 3)), Conv(1, 3))";
    expect(() => check(network(twice, "", fn))).toThrow(/two layers would both store/);
  });
});
