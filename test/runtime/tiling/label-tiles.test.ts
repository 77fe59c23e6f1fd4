import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinTiles, labelsSuffice, whyScores } from "../../../src/runtime/tiling/label-tiles.js";
import { argMax, createLabels, labelHighest } from "../../../src/runtime/tiling/labels.js";
import { eachStart, type Triple, tileStarts } from "../../../src/runtime/tiling/positions.js";
import { type Blend, tileWeights } from "../../../src/runtime/tiling/weights.js";
import { blendTiles } from "../../../src/runtime/tiling/window.js";

const classes = 4;
const count = (size: Triple) => size[0] * size[1] * size[2];
const length = fc.integer({ min: 1, max: 8 });
const size = fc.tuple(length, length, length);

test("where labels suffice they are those that blended scores give", () => {
  let sufficient = 0;
  const blends = fc.constantFrom<Blend>("constant", "gaussian");
  fc.assert(
    fc.property(size, size, fc.constantFrom(0, 0.5), blends, (whole, tile, overlap, blend) => {
      if (!labelsSuffice(whole, tile, { overlap, blend })) return;
      sufficient++;
      const collector = labelHighest(whole, classes);
      const blended = blendTiles(whole, tile, classes, tileWeights(tile, blend), collector);
      const joined = joinTiles(whole, tile, classes);
      for (const [index, start] of [...eachStart(tileStarts(whole, tile, overlap))].entries()) {
        const scores = Float32Array.from(
          { length: classes * count(tile) },
          (_, i) => (i * 31 + index * 7) % 5,
        );
        blended.add(scores, start);
        const planes = Array.from({ length: classes }, (_, c) => scores.subarray(c * count(tile)));
        const labels = createLabels(count(tile), classes);
        argMax(planes, count(tile), labels, 0);
        joined.add(labels, start);
      }
      blended.finish();
      expect(joined.finish()).toEqual(collector.finish());
    }),
    { numRuns: 500 },
  );
  expect(sufficient).toBeGreaterThan(50);
});

describe("scores are needed", () => {
  const use = { overlap: 0, blend: "constant" } as const;
  test("where tiles overlap, also where only the last one was moved back", () => {
    expect(whyScores([8, 8, 8], [4, 4, 4], use)).toBeUndefined();
    expect(whyScores([8, 8, 8], [4, 4, 4], { ...use, overlap: 0.5 })).toMatch(/overlap/);
    expect(whyScores([8, 8, 7], [4, 4, 4], use)).toMatch("tiles of 4x4x4 overlap in a scan of 8x8x7");
  });
  test("for mirrored scans, and for probabilities on the scan's grid", () => {
    expect(whyScores([4, 4, 4], [4, 4, 4], { ...use, mirror: [0] })).toMatch(/mirrored/);
    expect(whyScores([4, 4, 4], [4, 4, 4], { ...use, collect: () => undefined })).toMatch(/probabilities/);
  });
  test("for the same labels to the voxel, where weights round scores", () => {
    expect(labelsSuffice([3, 3, 3], [4, 4, 4], { overlap: 0, blend: "gaussian" })).toBe(false);
    expect(labelsSuffice([3, 3, 3], [4, 4, 4], use)).toBe(true);
    expect(labelsSuffice([4, 4, 4], [4, 4, 4], { overlap: 0.5, blend: "gaussian" })).toBe(true);
  });
});

test("labels that are no class are counted, within the volume alone", () => {
  const joined = joinTiles([1, 1, 2], [1, 1, 4], 3);
  joined.add(Uint8Array.of(3, 2, 3, 3), [0, 0, -1]);
  expect(joined.finish()).toEqual({ labels: Uint8Array.of(2, 0), notNumbers: 1 });
});
