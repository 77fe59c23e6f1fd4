import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { axisStarts } from "../../../src/compiler/support/tiles.js";
import { type Pad, tileCutter } from "../../../src/runtime/tiling/extract.js";
import { argMax, createLabels, histogram, labelHighest } from "../../../src/runtime/tiling/labels.js";
import { parseBlend, parseMirror, parseOverlap, parsePad } from "../../../src/runtime/tiling/options.js";
import { eachStart, type Triple, tileStarts } from "../../../src/runtime/tiling/positions.js";
import { type Blend, tileWeights } from "../../../src/runtime/tiling/weights.js";
import { blendTiles } from "../../../src/runtime/tiling/window.js";

interface Reference {
  readonly weights: readonly { tile: Triple; values: readonly number[] }[];
  readonly starts: readonly { length: number; tile: number; overlap: number; starts: readonly number[] }[];
  readonly labels: readonly {
    size: Triple;
    tile: Triple;
    overlap: number;
    blend: Blend;
    pad: string;
    labels: string;
  }[];
}

const reference = JSON.parse(readFileSync(new URL("./monai.json", import.meta.url), "utf8")) as Reference;
const count = (size: Triple) => size[0] * size[1] * size[2];

/** The volume that the reference was made from. */
function referenceVolume(size: Triple): Float32Array {
  return Float32Array.from({ length: count(size) }, (_, i) => ((i * 7919 + i * i * 13) % 101) / 64 - 0.75);
}

/** The "network" that the reference was made with: four scores, which depend on the place within the tile too. */
function referenceNetwork(values: Float32Array, tile: Triple): Float32Array {
  const [factors, slopes] = [
    [0, 1, -1.5, 2.25],
    [0.5, -0.125, 0.25, -0.375],
  ] as const;
  const voxels = count(tile);
  return Float32Array.from({ length: 4 * voxels }, (_, index) => {
    const label = Math.floor(index / voxels);
    const voxel = index % voxels;
    const [i, j, k] = [
      Math.floor(voxel / (tile[1] * tile[2])),
      Math.floor(voxel / tile[2]) % tile[1],
      voxel % tile[2],
    ] as const;
    return (
      (values[voxel] as number) * (factors[label] as number) +
      ((i + 2 * j + 3 * k) % 7) * (slopes[label] as number)
    );
  });
}

function labelTiles(
  data: Float32Array,
  size: Triple,
  tile: Triple,
  overlap: number,
  blend: Blend,
  pad: Pad,
): Uint8Array | Uint16Array {
  const collector = labelHighest(size, 4);
  const target = blendTiles(size, tile, 4, tileWeights(tile, blend), collector);
  const cutter = tileCutter(data, size, tile, pad);
  for (const start of eachStart(tileStarts(size, tile, overlap))) {
    target.add(referenceNetwork(cutter.cut(start), tile), start);
  }
  target.finish();
  const { labels, notNumbers } = collector.finish();
  expect(notNumbers).toBe(0);
  return labels;
}

describe("against MONAI", () => {
  test.each(reference.starts)(
    "tiles of $tile over $length voxels with overlap $overlap start where MONAI's do",
    (found) => {
      expect(axisStarts(found.length, found.tile, found.overlap)).toEqual(found.starts);
    },
  );

  test.each(reference.weights)("gaussian weights of a tile of $tile are MONAI's", ({ tile, values }) => {
    const weights = tileWeights(tile, "gaussian");
    expect(weights.length).toBe(values.length);
    for (const [index, value] of values.entries()) {
      expect(Math.abs((weights[index] as number) - value)).toBeLessThanOrEqual(2e-7 * value);
    }
  });

  test.each(reference.labels)(
    "labels of $size in tiles of $tile, overlap $overlap, $blend, $pad are MONAI's",
    (found) => {
      const { size, tile, overlap, blend, pad } = found;
      const labels = labelTiles(referenceVolume(size), size, tile, overlap, blend, parsePad(pad));
      expect([...labels].join("")).toBe(found.labels);
    },
  );
});

