import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { orientations } from "../../../src/compiler/support/orientation.js";
import { axisCodes, columnLengths } from "../../../src/runtime/volume/orientation.js";
import { percentilesOf } from "../../../src/runtime/volume/percentiles.js";
import { probabilitiesToScan } from "../../../src/runtime/volume/probabilities.js";
import { turnBetween } from "../../../src/runtime/volume/reorient.js";
import { labelsToScan, spatialMap, toNetwork } from "../../../src/runtime/volume/spatial.js";
import type { Grid } from "../../../src/runtime/volume/volume.js";
import { failureOf } from "./failure.js";

const { cases, percentiles } = JSON.parse(
  readFileSync(new URL("./spatial.json", import.meta.url), "utf8"),
) as {
  readonly cases: readonly Reference[];
  readonly percentiles: Readonly<Record<"values" | "wanted" | "expected" | "nonzero", number[]>>;
};

interface Reference {
  readonly size: [number, number, number];
  readonly affine: number[][];
  readonly orientation: string;
  readonly target: string;
  readonly spacing: [number, number, number];
  readonly data: number[];
  readonly result: { readonly size: number[]; readonly affine: number[][] };
  readonly monai: number[];
  readonly linear: number[];
  readonly nearest: number[];
  readonly cubic: number[];
}

function gridOf(size: Grid["size"], affine: readonly (readonly number[])[]): Grid {
  return { size, affine, spacing: columnLengths(affine), orientation: axisCodes(affine) };
}

/** The greatest difference of two volumes. */
function difference(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return expected.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (found[index] as number))),
    0,
  );
}

describe.each(cases)(
  "from $orientation to $target",
  ({ size, affine, target, spacing, data, ...reference }) => {
    const scan = gridOf(size, affine);
    const onNetwork = (interpolation: "linear" | "nearest" | "cubic") => {
      const map = spatialMap(scan, { orientation: target, spacing, interpolation });
      return { map, data: toNetwork(Float32Array.from(data), scan, map, interpolation) };
    };

    test("the grid is the one of MONAI's Orientation and Spacing", () => {
      const { grid } = onNetwork("linear").map;
      expect(grid.size).toEqual(reference.result.size);
      expect(difference(grid.affine.flat(), reference.result.affine.flat())).toBeLessThan(1e-9);
      expect(axisCodes(grid.affine)).toBe(target);
    });

    // Values have a standard deviation of 300: float32 steps are up to 6e-5, and the references have four decimals.
    test("linear agrees with MONAI and scipy", () => {
      expect(difference(onNetwork("linear").data, reference.linear)).toBeLessThan(2e-4);
      expect(difference(onNetwork("linear").data, reference.monai)).toBeLessThan(2e-3);
    });

    test("nearest agrees with scipy", () => {
      expect(difference(onNetwork("nearest").data, reference.nearest)).toBe(0);
    });

    test("cubic agrees with scipy's splines", () => {
      expect(difference(onNetwork("cubic").data, reference.cubic)).toBeLessThan(2e-3);
    });
  },
);

const sizes = fc.tuple(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 5 }),
);
const identity = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
];

test("there are 48 orientations, each to every other and back exact, for voxels and labels", () => {
  expect(new Set(orientations).size).toBe(48);
  fc.assert(
    fc.property(sizes, fc.constantFrom(...orientations), (size, from) => {
      const ras = gridOf(size, identity);
      const { grid } = spatialMap(ras, { orientation: from, interpolation: "linear" });
      expect(axisCodes(grid.affine)).toBe(from);
      const data = Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, index) => index);
      for (const to of orientations) {
        const map = spatialMap(grid, { orientation: to, interpolation: "linear" });
        const there = toNetwork(data, grid, map, "linear");
        const back = spatialMap(map.grid, { orientation: from, interpolation: "linear" });
        expect(back.grid.affine).toEqual(grid.affine);
        expect(toNetwork(there, map.grid, back, "linear")).toEqual(data);
        expect([...labelsToScan(Uint8Array.from(there), grid, map)]).toEqual([...data]);
      }
    }),
    { numRuns: 48 },
  );
});

