import { describe, expect, test } from "vitest";
import {
  type Analysis,
  analyze,
  evaluateFormula,
  formulas,
  groupLayers,
  intensity,
  type LayerCounts,
} from "../../../src/compiler/index.js";
import { check, network } from "../elaborate/programs.js";
import { refusal } from "../ops/harness.js";

function analysisOf(body: string, tile: readonly number[] = [16, 16, 16], before = "", batch = 1): Analysis {
  return analyze(check(network(body, "", before), { tile, batch }));
}

function layer(analysis: Analysis, name: string): LayerCounts {
  const found = analysis.layers.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`${name} is not among ${analysis.layers.map((each) => each.name)}`);
  return found;
}

function levels(analysis: Analysis): Readonly<Record<string, string>> {
  return Object.fromEntries(analysis.layers.map(({ name, level }) => [name, level]));
}

describe("levels", () => {
  test("follow strides down and transposed convolutions up", () => {
    const analysis = analysisOf(
      "  a = volume -> c1: Conv(2, 3x3x3) -> c2: Conv(2, 3x3x3, stride: 2) -> c3: Conv(2, 2x2x2, stride: 2, padding: 0)\n" +
        "  output y = a -> up: ConvTranspose(2, 2x2x2, stride: 2) -> up2: ConvTranspose(1, 4x4x4, stride: 4)",
    );
    expect(levels(analysis)).toEqual({ c1: "1", c2: "1/2", c3: "1/4", up: "1/2", up2: "2" });
    expect(analysis.levels.map(({ name }) => name)).toEqual(["2", "1", "1/2", "1/4"]);
  });

  test("name every axis where they differ, in the input's order, also seen through a view", () => {
    const analysis = analysisOf(
      "  a = volume -> axial -> c1: Conv(2, 1x3x3, stride: 1x2x2)\n  output y = a -> c2: Conv(1, 3x3x3) -> undo axial",
      [16, 16, 16],
      "use std.views { axial }",
    );
    // The axial view reads z as slices.
    expect(layer(analysis, "c1").level).toBe("1/2 x 1/2 x 1");
    expect(layer(analysis, "c2").level).toBe("1/2 x 1/2 x 1");
    expect(analysis.levels.at(-1)?.ratios).toEqual([
      { axis: "x", numerator: 1, denominator: 2 },
      { axis: "y", numerator: 1, denominator: 2 },
      { axis: "z", numerator: 1, denominator: 1 },
    ]);
  });

  test("are about strides, not about sizes that are cut or odd", () => {
    const analysis = analysisOf(
      "  output y = volume -> c1: Conv(2, 5x5x5, padding: 0) -> c2: Conv(2, 3x3x3, stride: 2) -> p: MaxPool(3x3x3, stride: 2)",
      [17, 19, 23],
    );
    expect(levels(analysis)).toEqual({ c1: "1", c2: "1/2", p: "1/4" });
  });

  test("stay the same through windows, tokens and attention, and come back with the axes' names", () => {
    const analysis = analysisOf(
      "  a = volume -> patches: Conv(8, 2x2x2, stride: 2, padding: 0)\n" +
        "  windows = a -> s: split(x: (gx, wx: 2), y: (gy, wy: 2), z: (gz, wz: 2))\n" +
        "  tokens = windows -> m: merge(t: (wx, wy, wz)) -> norm: LayerNorm(c)\n" +
        "  scores = Contract(tokens, tokens -> rename(t: u), over: c) -> soft: Softmax(u)\n" +
        "  mixed = Contract(scores, tokens -> rename(t: u), over: u)\n" +
        "  back = mixed -> s2: split(t: (wx: 2, wy: 2, wz: 2)) -> m2: merge(x: (gx, wx), y: (gy, wy), z: (gz, wz))\n" +
        "  output y = back -> last: Conv(2, 3x3x3, stride: 2)",
    );
    const { last, ...others } = levels(analysis);
    expect(new Set(Object.values(others))).toEqual(new Set(["1/2"]));
    expect(last).toBe("1/4");
  });

  test("fall when positions become channels", () => {
    const analysis = analysisOf(
      "  a = volume -> s: split(x: (x, px: 2), y: (y, py: 2), z: (z, pz: 2)) -> m: merge(c: (px, py, pz, c))\n" +
        "  output y = a -> reduce: Linear(c: 4)",
    );
    expect(levels(analysis)).toEqual({ s: "1", m: "1/2", reduce: "1/2" });
  });

  test("of what has no axes of the volume left are where it was made", () => {
    const analysis = analysisOf(
      "  a = volume -> c1: Conv(2, 3x3x3, stride: 4)\n  output y = a -> pool: Mean(x, y, z) -> fc: Linear(c: 3)",
    );
    expect(levels(analysis)).toEqual({ c1: "1/4", pool: "1/4", fc: "1/4" });
  });

  test("of resized values are the ratio of the sizes", () => {
    const analysis = analysisOf(
      '  output y = volume -> r: Resize(scale: 1x2x3) -> r2: Resize(size: 8x16x24, mode: "linear")',
    );
    expect(levels(analysis)).toEqual({ r: "1 x 2 x 3", r2: "1/2 x 1 x 3/2" });
  });
});

