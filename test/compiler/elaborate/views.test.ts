import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { showType } from "../../../src/compiler/graph/tensor.js";
import { combineViews } from "../../../src/compiler/passes/combine-views.js";
import { known } from "../../../src/compiler/support/invariant.js";
import { runGraph, seededWeights, testInput } from "../ops/harness.js";
import { elementAt, type Plain, plainDrop, plainGather, plainOf, plainSplit, sizeOf } from "../ops/plain.js";
import { check, network, outputType } from "./programs.js";

const axes = [
  { name: "n", size: 2 },
  { name: "c", size: 6 },
  { name: "x", size: 5 },
  { name: "y", size: 4 },
];
const shape = axes.map(({ size }) => size);
const values = testInput("v", shape);
const input: Plain = { axes, values: [...values] };

/** What an expression over the tensor `v` gives in ONNX Runtime, with its axes. */
async function run(expression: string): Promise<Plain> {
  const declared = axes.map(({ name, size }) => `${name}: ${size}`).join(", ");
  const { graph } = check(`network Net {\n  input v: float[${declared}]\n  output a = ${expression}\n}\n`);
  const { a } = await runGraph(combineViews(graph), { v: { shape, values } });
  const result = known(a, "the output");
  const names = known(graph.outputs[0], "the output").value.type.axes.map(({ name }) => name);
  return {
    axes: names.map((name, index) => ({ name, size: result.shape[index] as number })),
    values: [...result.values],
  };
}

const axis = fc.constantFrom(...axes);
const property = <T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => Promise<void>) =>
  fc.assert(fc.asyncProperty(arbitrary, predicate), { numRuns: 60 });

