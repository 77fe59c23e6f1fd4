import { describe, expect, test } from "vitest";
import { concreteShape } from "../../../src/compiler/graph/tensor.js";
import { operations } from "../../../src/compiler/ops/index.js";
import { runGraph } from "./harness.js";
import { applied, samples } from "./samples.js";

describe("operations give what PyTorch gives", () => {
  test.each(samples.map((sample) => [`${sample.operation}: ${sample.name}`, sample] as const))(
    "%s",
    async (_, sample) => {
      const { node, graph, feeds } = applied(sample);
      expect(node.type.axes.map(({ name }) => name)).toEqual(sample.output.axes);
      expect(concreteShape(node.type)).toEqual(sample.output.shape);
      expect(Object.keys(node.parameters)).toEqual(sample.roles);

      const { result } = await runGraph(graph, feeds);
      expect(result?.shape).toEqual(sample.output.shape);
      expect(result?.values.length).toBe(sample.values.length);
      let worst = 0;
      sample.values.forEach((expected, index) => {
        const found = result?.values[index] as number;
        if (expected === null) expect(found).toBeNaN();
        else worst = Math.max(worst, Math.abs(found - expected) / (1 + Math.abs(expected)));
      });
      expect(worst).toBeLessThan(5e-6);
    },
  );

  test("every operation has a sample", () => {
    // What tables are is tested in tables.test.ts.
    const sampled = new Set([...samples.map(({ operation }) => operation), "table"]);
    expect(operations.map(({ name }) => name).filter((name) => !sampled.has(name))).toEqual([]);
  });
});