describe("views", () => {
  const views = "use std.views { sagittal, coronal, axial }";

  test("group the layers that are seen through them", () => {
    const analysis = analysisOf(
      "  output y = sum(volume -> v -> c: Conv(2, 1x3x3) -> undo v for v in [coronal, axial]) -> last: Conv(1, 1x1x1)",
      [4, 5, 6],
      views,
    );
    const groups = groupLayers(analysis, "view");
    expect(groups.map(({ key, layers }) => [key, layers])).toEqual([
      ["coronal", 3],
      ["axial", 3],
      ["none", 2],
    ]);
  });

  test("need no comprehension, can lie in each other, and take in what is made outside of them", () => {
    const analysis = analysisOf(
      "  gate = volume -> Mean(x, y, z) -> g: Linear(c: 1) -> Sigmoid\n" +
        "  outer = volume -> axial -> o: Conv(1, 1x3x3)\n" +
        "  inner = outer -> turned -> i: Conv(1, 1x3x3)\n" +
        "  output y = (inner -> undo turned) * gate -> last: Conv(1, 1x1x1) -> undo axial",
      [4, 5, 6],
      `${views}\nview turned { p: h, q: s, r: w }`,
    );
    expect(layer(analysis, "g").views).toEqual([]);
    expect(layer(analysis, "o").views).toEqual(["axial"]);
    expect(layer(analysis, "i").views).toEqual(["axial", "turned"]);
    expect(layer(analysis, "last").views).toEqual(["axial"]);
  });
});

describe("bytes", () => {
  test("are each input and weight once, and the output", () => {
    const analysis = analysisOf("  output y = volume -> c: Conv(3, 3x3x3, bias: true, stride: 2)", [4, 6, 8]);
    const { bytesRead, bytesWritten } = analysis.total;
    expect(bytesRead).toBe(4n * BigInt(4 * 6 * 8 + 3 * 27 + 3));
    expect(bytesWritten).toBe(4n * BigInt(3 * 2 * 3 * 4));
    expect(analysis.inputs[0]?.bytes).toBe(4n * BigInt(4 * 6 * 8));
    expect(intensity(analysis.total)).toBeCloseTo(
      Number(analysis.total.flops) / Number(bytesRead + bytesWritten),
    );
  });

  test("count a tensor that is given twice once", () => {
    const analysis = analysisOf("  output y = volume * volume", [4, 4, 4]);
    expect(analysis.total.bytesRead).toBe(256n);
    expect(analysis.total.bytesWritten).toBe(256n);
  });

  test("are none for what becomes no computation", () => {
    const analysis = analysisOf(
      "  output y = volume -> sagittal -> d: Dropout -> still: Shift(s, 0) -> r: rename(h: k) -> s: split(k: (a, b: 2))",
      [4, 4, 4],
      "use std.views { sagittal }",
    );
    expect(analysis.layers.map(({ alias }) => alias)).toEqual([true, true, true, true, true]);
    expect(analysis.total).toEqual({ macs: 0n, flops: 0n, bytesRead: 0n, bytesWritten: 0n });
    expect(intensity(analysis.total)).toBe(0);
    expect(analysis.coverage).toEqual({ counted: 0, free: 5, unknown: 0 });
  });

  test("of several views in a row are those of one, which is emitted for the last", () => {
    const analysis = analysisOf(
      "  a = volume -> s: split(x: (gx, wx: 2), y: (gy, wy: 2)) -> t: merge(t: (wx, wy)) -> r: rename(gx: p)\n" +
        "  b = a -> norm: LayerNorm(t) -> back: rename(p: gx) -> s2: split(t: (wx: 2, wy: 2))\n" +
        "  output y = b -> m2: merge(x: (gx, wx), y: (gy, wy))",
      [4, 4, 4],
    );
    const bytes = analysis.layers.map(({ name, bytesRead, bytesWritten }) => [name, bytesRead, bytesWritten]);
    expect(bytes.filter(([name]) => name !== "norm")).toEqual([
      ["s", 0n, 0n],
      ["t", 0n, 0n],
      ["r", 256n, 256n],
      ["back", 0n, 0n],
      ["s2", 0n, 0n],
      ["m2", 256n, 256n],
    ]);
  });

  test("are none for a chain of views that comes back to where it began", () => {
    const analysis = analysisOf(
      "  output y = volume -> axial -> undo axial -> ReLU",
      [4, 4, 4],
      "use std.views { axial }",
    );
    expect(analysis.layers.map(({ alias }) => alias)).toEqual([true, true, false]);
  });

  test("of a weight that stands by itself are read by who uses it", () => {
    const analysis = analysisOf(
      "  param w: float[c: 1, z: 4]\n  output y = volume * w -> last: Dropout",
      [4, 4, 4],
    );
    const row = layer(analysis, "w");
    expect([row.parameters, row.alias, row.level, row.bytesRead, row.bytesWritten]).toEqual([
      4n,
      true,
      "none",
      0n,
      0n,
    ]);
    expect(analysis.total.bytesRead).toBe(4n * (64n + 4n));
    expect(analysis.levels.map(({ name }) => name)).toEqual(["1", "none"]);
  });

  test("are those of a copy for what moves values without arithmetic", () => {
    const analysis = analysisOf(
      "  output y = volume -> axial -> c: Conv(2, 1x1x1) -> moved: Shift(s, 1/2) -> undo axial",
      [4, 4, 4],
      "use std.views { axial }",
    );
    const shift = layer(analysis, "moved");
    expect([shift.alias, shift.flops, shift.bytesRead, shift.bytesWritten]).toEqual([false, 0n, 512n, 512n]);
  });
});

