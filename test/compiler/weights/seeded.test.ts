import { describe, expect, test } from "vitest";
import { fnv1a32, seededInput, seededTensor } from "../../../src/compiler/weights/seeded.js";

const close = (actual: Float32Array, expected: readonly number[]) =>
  expected.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, 7);
  });

/** The formula word for word, in exact integers. */
function uniform(name: string, index: number): number {
  const mask = 0xffffffffn;
  let h = (BigInt(fnv1a32(name)) ^ ((BigInt(index) * 0x9e3779b9n) & mask)) & mask;
  h ^= h >> 16n;
  h = (h * 0x85ebca6bn) & mask;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) & mask;
  h ^= h >> 16n;
  return (Number(h) / 2 ** 32) * 2 - 1;
}

describe("seeded values", () => {
  test("the hash of a name", () => {
    expect(fnv1a32("input")).toBe(4191711099);
    expect(fnv1a32("")).toBe(0x811c9dc5);
    expect(fnv1a32("ä")).not.toBe(fnv1a32("a"));
  });

  test("the input's values", () => {
    close(
      seededInput("input", [3]),
      [0.59806627, 0.18139269, -0.56982691].map((u) => (u + 1) / 2),
    );
  });

  test("a weight's values", () => {
    close(
      seededTensor("a.weight", [2, 3]),
      [0.42242536, 0.55854666, -0.55555254, 0.17198142, -0.15143567, -0.61373484],
    );
  });

  test.each<[string, number[], (u: number) => number]>([
    ["norm.running_var", [4], (u) => 1 + 0.25 * (u + 1)],
    ["norm.running_mean", [4], (u) => 0.2 * u],
    ["norm.weight", [4], (u) => 1 + 0.2 * u],
    ["norm.bias", [4], (u) => 0.2 * u],
    ["scale", [], (u) => 0.2 * u],
    ["conv.weight", [2, 2, 3], (u) => u * Math.sqrt(3 / 6)],
    ["position", [2, 8], (u) => u * Math.sqrt(3 / 8)],
  ])("%s %j has the distribution of its kind", (name, shape, value) => {
    const tensor = seededTensor(name, shape);
    expect(tensor.length).toBe(shape.reduce((n, size) => n * size, 1));
    tensor.forEach((actual, i) => {
      expect(actual).toBe(Math.fround(value(uniform(name, i))));
    });
  });

  test("an index far into a tensor wraps at 32 bits", () => {
    const tensor = seededTensor("big.weight", [1000, 2000]);
    for (const i of [65_537, 1_999_999])
      expect(tensor[i]).toBe(Math.fround(uniform("big.weight", i) * Math.sqrt(3 / 2000)));
  });
});