test("an oblique scan is turned by its nearest axes, and its voxels stay where they are in space", () => {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  const affine = [
    [-2 * c, 1 * s, 0, 40],
    [-2 * s, -1 * c, 0, 20],
    [0, 0, 3, -10],
    [0, 0, 0, 1],
  ];
  const scan = gridOf([4, 5, 6], affine);
  expect(scan.orientation).toBe("LPS");
  const { grid } = spatialMap(scan, { orientation: "RAS", interpolation: "linear" });
  const corner = [3, 4, 0, 1].map((_, row) =>
    (affine[row] as number[]).reduce((sum, value, at) => sum + value * ([3, 4, 0, 1][at] as number), 0),
  );
  expect(
    difference(
      grid.affine.map((row) => row[3] as number),
      corner,
    ),
  ).toBeLessThan(1e-12);
  expect(grid.spacing.map((mm) => Math.round(mm * 1e9) / 1e9)).toEqual([2, 1, 3]);
  expect(turnBetween("LPS", "RAS")).toEqual([
    { axis: 0, flipped: true },
    { axis: 1, flipped: true },
    { axis: 2, flipped: false },
  ]);
});

test("a grid that resampling would make huge is refused before anything is allocated", () => {
  const scan = gridOf(
    [512, 512, 400],
    [
      [1000, 0, 0, 0],
      [0, 1000, 0, 0],
      [0, 0, 1000, 0],
      [0, 0, 0, 1],
    ],
  );
  const failure = failureOf(() =>
    spatialMap(scan, { spacing: [1, 1, 1], interpolation: "linear" }, "scan.nii"),
  );
  expect(failure.code).toBe("SLAB5043");
});

test("percentiles are NumPy's", () => {
  const data = Float32Array.from(percentiles.values);
  expect(percentilesOf(data, percentiles.wanted, () => true)).toEqual(percentiles.expected);
  expect(percentilesOf(data, percentiles.wanted, (value) => value !== 0)).toEqual(percentiles.nonzero);
  expect(percentilesOf(data, [50], () => false)).toBeUndefined();
});

test("probabilities go back linearly, and then the highest is taken, whatever parts the scores come in", () => {
  const network = { orientation: "PIR", spacing: [2, 3, 1.5] as const, interpolation: "linear" as const };
  fc.assert(
    fc.property(
      sizes,
      fc.constantFrom(...orientations),
      fc.integer({ min: 1, max: 3 }),
      (size, code, classes) => {
        const { grid: scan } = spatialMap(gridOf(size, identity), {
          orientation: code,
          interpolation: "linear",
        });
        const map = spatialMap(scan, network);
        const [nx, ny, nz] = map.grid.size;
        const scores = Array.from({ length: classes }, (_, label) =>
          Float32Array.from({ length: nx * ny * nz }, (_, index) => Math.sin(7 * label + 3.7 * index)),
        );
        const collector = probabilitiesToScan(scan, map, classes, false);
        for (let first = 0; first < nx; first++) {
          const planes = scores.map((plane) => plane.subarray(first * ny * nz));
          collector.add({ scores: planes, first, count: 1 });
        }
        const { labels, notNumbers } = collector.finish();
        expect(notNumbers).toBe(0);
        // Each class by itself, all at once: by the way that scans take, which other tests check.
        const back = spatialMap(map.grid, {
          orientation: code,
          spacing: scan.spacing,
          interpolation: "linear",
        });
        if (back.grid.size.join() !== scan.size.join()) return;
        const probability = (index: number) => {
          const values = scores.map((plane) => plane[index] as number);
          const sum = values.reduce((total, value) => total + Math.exp(value), 0);
          return classes === 1
            ? [1 / (1 + Math.exp(-(values[0] as number)))]
            : values.map((value) => Math.exp(value) / sum);
        };
        const all = Array.from({ length: nx * ny * nz }, (_, index) => probability(index));
        // A turned grid begins at its own corner: only codes that keep the corners can be compared so.
        if (map.turn.some(({ flipped }) => flipped)) return;
        const returned = scores.map((_, label) =>
          toNetwork(
            Float32Array.from(all, (values) => values[label] as number),
            map.grid,
            back,
            "linear",
          ),
        );
        labels.forEach((label, voxel) => {
          const values = returned.map((plane) => plane[voxel] as number);
          if (classes === 1) {
            if (Math.abs((values[0] as number) - 0.5) > 1e-5)
              expect(label).toBe((values[0] as number) > 0.5 ? 1 : 0);
            return;
          }
          expect(values[label]).toBeGreaterThan(Math.max(...values) - 1e-5);
        });
      },
    ),
    { numRuns: 60 },
  );
});