describe("what views, slices and padding give is what they say, element by element", () => {
  test("a split and its merge are the identity, with the quotient anywhere", async () => {
    const cases = fc.tuple(axis, fc.nat(), fc.nat(2)).map(([{ name, size }, seed, open]) => {
      const divisors = [1, 2, 3, 4, 5, 6].filter((divisor) => size % divisor === 0);
      const inner = known(divisors[seed % divisors.length], "a divisor");
      const parts = [`p: ${size / inner}`, `q: ${inner}`].map((part, i) =>
        i === open ? (part[0] as string) : part,
      );
      return { name, parts: parts.join(", "), sizes: [size / inner, inner] as const };
    });
    await property(cases, async ({ name, parts, sizes }) => {
      const split = `v -> split(${name}: (${parts}))`;
      expect(await run(`${split} -> merge(${name}: (p, q))`)).toEqual(input);
      const [p, q] = sizes;
      expect(await run(split)).toEqual(
        plainSplit(input, name, [
          { name: "p", size: p },
          { name: "q", size: q },
        ]),
      );
    });
  });

  test("Roll moves cyclically, and two of them move by the sum", async () => {
    const distance = fc.integer({ min: -20, max: 20 });
    await property(fc.tuple(axis, distance, distance), async ([{ name, size }, first, second]) => {
      const once = await run(`v -> Roll(${name}: ${first})`);
      const from = (by: number) => (at: number) => (((at - by) % size) + size) % size;
      expect(once).toEqual(plainGather(input, name, size, from(first)));
      const both = await run(`v -> Roll(${name}: ${first}) -> Roll(${name}: ${second})`);
      expect(both).toEqual(plainGather(input, name, size, from(first + second)));
    });
  });

  test("flip turns axes around, and twice is the identity", async () => {
    await property(fc.subarray(axes, { minLength: 1 }), async (chosen) => {
      const names = chosen.map(({ name }) => name).join(", ");
      const turned = chosen.reduce(
        (tensor, { name, size }) => plainGather(tensor, name, size, (at) => size - 1 - at),
        input,
      );
      expect(await run(`v -> flip(${names})`)).toEqual(turned);
      expect(await run(`v -> flip(${names}) -> flip(${names})`)).toEqual(input);
    });
  });

  test("slices keep the positions that NumPy's would", async () => {
    const slice = axis.chain(({ name, size }) =>
      fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.nat(5)).map(([a, b, form]) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        const written = [
          `${first}..${last}`,
          `${first}..<${last + 1}`,
          `${first}..`,
          `..${last}`,
          `..<${last + 1}`,
          `${first}`,
        ][form] as string;
        const from = form === 3 || form === 4 ? 0 : first;
        const to = form === 2 ? size - 1 : last;
        return { name, written, from, count: to - from + 1, isPosition: form === 5 };
      }),
    );
    const slices = fc.uniqueArray(slice, { minLength: 1, maxLength: 4, selector: ({ name }) => name });
    await property(slices, async (chosen) => {
      const written = chosen.map(({ name, written }) => `${name}: ${written}`).join(", ");
      const expected = chosen.reduce(
        (tensor, { name, from, count, isPosition }) =>
          isPosition ? plainDrop(tensor, name, from) : plainGather(tensor, name, count, (at) => at + from),
        input,
      );
      expect(await run(`v[${written}]`)).toEqual(expected);
    });
  });

  test("Pad fills from where its mode says", async () => {
    const sources: Readonly<Record<string, (at: number, size: number) => number>> = {
      edge: (at, size) => Math.min(Math.max(at, 0), size - 1),
      reflect: (at, size) => (at < 0 ? -at : at < size ? at : 2 * size - 2 - at),
      wrap: (at, size) => (at + size) % size,
    };
    const amounts = fc.tuple(fc.nat(3), fc.nat(3));
    const cases = fc.tuple(fc.constantFrom("edge", "reflect", "wrap", "constant"), amounts, amounts);
    await property(cases, async ([mode, alongC, alongX]) => {
      const padded = await run(
        `v -> Pad(c: (${alongC.join(", ")}), x: (${alongX.join(", ")})${mode === "constant" ? ", value: -7.5" : `, mode: "${mode}"`})`,
      );
      const pads = [
        { name: "c", before: alongC[0], after: alongC[1] },
        { name: "x", before: alongX[0], after: alongX[1] },
      ];
      const expected = pads.reduce((tensor, { name, before, after }) => {
        const size = sizeOf(tensor, name);
        const source = sources[mode];
        if (source) {
          return plainGather(tensor, name, size + before + after, (at) => source(at - before, size));
        }
        const longer = tensor.axes.map((own) =>
          own.name === name ? { name, size: size + before + after } : own,
        );
        return plainOf(longer, (position) => {
          const at = (position[name] as number) - before;
          return at < 0 || at >= size ? -7.5 : elementAt(tensor, { ...position, [name]: at });
        });
      }, input);
      expect(padded).toEqual(expected);
    });
  });

  test("repeat tiles, and stack puts side by side along a last axis", async () => {
    expect(await run("v -> repeat(c: 3, y: 2)")).toEqual(
      plainGather(
        plainGather(input, "c", 18, (at) => at % 6),
        "y",
        8,
        (at) => at % 4,
      ),
    );
    const stacked = await run("stack([v * k for k in 1..3], along: k)");
    const longer = [...axes, { name: "k", size: 3 }];
    const expected = plainOf(longer, (position) => {
      return Math.fround(elementAt(input, position) * ((position.k as number) + 1));
    });
    expect(stacked).toEqual(expected);
    expect(await run("stack(v, v -> flip(c), along: k)[k: 0]")).toEqual(input);
  });

  test("windows of attention go there and back", async () => {
    const windows =
      "v -> split(x: (gx, wx: 5), y: (gy, wy: 2)) -> merge(t: (wx, wy)) -> merge(n: (n, gx, gy))";
    const { axes: cut } = await run(windows);
    expect(cut).toEqual([
      { name: "n", size: 4 },
      { name: "c", size: 6 },
      { name: "t", size: 10 },
    ]);
    const back = "split(n: (n, gx: 1, gy: 2)) -> split(t: (wx: 5, wy: 2)) -> merge(x: (gx, wx), y: (gy, wy))";
    expect((await run(`${windows} -> ${back}`)).axes.map(({ name }) => name)).toEqual(["n", "x", "y", "c"]);
  });
});

test("attention in windows, written with views, is what loops over windows and heads give", async () => {
  const text = readFileSync(new URL("../../../docs/language.md", import.meta.url), "utf8");
  const layers = /layer SelfAttention[\s\S]*?(?=network Windows)/.exec(text)?.[0] ?? "";
  const [width, heads, w] = [8, 2, 2];
  const shape = [1, width, 4, 2, 6];
  const declared = `float[n: 1, c: ${width}, x: 4, y: 2, z: 6]`;
  const { graph } = check(
    `${layers}\nnetwork Net {\n  input v: ${declared}\n  output a = v -> b: WindowAttention(heads: ${heads}, w: ${w})\n}\n`,
  );
  const values = testInput("v", shape);
  const { a } = await runGraph(combineViews(graph), { v: { shape, values } });

  const weight = (path: string) => {
    const parameter = known(
      graph.parameters.find((own) => own.path === `b.attend.${path}`),
      path,
    );
    return seededWeights(parameter);
  };
  const linear = (token: readonly number[], out: number, matrix: Float32Array, bias?: Float32Array) =>
    Array.from({ length: out }, (_, row) =>
      token.reduce(
        (sum, value, i) => sum + value * (matrix[row * token.length + i] as number),
        bias?.[row] ?? 0,
      ),
    );
  const place = (c: number, x: number, y: number, z: number) => ((c * 4 + x) * 2 + y) * 6 + z;
  const d = width / heads;
  for (const [gx, gz] of [0, 1].flatMap((x) => [0, 1, 2].map((z) => [x, z] as const))) {
    const tokens = [0, 1].flatMap((x) =>
      [0, 1].flatMap((y) => [0, 1].map((z) => [gx * w + x, y, gz * w + z] as const)),
    );
    const qkv = tokens.map(([x, y, z]) =>
      linear(
        Array.from({ length: width }, (_, c) => values[place(c, x, y, z)] as number),
        3 * width,
        weight("qkv.weight"),
      ),
    );
    const part = (token: number, which: number, head: number) =>
      known(qkv[token], "token").slice((which * heads + head) * d, (which * heads + head + 1) * d);
    tokens.forEach(([x, y, z], t) => {
      const mixed = Array.from({ length: heads }, (_, head) => {
        const scores = tokens.map((_, u) => {
          const [q, k] = [part(t, 0, head), part(u, 1, head)];
          return Math.exp(q.reduce((sum, value, i) => sum + value * (k[i] as number), 0) / Math.sqrt(d));
        });
        const total = scores.reduce((sum, score) => sum + score, 0);
        return Array.from({ length: d }, (_, i) =>
          scores.reduce((sum, score, u) => sum + (score / total) * (part(u, 2, head)[i] as number), 0),
        );
      });
      const expected = linear(mixed.flat(), width, weight("proj.weight"), weight("proj.bias"));
      for (const [c, value] of expected.entries()) {
        expect(a?.values[place(c, x, y, z)]).toBeCloseTo(value, 4);
      }
    });
  }
});