const smallSize = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
);

test("tiles cover an axis without gaps, in order, and end with it", () => {
  const sizes = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(sizes, sizes, fc.double({ min: 0, max: 0.999, noNaN: true }), (length, tile, overlap) => {
      const starts = axisStarts(length, tile, overlap);
      if (length <= tile) {
        expect(starts).toEqual([0 - Math.floor((tile - length) / 2)]);
        return;
      }
      expect(starts[0]).toBe(0);
      expect((starts.at(-1) as number) + tile).toBe(length);
      for (const [index, start] of starts.slice(1).entries()) {
        expect(start).toBeGreaterThan(starts[index] as number);
        expect(start - (starts[index] as number)).toBeLessThanOrEqual(tile);
      }
    }),
  );
});

test("blending in a moving window gives what sums over the whole volume give", () => {
  const overlaps = fc.constantFrom(0, 0.25, 0.5, 0.7);
  const blends = fc.constantFrom<Blend>("constant", "gaussian");
  const pads = fc.constantFrom("minimum", "constant(-0.5)", "edge", "reflect", "wrap").map(parsePad);
  fc.assert(
    fc.property(smallSize, smallSize, overlaps, blends, pads, (size, tile, overlap, blend, pad) => {
      const data = referenceVolume(size);
      const labels = labelTiles(data, size, tile, overlap, blend, pad);
      expect([...labels]).toEqual(bruteForce(data, size, tile, overlap, blend, pad));
    }),
    { numRuns: 150 },
  );
});

/** Blending voxel by voxel, with the volume really padded and all sums kept: slow and plain. */
function bruteForce(
  data: Float32Array,
  size: Triple,
  tile: Triple,
  overlap: number,
  blend: Blend,
  pad: Pad,
): number[] {
  const sums = new Map<string, { scores: Float32Array; weight: Float32Array }>();
  const weights = tileWeights(tile, blend);
  const smallest = Math.min(...data);
  const value = (place: number[]) => {
    const inside = place.map((at, axis) => placeInside(at, size[axis] as number, pad));
    const [x, y, z] = inside as [number, number, number];
    if (inside.includes(-1)) return pad.kind === "constant" ? pad.value : smallest;
    return data[(x * size[1] + y) * size[2] + z] as number;
  };
  const [first, second, third] = tileStarts(size, tile, overlap);
  for (const start of first.flatMap((x) => second.flatMap((y) => third.map((z) => [x, y, z])))) {
    const places: number[][] = [];
    for (let i = 0; i < tile[0]; i++) {
      for (let j = 0; j < tile[1]; j++) {
        for (let k = 0; k < tile[2]; k++) {
          places.push([i, j, k].map((at, axis) => at + (start[axis] as number)));
        }
      }
    }
    const scores = referenceNetwork(Float32Array.from(places, value), tile);
    for (const [voxel, place] of places.entries()) {
      const sum = sums.get(place.join()) ?? { scores: new Float32Array(4), weight: new Float32Array(1) };
      sums.set(place.join(), sum);
      const weight = weights[voxel] as number;
      sum.weight[0] = (sum.weight[0] as number) + weight;
      for (let label = 0; label < 4; label++) {
        const weighted = Math.fround((scores[label * places.length + voxel] as number) * weight);
        sum.scores[label] = (sum.scores[label] as number) + weighted;
      }
    }
  }
  const labels: number[] = [];
  for (let x = 0; x < size[0]; x++) {
    for (let y = 0; y < size[1]; y++) {
      for (let z = 0; z < size[2]; z++) {
        const sum = sums.get([x, y, z].join());
        const means = [...(sum?.scores ?? [])].map((score) =>
          Math.fround(score / (sum?.weight[0] as number)),
        );
        labels.push(means.indexOf(Math.max(...means)));
      }
    }
  }
  return labels;
}

