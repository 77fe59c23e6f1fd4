import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { analyze, emitModel } from "../../../src/compiler/index.js";
import { check, outputType } from "../elaborate/programs.js";

/** The output of a network over x: 3 and y: 4 that are counted through. */
async function run(body: string): Promise<{ readonly type: string; readonly values: readonly number[] }> {
  const checked = check(`network Net {\n  input volume: float[x: 3, y: 4]\n${body}\n}\n`, { tile: [] });
  const { emitted } = emitModel(checked, { kind: "seeded" }, "unused.data");
  const session = await InferenceSession.create(emitted.model, { logSeverityLevel: 3 });
  const counted = Float32Array.from({ length: 12 }, (_, index) => index);
  const outputs = await session.run({ volume: new Tensor("float32", counted, [3, 4]) });
  await session.release();
  return { type: outputType(checked), values: Array.from(outputs.logits?.data as Float32Array) };
}

describe("a table", () => {
  test("has the numbers of its expression, the first axis outermost", async () => {
    const { type, values } = await run(
      "  output logits = [10 * i + j for i: 2, j: 3] * (volume -> Mean(x, y))",
    );
    expect(type).toBe("float[i: 2, j: 3]");
    expect(values).toEqual([0, 1, 2, 10, 11, 12].map((value) => value * 5.5));
  });

  test("sees what is around it, and can have ratios", async () => {
    const { values } = await run(
      "  half = 1 / 2\n  output logits = volume * [if x == y then half else 0 for y: 4, x: volume.x]",
    );
    expect(values).toEqual([0, 0, 0, 0, 0, 2.5, 0, 0, 0, 0, 5, 0]);
  });

  test("costs nothing, and neither does what follows from tables alone", () => {
    const body = "output logits = volume + 2 * [x for x: 3] * [y for y: 4]";
    const checked = check(`network Net {\n  input volume: float[x: 3, y: 4]\n  ${body}\n}\n`, { tile: [] });
    expect(analyze(checked).total).toMatchObject({ macs: 0n, flops: 12n });
  });
});

describe("Gather", () => {
  test("takes elements along an axis, and the axes of the table stand where that axis stood", async () => {
    const { type, values } = await run("  output logits = Gather(volume, [i + j for i: 2, j: 2], along: x)");
    expect(type).toBe("float[i: 2, j: 2, y: 4]");
    const row = (x: number) => [0, 1, 2, 3].map((y) => 4 * x + y);
    expect(values).toEqual([...row(0), ...row(1), ...row(1), ...row(2)]);
  });

  test("along several axes reads tables of one axis side by side", async () => {
    const { type, values } = await run(
      "  output logits = Gather(volume, [2 - t for t: 3], [t for t: 3], along: (x, y))",
    );
    expect(type).toBe("float[t: 3]");
    expect(values).toEqual([8, 5, 2]);
  });

  test("along several axes combines tables of different axes, in the order in which they are given", async () => {
    const { type, values } = await run(
      "  output logits = Gather(volume, [3 - j for j: 2], [2 * i for i: 2], along: (y, x))",
    );
    expect(type).toBe("float[j: 2, i: 2]");
    expect(values).toEqual([3, 11, 2, 10]);
  });
});