describe("a layer's row", () => {
  test("tells arguments from defaults, and shapes", () => {
    const row = layer(
      analysisOf("  output y = volume -> c: Conv(4, 1x3x3, stride: 2, bias: true)", [8, 8, 8], "", 2),
      "c",
    );
    expect(row.arguments).toEqual({ out: "4", kernel: "1x3x3", stride: "2", bias: "true" });
    expect(row.defaults).toEqual({ dilation: "1", groups: "1" });
    const axes = (sizes: Readonly<Record<string, bigint>>) =>
      Object.entries(sizes).map(([axis, size]) => ({ axis, size }));
    expect(row.inputs).toEqual([axes({ n: 2n, c: 1n, x: 8n, y: 8n, z: 8n })]);
    expect(row.output).toEqual(axes({ n: 2n, c: 4n, x: 4n, y: 4n, z: 4n }));
    expect(row.span.file.text.slice(row.span.start, row.span.end)).toContain("Conv");
  });

  test("counts shared weights at the first layer that uses them", () => {
    const analysis = analysisOf(
      "  output y = sum(volume -> v -> net: Conv(2, 1x3x3) -> norm: BatchNorm -> undo v for v in [axial, coronal])",
      [4, 4, 4],
      "use std.views { axial, coronal }",
    );
    const rows = analysis.layers.filter(({ appliedParameters }) => appliedParameters > 0n);
    expect(
      rows.map(({ name, parameters, appliedParameters, buffers, shared }) => [
        name,
        parameters,
        appliedParameters,
        buffers,
        shared,
      ]),
    ).toEqual([
      ["net@axial", 18n, 18n, 0n, false],
      ["norm@axial", 4n, 4n, 4n, false],
      ["net@coronal", 0n, 18n, 0n, true],
      ["norm@coronal", 0n, 4n, 0n, true],
    ]);
    expect(analysis.parameters).toEqual({
      trainable: 22n,
      buffers: 4n,
      applied: 44n,
      unused: 0n,
      tensors: 5,
      bytes: 104n,
    });
  });
});

