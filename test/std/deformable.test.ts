import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { emitModel, parseSchedule, type SlabFailure, seededInput } from "../../src/compiler/index.js";
import { check, outputType, paths } from "../compiler/elaborate/programs.js";
import { runModel } from "../compiler/ops/harness.js";

const use =
  "use std.deformable { DeformableAttention, DeformableBlock, SinePositions }\nview grid { c: c, x: x, y: y, z: z }\n";

interface Stored {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** What PyTorch gives; make_deformable.py writes it. */
const expected: Readonly<Record<string, Stored>> = JSON.parse(
  readFileSync(new URL("./deformable.json", import.meta.url), "utf8"),
);

function onVolume(body: string, tile: readonly number[], channels = 12, batch = 1): ReturnType<typeof check> {
  const input = `  input volume: float[n, c: ${channels}, x, y, z]`;
  return check(`${use}network Net {\n${input}\n${body}\n}\n`, { tile, batch });
}

/** Runs a network on the seeded volume, and compares its outputs with those stored under their names. */
async function expectStored(checked: ReturnType<typeof check>, shape: readonly number[], schedule: string) {
  const { emitted } = emitModel(checked, { kind: "seeded" }, "unused.data", parseSchedule(schedule));
  const results = await runModel(emitted.model, { volume: { shape, values: seededInput("volume", shape) } });
  expect(Object.keys(results).length).toBeGreaterThan(0);
  for (const [name, { shape, values }] of Object.entries(results)) {
    const stored = expected[name] as Stored;
    expect(shape).toEqual(stored.shape);
    const worst = stored.values.map((value, index) => Math.abs(value - (values[index] as number)));
    expect(Math.max(...worst)).toBeLessThan(1e-5);
  }
}

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (failure) {
    return (failure as SlabFailure).diagnostics.map(({ title }) => title).join("\n");
  }
  return "";
}

const twoScales = `  less = volume -> AvgPool(2)
  positions = [volume -> SinePositions, less -> SinePositions]
  both = volume -> block: DeformableBlock([volume, less], positions, heads: 2, hidden: 10, points: 3)
  output fine = both[0]
  output coarse = both[1]`;

describe("SinePositions", () => {
  test("are what PyTorch computes, for axes of different lengths", async () => {
    const checked = onVolume("  output positions = volume -> SinePositions -> grid", [3, 2, 5], 24);
    expect(outputType(checked)).toBe("float[c: 24, x: 3, y: 2, z: 5]");
    await expectStored(checked, [1, 24, 3, 2, 5], "portable");
  });

  test("refuse channels that are no threes, and a picture", () => {
    const body = "  output positions = volume -> SinePositions";
    expect(refusal(() => onVolume(body, [3, 2, 5], 8))).toBe(
      "sine positions of three axes need channels in threes, but there are 8",
    );
    const picture = `${use}network Net {\n  input volume: float[n, c: 6, x, y]\n${body}\n}\n`;
    expect(refusal(() => check(picture, { tile: [3, 2] }))).toMatchInlineSnapshot(
      `"there is no axis z here"`,
    );
  });
});

describe("DeformableBlock", () => {
  test.each(["portable", "cpu", "webgpu"])(
    "attends over two scales as PyTorch does, as %s",
    async (schedule) => {
      const checked = onVolume(twoScales, [4, 2, 6], 12, 2);
      await expectStored(checked, [2, 12, 4, 2, 6], schedule);
    },
  );

  test("has one set of weights for all scales", () => {
    expect(paths(onVolume(twoScales, [4, 2, 6])).filter((path) => path.endsWith("weight"))).toEqual([
      "block.value_proj.weight",
      "block.self_attn.sampling_offsets.weight",
      "block.self_attn.attention_weights.weight",
      "block.self_attn.output_proj.weight",
      "block.norm1.weight",
      "block.linear1.weight",
      "block.linear2.weight",
      "block.norm2.weight",
    ]);
  });

  test.each([
    ["heads that do not divide the channels", ["heads: 2", "heads: 5"], "5 heads do not divide 12 channels"],
    ["no heads", ["heads: 2", "heads: 0"], "0 heads do not divide 12 channels"],
    ["no places", ["points: 3", "points: 0"], "a head looks at 1 place at least, found 0"],
    [
      "a scale without positions",
      ["[volume -> SinePositions, less -> SinePositions]", "[volume -> SinePositions]"],
      "2 scales need as many positions, found 1",
    ],
    [
      "scales of different widths",
      ["AvgPool(2)", "AvgPool(2) -> Conv(6, 1)"],
      "scales share their weights, so they need equal channels, found [12, 6]",
    ],
  ])("refuses %s", (_, [written, wrong], message) => {
    expect(refusal(() => onVolume(twoScales.replace(written as string, wrong as string), [4, 2, 6]))).toBe(
      message,
    );
  });
});
