import { expect, test } from "vitest";
import { createHost } from "../../src/cli/host.js";
import { starter } from "../../src/cli/starter.js";
import { checkNetwork } from "../../src/compiler/index.js";
import { formatSource } from "../../src/compiler/syntax/format.js";

test("the starter is right without a warning, takes any size, and is laid out as slab fmt does", () => {
  const text = starter("LiverNet");
  const host = { ...createHost("liver.slab"), read: () => text };
  const { graph, warnings } = checkNetwork("liver.slab", host, { tile: [5, 7, 9] });
  expect(warnings).toEqual([]);
  expect(graph.nodes.map(({ operation }) => operation.name)).toContain("Shift");
  expect(formatSource({ path: "liver.slab", text })).toBe(text);
});