describe("grouping by layer", () => {
  test("takes as many parts of paths as it is told, or whole paths", () => {
    const analysis = analysisOf(
      "  a[0] = volume -> c: Conv(2, 1x1x1)\n  a[i] = a[i-1] -> c: Conv(2, 1x1x1) -> ReLU for i in 1..2\n  output y = a[2]",
    );
    const keys = (depth?: number) => groupLayers(analysis, "layer", depth).map(({ key }) => key);
    expect(keys(1)).toEqual(["a"]);
    expect(keys(2)).toEqual(["a.0", "a.1", "a.2"]);
    expect(keys()).toEqual(["a.0.c", "a.1.c", "a.1", "a.2.c", "a.2"]);
  });
});

describe("sizes beyond what a float holds", () => {
  const body =
    "  output y = volume -> c: Conv(512, 3x3x3, bias: true) -> n: InstanceNorm -> ReLU -> p: MaxPool(2x2x2)";
  const side = 60_000;

  test("are counted exactly, given as a tile or written in the text", () => {
    const voxels = BigInt(side) ** 3n;
    const late = analysisOf(body, [side, side, side], "", 1000);
    expect(late.total.macs).toBe(1000n * 512n * 27n * voxels);
    expect(late.total.flops).toBe(1000n * 512n * voxels * (2n * 27n + 1n + 4n + 1n + 1n));
    const text = network(body).replace(
      "n, c: 1, x, y, z",
      `n: 1000, c: 1, x: ${side}, y: ${side}, z: ${side}`,
    );
    const early = analyze(check(text));
    expect(early.total).toEqual(late.total);
    expect(early.parameters).toEqual(late.parameters);
    expect(early.conventions).toEqual(late.conventions);
    expect(early.memory).toEqual(late.memory);
  });

  test("are what formulas give", () => {
    const found = formulas(check(network(body)));
    const late = analysisOf(body, [side, side, side], "", 1000);
    const flops = found.formulas.find(({ name }) => name === "flops");
    if (!flops) throw new Error("no formula");
    expect(evaluateFormula(flops, { n: 1000, x: side, y: side, z: side })).toBe(late.total.flops);
  });
});

describe("formulas", () => {
  const text = (body: string, tile = "n, c: 1, x, y, z") => network(body).replace("n, c: 1, x, y, z", tile);
  const shown = (program: string) =>
    Object.fromEntries(formulas(check(program)).formulas.map(({ name, text: formula }) => [name, formula]));

  test("show fractions that end as decimals and others as fractions", () => {
    const { macs } = shown(
      text("  output y = volume -> a: Conv(1, 1x1x1, stride: 1x1x2) -> b: Conv(3, 1x1x1, stride: 1x1x2)"),
    );
    expect(macs).toBe("1.25 * n*x*y*z");
    const thirds = shown(text("  output y = volume -> Conv(5, 1x1x1, stride: 1x1x3)"));
    expect(thirds.macs).toBe("5/3 * n*x*y*z");
  });

  test("keep what does not grow with the volume, and what is taken off at borders", () => {
    const { macs, bytes } = shown(text("  output y = volume -> Conv(2, 3x1x1, padding: 0)"));
    expect(macs).toBe("6 * n*x*y*z - 12 * n*y*z");
    expect(bytes).toBe("12 * n*x*y*z - 16 * n*y*z + 24");
    expect(shown(text("  output y = volume -> Conv(2, 1x1x1)", "n: 1, c: 1, x: 3, y: 3, z: 3")).macs).toBe(
      "54",
    );
    expect(shown(text("  output y = volume -> ReLU")).macs).toBe("0");
  });

  test("say what must hold besides divisibility", () => {
    const program = text("  output y = (volume -> axial) + (volume -> sagittal)");
    const found = formulas(check(`use std.views { axial, sagittal }\n${program}`));
    expect(found.conditions.length).toBeGreaterThan(0);
    expect(found.conditions.every((condition) => /^[xyz] = [xyz]$/.test(condition))).toBe(true);
  });

  test("square an axis that meets itself", () => {
    const program =
      "network Net {\n  input tokens: float[n, t, c: 8]\n" +
      "  output y = Contract(tokens, tokens -> rename(t: u), over: c)\n}\n";
    expect(shown(program).macs).toBe("8 * n*t*t");
  });

  test("are refused where sizes are no polynomials of any likely tile", () => {
    const stages = Array.from({ length: 6 }, (_, i) => `-> c${i}: Conv(1, 1x1x1, stride: 7x1x1)`).join(" ");
    expect(refusal(() => formulas(check(text(`  output y = volume ${stages}`))))).toBe(
      "SLAB7007: the counts of Net are no simple formula in x",
    );
  });
});
