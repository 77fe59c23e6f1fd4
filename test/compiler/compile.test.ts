import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { checkFile, compilerVersion, type Host, SlabFailure } from "../../src/compiler/index.js";

const brokenLayer = "layer Broken() {\n  output input -> Shift(t, 1/4)\n}\n";
const network = (name: string, value: string) =>
  `network ${name}() {\n  input scan: float[n, c: 1, x]\n  output y = scan -> ${value}\n}\n`;

function codesOf(text: string): string[] {
  const host: Host = {
    read: () => text,
    readStandard: () => undefined,
    standardModules: () => [],
    resolve: () => undefined,
  };
  try {
    checkFile("file.slab", host);
    return [];
  } catch (failure) {
    if (!(failure instanceof SlabFailure)) throw failure;
    return failure.diagnostics.map(({ code }) => code);
  }
}

test("a file's networks are all checked, also after a wrong one", () => {
  expect(codesOf(network("First", "Conv(0, 3)") + network("Second", "Shift(t, 1/4)"))).toHaveLength(2);
});

test("a mistake in a layer that two networks use is one message", () => {
  expect(codesOf(brokenLayer + network("First", "Broken") + network("Second", "Broken"))).toHaveLength(1);
});

test("the compiler writes the package's version into its models", () => {
  expect(compilerVersion).toBe(manifest.version);
});

test("a network that is made for one size is checked with the tile of its pipeline, and without one it is not", () => {
  const learned = `network Learned() {
  input scan: float[n, c: 1, x, y, z]
  param position: float[c: 1, x: scan.x] init zeros
  output y = scan + position -> head: Conv(2, 1)
}
`;
  const pipeline = "pipeline scans for Learned {\n  modality: mr\n  intensity: zscore\n  tile: 8x8x8\n}\n";
  expect(codesOf(learned)).toEqual(["SLAB2273"]);
  expect(codesOf(learned + pipeline)).toEqual([]);
  expect(codesOf(learned.replace("+ position", "+ positions") + pipeline)).not.toEqual([]);
});