describe("sizes that are not known yet", () => {
  const type = (body: string) => outputType(check(network(`  output a = ${body}`)));

  test("go through views and slices as formulas", () => {
    expect(type("volume -> split(x: (g, d: 4))")).toBe("float[n, c: 1, g: floor(x / 4), d: 4, y, z]");
    expect(type("volume -> merge(t: (x, y, z))")).toBe("float[n, c: 1, t: x*y*z]");
    expect(type("volume -> merge(t: (x, y)) -> split(t: (x: volume.x, y))")).toBe("float[n, c: 1, x, y, z]");
    expect(type("volume -> merge(n: (n, z)) -> split(n: (n, z: volume.z))")).toBe("float[n, z, c: 1, x, y]");
    expect(type("volume[x: 1.., y: ..<volume.y - 2, z: 3]")).toBe("float[n, c: 1, x: x - 1, y: y - 2]");
    expect(type("volume -> Pad(x: (1, 2)) -> repeat(y: 2) -> Roll(z: 1)")).toBe(
      "float[n, c: 1, x: x + 3, y: 2*y, z]",
    );
  });

  test("are checked when they are given, with sizes that would work", () => {
    const windows = network("  output a = volume -> split(x: (gx, wx: 4), y: (gy, wy: 3))");
    expect(() => check(windows, { tile: [8, 9, 5] })).not.toThrow();
    expect(() => check(windows, { tile: [10, 9, 5] })).toThrow(/SLAB3131: axis x of 10 .* parts of 4/);
    const { graph } = check(network("  output a = volume[x: 8]"));
    expect(graph.conditions.length).toBeGreaterThan(0);
    expect(() => check(network("  output a = volume[x: 8]"), { tile: [8, 8, 8] })).toThrow(/no position 8/);
  });

  test("are bound in the emitted network", async () => {
    const { graph } = check(network("  output a = volume[x: volume.x - 2.., z: 0] -> Pad(y: 1)"), {
      tile: [5, 3, 2],
    });
    const volume = { shape: [1, 1, 5, 3, 2], values: Float32Array.from({ length: 30 }, (_, index) => index) };
    const { a } = await runGraph(combineViews(graph), { volume });
    expect(a?.shape).toEqual([1, 1, 2, 5]);
    expect([...(a?.values ?? [])]).toEqual([0, 18, 20, 22, 0, 0, 24, 26, 28, 0]);
  });
});

describe("view operations are values and have labels like others", () => {
  test("partial application binds arguments under the names of axes", () => {
    const layer = "layer Moved(by: layer) {\n  output input -> by(y: 1)\n}\n";
    expect(outputType(check(network("  output a = volume -> m: Moved(Pad(x: 2))", "", layer)))).toBe(
      "float[n, c: 1, x: x + 4, y: y + 2, z]",
    );
  });

  test("an axis that is called like an argument is the argument", () => {
    const text =
      "network Net {\n  input v: float[mode: 3, value: 2]\n  output a = v -> Pad(value: 1.5, mode: 2)\n}\n";
    expect(() => check(text)).toThrow(/mode of Pad must be/);
  });

  test("slices bind tighter than arrows and arithmetic", () => {
    const { graph } = check(network("  output a = volume[x: 0..<2] + volume[x: 2..<4] * 2"));
    expect(graph.outputs.map(({ value }) => showType(value.type))).toEqual(["float[n, c: 1, x: 2, y, z]"]);
  });
});
