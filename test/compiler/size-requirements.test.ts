import { describe, expect, test } from "vitest";
import { equalAxes, otherRequirements, SlabFailure, sizeRequirements } from "../../src/compiler/index.js";
import { check, network } from "./elaborate/programs.js";

describe("axes that must have one size", () => {
  const views = "view a { s: x, h: y, w: z }\nview b { s: y, h: x, w: z }\nview c { s: z, h: y, w: x }\n";
  const stacked = (list: string) => `  output logits = concat([volume -> v for v in [${list}]], along: c)`;

  test("are those that views lay over each other", () => {
    expect(equalAxes(check(network(stacked("a, b"), "", views)))).toEqual([["x", "y"]]);
    expect(equalAxes(check(network(stacked("a, b, c"), "", views)))).toEqual([["x", "y", "z"]]);
  });

  test("are none where each may be chosen by itself, or where sizes are given", () => {
    const halves =
      "  down = volume -> Conv(1, 3, stride: 2)\n  output logits = down -> ConvTranspose(1, 2, stride: 2)";
    expect(equalAxes(check(network(halves)))).toEqual([]);
    expect(equalAxes(check(network(stacked("a, b"), "", views), { tile: [4, 4, 2] }))).toEqual([]);
  });

  test("are found beside what they are divisible by", () => {
    const body = `
  down = volume -> conv: Conv(1, 3, stride: 2)
  up = concat(down -> up: ConvTranspose(1, 2, stride: 2), volume, along: c)
  output logits = concat(up -> a, up -> b, along: c)`;
    const checked = check(network(body, "", views));
    expect(equalAxes(checked)).toEqual([["x", "y"]]);
    expect(sizeRequirements(checked).map(({ divisor }) => divisor)).toEqual([2, 2, 2]);
  });
});

describe("a `require` on open sizes", () => {
  const requiring = (condition: string) =>
    check(network(`  require ${condition}, "not {volume.x}"\n  output logits = volume -> Conv(2, 3)`));

  test("is told with the other requirements, each part of it", () => {
    const checked = requiring("volume.x == volume.y and volume.z % 6 == 0");
    expect(equalAxes(checked)).toEqual([["x", "y"]]);
    expect(sizeRequirements(checked)).toEqual([
      { axis: "x", divisor: 1, least: 1 },
      { axis: "y", divisor: 1, least: 1 },
      { axis: "z", divisor: 6, least: 6 },
    ]);
    expect(otherRequirements(checked)).toEqual([]);
  });

  test("bounds a size apart from what it is divisible by", () => {
    const checked = requiring("volume.x % 4 == 0 and volume.x >= 63 and volume.y < 65 and volume.z % 2 == 0");
    expect(sizeRequirements(checked)).toEqual([
      { axis: "x", divisor: 4, least: 64 },
      { axis: "y", divisor: 1, least: 1, most: 64 },
      { axis: "z", divisor: 2, least: 2 },
    ]);
  });

  test("with sizes of several axes is told in words, what follows from it once", () => {
    const condition = "volume.y > volume.z and volume.y >= volume.z and volume.x * volume.y <= 9000";
    expect(otherRequirements(requiring(condition))).toEqual(["y at least z + 1", "x*y at most 9000"]);
    expect(otherRequirements(requiring("volume.x == 2 * volume.y"))).toEqual(["x = 2*y"]);
  });

  test("is told of sizes of nine axes", { timeout: 10_000 }, () => {
    const text = `network Net {
  input a: float[n, c: 1, x, y, z]
  input b: float[n, c: 1, u, v, w]
  input d: float[n, c: 1, p, q, r]
  require a.x + a.y + a.z + b.u + b.v + b.w + d.p + d.q + d.r >= 100, "too small"
  output o = concat(a -> Mean(x, y, z), b -> Mean(u, v, w), d -> Mean(p, q, r), along: c)
}`;
    expect(otherRequirements(check(text))).toEqual(["p + q + r + u + v + w + x + y + z at least 100"]);
  });

  test("that fixes a size, or leaves none, says so", () => {
    const fixed = requiring("64 == volume.x");
    expect(sizeRequirements(fixed).map(({ axis }) => axis)).toEqual(["y", "z"]);
    expect(otherRequirements(fixed)).toEqual(["x = 64"]);
    expect(sizeRequirements(requiring("volume.x < 0")).map(({ axis }) => axis)).toEqual(["y", "z"]);
  });

  test("whose numbers leave the exact integers does no harm", () => {
    const fourth = "volume.x * volume.x * volume.x * volume.x";
    const [x] = sizeRequirements(requiring(`${fourth} >= 9007199254740991`));
    expect(x).toEqual({ axis: "x", divisor: 1, least: 9742 });
  });

  test("is told of an alternative where the other one is out", () => {
    expect(equalAxes(requiring("1 == 2 or volume.x == volume.y"))).toEqual([["x", "y"]]);
    expect(equalAxes(requiring("volume.x == volume.y or volume.z == 8"))).toEqual([]);
  });

  test("that no size can change fails at once", () => {
    expect(() => requiring("volume.c == 2")).toThrow("not x");
  });
});

function errorsOf(body: string, tile: readonly number[]) {
  try {
    check(network(body), { tile });
  } catch (failure) {
    if (failure instanceof SlabFailure) return failure.diagnostics;
    throw failure;
  }
  return [];
}

