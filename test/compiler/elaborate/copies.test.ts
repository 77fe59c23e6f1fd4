import { describe, expect, test } from "vitest";
import { check, network } from "./programs.js";

/** Each node with its inputs, as `name <- input, input`. */
function wiring(body: string, before: string): string[] {
  const { graph } = check(network(body, "", before));
  return graph.nodes.map(({ name, inputs }) => `${name} <- ${inputs.map((input) => input.name).join(", ")}`);
}

const block = `layer Block(out: int) {
  wide = input -> conv1: Conv(out, 1x3x3) -> ReLU
  output wide -> conv2: Conv(input.c, 1x3x3)
}`;

describe("elements of a comprehension that come to the same", () => {
  test("have nodes, inputs and layers of their own, and share their weights", () => {
    const { graph } = check(
      network(
        `  output result = sum(volume -> v -> block: Block(8) -> undo v for v in [a, b])`,
        "",
        `view a { s: x, h: y, w: z }\nview b { s: z, h: y, w: x }\n${block}`,
      ),
    );
    const convolutions = graph.nodes.filter(({ operation }) => operation.name === "Conv");
    expect(convolutions.map(({ name }) => name)).toEqual([
      "block.conv1@a",
      "block.conv2@a",
      "block.conv1@b",
      "block.conv2@b",
    ]);
    expect(convolutions.map(({ within }) => within?.path)).toEqual(Array(4).fill("block"));
    expect(new Set(convolutions.map(({ within }) => within)).size).toBe(2);
    expect(graph.parameters.map(({ path }) => path)).toEqual(["block.conv1.weight", "block.conv2.weight"]);
    const first = (name: string) => graph.nodes.find((node) => node.name === name)?.inputs[0]?.name;
    expect(first("block.conv2@a")).toContain("@a");
    expect(first("block.conv2@b")).toContain("@b");
  });

  test("keep apart what each of them takes and what all of them take", () => {
    const before = `layer Join(other: tensor) {\n  output input + other\n}`;
    const body = `  seen = [volume * 1.0, volume * 2.0]
  output result = sum(each -> joined: Join(seen[0]) for each in seen)`;
    const joins = wiring(body, before).filter((line) => line.startsWith("joined"));
    const [one, other] = joins.map((line) => line.split(" <- ")[1]?.split(", ") ?? []);
    expect(joins).toHaveLength(2);
    expect(one?.[0]).toBe(one?.[1]);
    expect(other?.[1]).toBe(one?.[1]);
    expect(other?.[0]).not.toBe(one?.[0]);
  });

  test("are built anew where arguments or sizes differ", () => {
    const before = `layer Part(from: int) {\n  output input[x: from..<from + 2] -> ReLU\n}`;
    const body = `  output result = sum(volume -> part: Part(i) for i in [0, 3])`;
    const { graph } = check(network(body, "", before));
    const ranges = graph.nodes.filter(({ operation }) => operation.name === "slice");
    expect(new Set(ranges.map(({ attributes }) => JSON.stringify(attributes))).size).toBe(2);
  });

  test("may themselves hold comprehensions", () => {
    const before = `layer Inner() {\n  output sum([input * 1.0, input -> ReLU][i] -> again: Conv(1, 1) for i in [0, 1])\n}`;
    const lines = wiring(`  output result = sum(volume * 2.0 -> inner: Inner for k in [0, 1])`, before);
    const names = lines.map((line) => line.split(" <- ")[0] as string);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith("inner.again"))).toEqual([
      "inner.again@0@0",
      "inner.again@0@1",
      "inner.again@1@0",
      "inner.again@1@1",
    ]);
  });
});
