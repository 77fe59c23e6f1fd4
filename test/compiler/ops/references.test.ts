import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Attributes } from "../../../src/compiler/graph/operation.js";
import { concreteShape } from "../../../src/compiler/graph/tensor.js";
import { operations } from "../../../src/compiler/ops/index.js";
import { graphOf, inputOf, nodeOf, operationOf, runGraph, testInput } from "./harness.js";

interface TensorShape {
  readonly axes: readonly string[];
  readonly shape: readonly number[];
}

/** One sample as make_references.py writes it. */
interface Sample {
  readonly name: string;
  readonly operation: string;
  readonly inputs: readonly TensorShape[];
  readonly attributes: Attributes;
  readonly roles: readonly string[];
  readonly output: TensorShape;
  readonly values: readonly number[];
}

const samples = readFileSync(new URL("./references.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line): Sample => JSON.parse(line));

describe("operations give what PyTorch gives", () => {
  test.each(samples.map((sample) => [`${sample.operation}: ${sample.name}`, sample] as const))(
    "%s",
    async (_, sample) => {
      const inputs = sample.inputs.map(({ axes, shape }, index) =>
        inputOf(`input${index + 1}`, axes.map((axis, i) => `${axis}:${shape[i]}`).join(" ")),
      );
      const node = nodeOf("layer", operationOf(sample.operation), inputs, sample.attributes);
      expect(node.type.axes.map(({ name }) => name)).toEqual(sample.output.axes);
      expect(concreteShape(node.type)).toEqual(sample.output.shape);
      expect(Object.keys(node.parameters)).toEqual(sample.roles);

      const feeds = sample.inputs.map(({ shape }, index) => {
        const name = `input${index + 1}`;
        return [name, { shape, values: testInput(name, shape) }];
      });
      const { result } = await runGraph(graphOf(inputs, [node], { result: node }), Object.fromEntries(feeds));
      expect(result?.shape).toEqual(sample.output.shape);
      expect(result?.values.length).toBe(sample.values.length);
      let worst = 0;
      sample.values.forEach((expected, index) => {
        const found = result?.values[index] as number;
        worst = Math.max(worst, Math.abs(found - expected) / (1 + Math.abs(expected)));
      });
      expect(worst).toBeLessThan(5e-6);
    },
  );

  test("every operation has a sample", () => {
    const sampled = new Set(samples.map(({ operation }) => operation));
    expect(operations.map(({ name }) => name).filter((name) => !sampled.has(name))).toEqual([]);
  });
});