/** Walks from the volume's nearest end outwards, one voxel at a time. */
function placeInside(place: number, length: number, { kind }: Pad): number {
  if (place >= 0 && place < length) return place;
  if (kind === "constant" || kind === "minimum") return -1;
  let [at, step] = place < 0 ? [0, 1] : [length - 1, -1];
  for (let left = place < 0 ? -place : place - length + 1; left > 0; left--) {
    if (kind === "wrap") at = (at - step + length) % length;
    if (kind !== "reflect" || length === 1) continue;
    if (at + step < 0 || at + step >= length) step = -step;
    at += step;
  }
  return at;
}

describe("labels", () => {
  test("equal scores give the lowest class", () => {
    const labels = createLabels(3, 3);
    argMax([Float32Array.of(1, 0, -1), Float32Array.of(1, 2, -1), Float32Array.of(0, 2, 5)], 3, labels, 0);
    expect([...labels]).toEqual([0, 1, 2]);
  });

  test("equality is decided after dividing by the weight in float32", () => {
    const labels = createLabels(1, 2);
    const scores = [Float32Array.of(1), Float32Array.of(1 + 2 ** -23)];
    argMax(scores, 1, labels, 0, Float32Array.of(3));
    const quotients = scores.map(([score]) => Math.fround((score as number) / 3));
    expect(labels[0]).toBe(quotients[0] === quotients[1] ? 0 : 1);
  });

  test("voxels whose scores are NaN are counted once, whichever class it is", () => {
    const planes = [Float32Array.of(Number.NaN, 0, 1), Float32Array.of(Number.NaN, Number.NaN, 0)];
    expect(argMax(planes, 3, createLabels(3, 2), 0)).toBe(2);
  });

  test("more than 256 classes are kept apart", () => {
    const labels = createLabels(1, 301);
    argMax(
      Array.from({ length: 301 }, (_, label) => Float32Array.of(label)),
      1,
      labels,
      0,
    );
    expect([...labels]).toEqual([300]);
  });

  test("every voxel of a volume longer than a block is labelled and counted", () => {
    const voxels = 5001;
    const labels = createLabels(voxels, 2);
    argMax(
      [new Float32Array(voxels), Float32Array.from({ length: voxels }, (_, i) => (i % 3) - 1)],
      voxels,
      labels,
      0,
    );
    expect(histogram(labels, 2)).toEqual([3334, 1667]);
  });
});

describe("options", () => {
  test("overlaps are fractions below 1", () => {
    expect([parseOverlap("0"), parseOverlap("0.5"), parseOverlap(".999")]).toEqual([0, 0.5, 0.999]);
    for (const wrong of ["1", "-0.1", "half", "", "NaN"])
      expect(() => parseOverlap(wrong)).toThrow("SLAB5117");
  });

  test("blending and padding are named, and typos are diagnostics", () => {
    expect([parseBlend("gaussian"), parsePad("edge")]).toEqual(["gaussian", { kind: "edge" }]);
    const paddings = ["constant", "zero", "constant(-1024)"].map(parsePad);
    expect(paddings).toEqual([0, 0, -1024].map((value) => ({ kind: "constant", value })));
    for (const wrong of ["constant()", "constant(x)", "constant(1,2)"])
      expect(() => parsePad(wrong)).toThrow("SLAB5070");
    expect(() => parseBlend("gausian")).toThrow("SLAB5118");
    expect(() => parsePad("toString")).toThrow("SLAB5118");
  });

  test("axes to mirror have the network's names, each once", () => {
    const axes = ["s", "h", "w"];
    const parsed = ["all", "w", "h, s", "none"].map((text) => parseMirror(text, axes));
    expect(parsed).toEqual([[0, 1, 2], [2], [0, 1], []]);
    for (const wrong of ["", "x", "h,h", "h;w"]) expect(() => parseMirror(wrong, axes)).toThrow("SLAB5071");
  });
});
