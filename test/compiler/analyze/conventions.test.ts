import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { analyze, type ConventionName, groupLayers } from "../../../src/compiler/index.js";
import { operations } from "../../../src/compiler/ops/index.js";
import { check } from "../elaborate/programs.js";

interface Reference {
  readonly name: string;
  readonly slab: string;
  readonly tile: readonly number[];
  readonly output: readonly number[];
  readonly parameters: number;
  readonly fvcore: number;
  readonly ptflops: number;
  readonly torch: number;
}

/** Counted by the tools themselves on PyTorch modules of the same networks; see references/make_conventions.py. */
const references: readonly Reference[] = JSON.parse(
  readFileSync(new URL("references/conventions.json", import.meta.url), "utf8"),
);

describe.each(references)("$name", ({ slab, tile, output, parameters, ...counts }) => {
  const analysis = analyze(check(slab, { tile }));

  test("is the network that was counted", () => {
    expect(analysis.outputs[0]?.axes.map(({ size }) => Number(size))).toEqual(output);
    expect(analysis.parameters.trainable).toBe(BigInt(parameters));
  });

  test.each(["fvcore", "ptflops", "torch"] as const)(
    "has the number that %s gives",
    (name: ConventionName) => {
      const found = analysis.conventions.find((convention) => convention.name === name);
      expect(found?.value).toBe(BigInt(counts[name]));
      expect(groupLayers(analysis, "total")[0]?.conventions[name]).toBe(BigInt(counts[name]));
    },
  );
});

/**
 * Operations that PyTorch twins in the references contain, and those that none of the tools counts. A new operation is
 * to be added to one of the lists, after a look at the rules in src/compiler/analyze/conventions.
 */
const counted =
  "Conv ConvTranspose InstanceNorm BatchNorm GroupNorm LayerNorm ReLU LeakyReLU ELU PReLU GELU SiLU Sigmoid Tanh " +
  "MaxPool AvgPool Softmax Linear Contract GridSample Mean Resize Dropout add sum scale concat rearrange rename split merge";
const uncounted =
  "Shift Exp Sin Sqrt Floor Index Softplus Sum Max subtract multiply divide negate reciprocal Roll Pad slice drop flip repeat stack param Gather table";

test("every operation has a place in the conventions", () => {
  const known = new Set(`${counted} ${uncounted}`.split(" "));
  expect(operations.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
});
