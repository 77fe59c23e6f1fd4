import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyze, volumeCost } from "../../../src/compiler/index.js";
import { createLabels, labelHighest } from "../../../src/runtime/tiling/labels.js";
import { type Triple, tileStarts } from "../../../src/runtime/tiling/positions.js";
import { tileWeights } from "../../../src/runtime/tiling/weights.js";
import { blendingBytes, blendTiles } from "../../../src/runtime/tiling/window.js";
import { check, network } from "../elaborate/programs.js";
import { refusal } from "../ops/harness.js";

function analysisOf(classes: number, tile: readonly number[], batch = 1) {
  const text = network(`  output scores = volume -> c: Conv(${classes}, 3x3x3)`);
  return analyze(check(text, { tile, batch }));
}

const lengths = (maximum: number) =>
  fc.tuple(
    ...([0, 1, 2].map(() => fc.integer({ min: 1, max: maximum })) as [
      fc.Arbitrary<number>,
      fc.Arbitrary<number>,
      fc.Arbitrary<number>,
    ]),
  );

describe("the cost of a volume", () => {
  test("has the tiles that the runtime runs", () => {
    const overlaps = fc.double({ min: 0, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(lengths(40), lengths(20), overlaps, (volume, tile, overlap) => {
        const analysis = analysisOf(3, tile);
        const cost = volumeCost(analysis, { volume, overlap });
        const starts = tileStarts(volume, tile, overlap);
        expect(cost.starts).toEqual(starts);
        const tiles = BigInt(starts.reduce((product, { length }) => product * length, 1));
        expect(cost.tiles).toBe(tiles);
        expect(cost.macs).toBe(tiles * analysis.total.macs);
        expect(cost.flops).toBe(tiles * analysis.total.flops);
        const [voxels, covered] = [volume, tile].map(([x, y, z]) => x * y * z) as [number, number];
        expect(cost.redundancy).toBeCloseTo((Number(tiles) * covered) / voxels, 9);
      }),
    );
  });

  test.each([
    { classes: 3, volume: [60, 50, 40], tile: [32, 24, 16] },
    { classes: 300, volume: [20, 30, 10], tile: [32, 8, 8] },
  ] satisfies readonly { classes: number; volume: Triple; tile: Triple }[])(
    "has the memory that the runtime takes to blend: %o",
    ({ classes, volume, tile }) => {
      const cost = volumeCost(analysisOf(classes, tile), { volume, overlap: 0.5 });
      const voxels = volume[0] * volume[1] * volume[2];
      const labels = createLabels(voxels, classes);
      expect(cost.labelBytes).toBe(BigInt(labels.byteLength));
      expect(cost.tileOutputBytes).toBe(BigInt(4 * classes * tile[0] * tile[1] * tile[2]));
      const collector = labelHighest(volume, classes);
      const before = process.memoryUsage().arrayBuffers;
      const weights = tileWeights(tile, "constant");
      const target = blendTiles(volume, tile, classes, weights, collector);
      const taken = process.memoryUsage().arrayBuffers - before;
      expect(target).toBeDefined();
      expect(cost.blendingBytes).toBe(BigInt(taken));
      expect(blendingBytes(volume, tile, classes)).toBe(taken);
    },
  );

  test("of one tile takes no blending", () => {
    const cost = volumeCost(analysisOf(2, [8, 9, 10]), { volume: [8, 9, 10], overlap: 0.5 });
    expect(cost.tiles).toBe(1n);
    expect(cost.redundancy).toBe(1);
    expect(cost.blendingBytes).toBe(0n);
  });

  test("labels by the output that slab run labels by: the one called logits, else the first", () => {
    const text = network(
      "  wide = volume -> same: Conv(300, 1)\n  output aux = wide\n" +
        "  output logits = wide -> last: Conv(5, 1)",
    );
    const costOf = (source: string) =>
      volumeCost(analyze(check(source, { tile: [8, 8, 8] })), { volume: [16, 8, 8], overlap: 0 });
    expect(costOf(text)).toMatchObject({ tiles: 2n, tileOutputBytes: 4n * 5n * 512n, labelBytes: 1024n });
    const unnamed = costOf(text.replace("logits", "scores"));
    expect(unnamed).toMatchObject({ tileOutputBytes: 4n * 300n * 512n, labelBytes: 2048n });
  });

  test("is refused where the network or the sizes do not fit", () => {
    const scores = analysisOf(2, [8, 8, 8]);
    expect(refusal(() => volumeCost(scores, { volume: [16, 16], overlap: 0 }))).toBe(
      "SLAB7005: the volume needs 3 sizes",
    );
    expect(refusal(() => volumeCost(scores, { volume: [16, 16, 16], overlap: 1 }))).toMatch(/^SLAB5117/);
    expect(refusal(() => volumeCost(scores, { volume: [16, 16, 16], overlap: Number.NaN }))).toMatch(
      /^SLAB5117/,
    );
    const tiles = { volume: [16, 16, 16], overlap: 0 };
    const whyNot = "SLAB7006: Net can't be run over a volume in tiles";
    expect(refusal(() => volumeCost(analysisOf(2, [8, 8, 8], 2), tiles))).toBe(whyNot);
    const pooled = check(network("  output mean = volume -> Mean(x, y, z)"), { tile: [8, 8, 8] });
    expect(refusal(() => volumeCost(analyze(pooled), tiles))).toBe(whyNot);
    const half = "  output deep = volume -> MaxPool(2)\n  output scores = volume -> Conv(2, 1)";
    const small = analyze(check(network(half), { tile: [8, 8, 8] }));
    expect(refusal(() => volumeCost(small, tiles))).toBe(whyNot);
    const two = check(
      "network Net {\n  input a: float[n, c: 1, x, y, z]\n  input b: float[n, c: 1, x, y, z]\n  output s = a + b\n}\n",
      { tile: [8, 8, 8] },
    );
    expect(refusal(() => volumeCost(analyze(two), tiles))).toBe(whyNot);
  });
});
