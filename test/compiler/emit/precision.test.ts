import onnxProto from "onnx-proto";
import { expect, test } from "vitest";
import { emitOnnx } from "../../../src/compiler/emit/onnx/emit.js";
import { scheduleGraph } from "../../../src/compiler/passes/pipeline.js";
import { parseSchedule } from "../../../src/compiler/schedule/parse.js";
import { check, network } from "../elaborate/programs.js";
import { emitOptions, runModel, seededWeights, testInput } from "../ops/harness.js";

const { FLOAT, FLOAT16 } = onnxProto.onnx.TensorProto.DataType;

test.each(["precision=float16", "cpu,precision=float16", "norm=joined,shift=merged,precision=float16"])(
  "with %s inputs and outputs are float32, and what is between differs little",
  async (name) => {
    const body =
      "t = volume -> a: Conv(8, 1x3x3, bias: true) -> Shift(x, 1/4) -> InstanceNorm(affine: true) -> LeakyReLU\n" +
      "  output a = t -> b: Conv(3, 1x1x1) -> Softmax(c)\n  output b = volume\n  output c = 2 * t";
    const { graph } = check(network(body), { tile: [6, 8, 10] });
    const inputs = { volume: { shape: [1, 1, 6, 8, 10], values: testInput("volume", [1, 1, 6, 8, 10]) } };
    const run = (text: string) => {
      const schedule = parseSchedule(text);
      const { model } = emitOnnx(scheduleGraph(graph, schedule).graph, seededWeights, {
        ...emitOptions,
        precision: schedule.precision,
      });
      return runModel(model, inputs);
    };
    const [half, full] = [await run(name), await run("portable")];
    for (const [output, { shape, values }] of Object.entries(full)) {
      expect(half[output]?.shape).toEqual(shape);
      const difference = values.map((value, index) =>
        Math.abs(value - (half[output]?.values[index] as number)),
      );
      const largest = difference.reduce((a, b) => Math.max(a, b));
      expect(largest).toBeLessThan(0.02);
      // Float16 it is: the same results to all digits would mean float32.
      if (output !== "b") expect(largest).toBeGreaterThan(1e-6);
    }
  },
);

const layers = `
layer Added { param table: float[z, x]
  output input + table
}
layer AddedTwice { param table: float[z, x]
  output input + table + 2 * table
}`;

/** A body's model in float16, for a volume of 2400 × 2 × 2 voxels. */
function half(body: string): onnxProto.onnx.IModelProto & { bytes: Uint8Array } {
  const { graph } = check(network(body, "", layers), { tile: [2400, 2, 2] });
  const { model } = emitOnnx(graph, seededWeights, { ...emitOptions, precision: "float16" });
  return Object.assign(onnxProto.onnx.ModelProto.decode(model), { bytes: model });
}

test("what is calculated of positions alone is as exact in float16 as in float32", async () => {
  const body =
    "position = volume -> Index(x)\n  parity = position - 2 * (position / 2 -> Floor)\n  output a = volume * 0 + parity";
  const shape = [1, 1, 2400, 2, 2];
  const inputs = { volume: { shape, values: testInput("volume", shape) } };
  const { a } = await runModel(half(body).bytes, inputs);
  // From 2049 on float16 has no odd numbers.
  expect([...(a?.values ?? [])]).toEqual(
    Array.from({ length: 2400 * 4 }, (_, index) => Math.floor(index / 4) % 2),
  );
});

test("weights are stored in float16 where they are only copied, in float32 where something is calculated of them", () => {
  const { graph } = half("output a = volume -> l: Added -> m: AddedTwice -> n: Conv(2, 1x1x1)");
  const weights = graph?.initializer?.filter(({ name }) => !name?.startsWith("constant/"));
  expect(weights?.map(({ name, dataType }) => [name, dataType])).toEqual([
    ["l.table/float16", FLOAT16],
    ["m.table/float16", FLOAT16],
    ["m.table", FLOAT],
    ["n.weight/float16", FLOAT16],
  ]);
  // The input, what is calculated of m's table, and the output.
  expect(graph?.node?.filter(({ opType }) => opType === "Cast")).toHaveLength(3);
});

test("a GridSample takes and gives float32: CUDA has none of float16", () => {
  const body = `p = volume -> at: Conv(3, 1x1x1) -> rename(c: p, x: u, y: v, z: w)
  output a = GridSample(volume -> b: Conv(2, 1x1x1), p, along: p, over: (x, y, z))`;
  const nodes = half(body).graph?.node ?? [];
  const sample = nodes.find(({ opType }) => opType === "GridSample");
  const made = (name: string | undefined) => nodes.find(({ output }) => output?.includes(name ?? ""));
  // What stands between it and the convolutions moves elements only.
  const from = (name: string | undefined): string[] => {
    const node = made(name);
    const { opType = "", input } = node ?? {};
    return opType === "Cast" || opType === "Conv" ? [opType] : from(input?.[0] ?? undefined);
  };
  expect(sample?.input?.map(from)).toEqual([["Cast"], ["Cast"]]);
});
