import { describe, expect, test } from "vitest";
import { equalAxes, sizeRequirements } from "../../src/compiler/index.js";
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