describe("a tile that breaks a `require`", () => {
  const wrong = (body: string, tile: readonly number[]) => {
    const [first, ...others] = errorsOf(`${body}\n  output logits = volume -> Conv(2, 3)`, tile);
    expect(others).toEqual([]);
    return [first?.code, first?.title, ...(first?.help ?? [])];
  };

  test("is advised on with all requirements at once", () => {
    const body = '  require volume.x % 4 == 0, "x: {volume.x}"\n  require volume.y >= 10, "y: {volume.y}"';
    expect(wrong(body, [6, 8, 4])).toEqual(["SLAB2214", "x: 6", "tile 6x8x4 does not work; 8x10x4 does"]);
  });

  test("is advised on with tiles whose axes fit each other", () => {
    const body = '  require volume.x == volume.y and volume.y == volume.z, "no cube"';
    expect(wrong(body, [12, 10, 8])).toEqual([
      "SLAB2214",
      "no cube",
      "tile 12x10x8 does not work; 8x8x8 and 12x12x12 do",
    ]);
  });

  test("is not advised on with a tile that fails in what the requirement kept from being built", () => {
    const body = `  require volume.x % 2 == 0, "odd"
  down = volume -> down: Conv(1, 3, stride: 4)
  up = concat(down -> up: ConvTranspose(1, 4, stride: 4), volume, along: c)`;
    expect(wrong(body, [31, 32, 32])).toEqual([
      "SLAB2214",
      "odd",
      "tile 31x32x32 does not work; 32x32x32 does",
    ]);
    expect(wrong(body, [31, 30, 32])).toEqual(["SLAB2214", "odd"]);
  });

  test("says what is wrong in its message before anything else", () => {
    const body = '  require volume.x % 2 == 0, "{volume.q}"';
    expect(() =>
      check(network(`${body}\n  output logits = volume -> Conv(2, 3)`), { tile: [3, 2, 2] }),
    ).toThrow("no axis q");
  });
});

describe("parts that do not fit each other", () => {
  const titles = (body: string, views = "") => {
    try {
      return check(network(body, "", views)).warnings.map(({ code, title }) => `${code}: ${title}`);
    } catch (failure) {
      return [(failure as SlabFailure).message];
    }
  };
  const half = "  a = volume -> Conv(4, 3, stride: 2)\n";

  test.each([
    [
      "  output o = (volume -> Conv(1, 3, padding: 0)) + volume",
      "SLAB2224: no size of x, y and z fits, up to 4096",
    ],
    ["  output o = volume[x: 1..] + volume", "SLAB2224: no size of x fits, up to 4096"],
    [
      "  output o = (volume -> Resize(scale: 2)) + volume",
      "SLAB2224: no size of x, y and z fits, up to 4096",
    ],
    [`${half}  output o = concat(volume, a, along: c)`, "SLAB2229: only 1 fits as size of x, y and z"],
    [
      "  b = volume -> Conv(1, 1, stride: 4x1x1) -> up: ConvTranspose(1, 4x1x1, stride: 3x1x1)\n  output o = b + volume",
      "SLAB2229: only 4, 7, 10 and 13 fit as size of x",
    ],
  ])("are a mistake where no size fits, and a warning where few do: %s", (body, message) => {
    expect(titles(body)).toEqual([message]);
  });

  test.each([
    "  a = volume -> Conv(1, 3, stride: 2)\n  output o = (a -> ConvTranspose(1, 2, stride: 2)) + volume",
    "  a = volume -> Conv(1, 300, stride: 300, padding: 0)\n  output o = (a -> ConvTranspose(1, 300, stride: 300)) + volume",
    "  a = volume -> Conv(1, 2501x1x1, stride: 2501x1x1, padding: 0)\n  output o = (a -> up: ConvTranspose(1, 2501x1x1, stride: 2501x1x1)) + volume",
    "  a = volume -> Conv(1, 3, stride: 2)\n  output o = (a -> ConvTranspose(1, 3, stride: 2, padding: 1)) + volume",
    '  require 2 * volume.x == 7000, "no"\n  output o = volume -> ReLU',
    '  require volume.x >= 9000, "small"\n  output o = volume -> ReLU',
    '  require volume.x == volume.y, "uneven"\n  output o = volume -> ReLU',
  ])("are none where sizes fit, however large: %s", (body) => {
    expect(titles(body)).toEqual([]);
  });

  test("are told with what they require where no divisor says it", () => {
    const odd =
      "  a = volume -> Conv(1, 3, stride: 2)\n  output o = (a -> ConvTranspose(1, 3, stride: 2, padding: 1)) + volume";
    expect(otherRequirements(check(network(odd)))).toEqual(
      ["x", "y", "z"].map((axis) => `2*floor((${axis} + 1) / 2) - 1 = ${axis}`),
    );
    const asked = (condition: string) =>
      otherRequirements(check(network(`  require ${condition}, "no"\n  output o = volume -> ReLU`)));
    expect(asked("volume.x % 8 == 4")).toEqual(["x - 4 divisible by 8"]);
    expect(asked("volume.x < 5 or volume.x > 100")).toEqual(["volume.x < 5 or volume.x > 100"]);
  });
});
