import fc from "fast-check";
import { expect, test } from "vitest";
import { compareLabelMaps, type LabelMetrics } from "../../../src/runtime/metrics/compare.js";
import { type DefinitionName, definitions } from "../../../src/runtime/metrics/definitions.js";
import { distancesAt } from "../../../src/runtime/metrics/distance.js";
import { meansOf, meansOverCases } from "../../../src/runtime/metrics/means.js";
import { maskMap } from "./masks.js";

type Triple = readonly [number, number, number];

const runs = { numRuns: 150 };
function triples(each: fc.Arbitrary<number>): fc.Arbitrary<Triple> {
  return fc.tuple(each, each, each);
}

const spacing = triples(fc.constantFrom(0.5, 0.7, 1, 1.1, 3));
const size = triples(fc.integer({ min: 1, max: 6 }));

/** Two masks on one grid, from empty to full, so often with single voxels and voxels at the border. */
const twoMasks = fc.tuple(size, spacing).chain(([sizes, steps]) => {
  const voxels = sizes[0] * sizes[1] * sizes[2];
  const mask = fc
    .constantFrom(0, 1 / voxels, 0.3, 0.7, 1)
    .chain((part) =>
      fc
        .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: voxels, maxLength: voxels })
        .map((values) => Uint8Array.from(values, (value) => (value < part ? 1 : 0))),
    );
  return fc.record({ size: fc.constant(sizes), spacing: fc.constant(steps), a: mask, b: mask });
});

function places(elements: Uint8Array, [, ny, nz]: Triple): { place: Triple; element: number }[] {
  return [...elements].flatMap((element, index) =>
    element === 0
      ? []
      : [
          {
            place: [Math.floor(index / (ny * nz)), Math.floor(index / nz) % ny, index % nz] as const,
            element,
          },
        ],
  );
}

function nearest(from: Triple, to: readonly { place: Triple }[], steps: Triple): number {
  return Math.sqrt(
    Math.min(
      ...to.map(({ place }) =>
        place.reduce(
          (sum, at, axis) => sum + ((at - (from[axis] as number)) * (steps[axis] as number)) ** 2,
          0,
        ),
      ),
    ),
  );
}

test("distances are those that trying every pair gives", () => {
  fc.assert(
    fc.property(twoMasks, ({ size, spacing, a, b }) => {
      const found: number[] = [];
      distancesAt(a, b, size, spacing, (_, distance) => found.push(distance));
      const features = places(b, size);
      const expected = places(a, size).map(({ place }) => nearest(place, features, spacing));
      expect(found).toHaveLength(expected.length);
      for (const [index, distance] of expected.entries()) {
        if (Number.isFinite(distance)) expect(found[index]).toBeCloseTo(distance, 12);
        else expect(found[index]).toBe(Number.POSITIVE_INFINITY);
      }
    }),
    runs,
  );
});

/** Everything from the definitions' words, one pair of places after the other. */
function bruteForce(
  definition: DefinitionName,
  { size, spacing, a, b }: { size: Triple; spacing: Triple; a: Uint8Array; b: Uint8Array },
  tolerance: number,
) {
  const { surface, weights } = definitions[definition];
  const [first, second] = [a, b].map((mask) => {
    const { elements, size: points } = surface(mask, size);
    return places(elements, points);
  }) as [ReturnType<typeof places>, ReturnType<typeof places>];
  const round = definition === "monai" ? Math.fround : (value: number) => value;
  const areas = weights(spacing);
  const directed = (from: typeof first, to: typeof first) =>
    from.map(({ place, element }) => ({
      distance: round(nearest(place, to, spacing)),
      weight: areas[element] as number,
    }));
  const all = [...directed(first, second), ...directed(second, first)];
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  const within = all.filter(({ distance }) => distance <= round(tolerance));
  return {
    nsd: within.reduce((sum, { weight }) => sum + weight, 0) / total,
    asd: all.reduce((sum, { weight, distance }) => sum + weight * distance, 0) / total,
  };
}

test.each(["deepmind", "monai"] as const)(
  "surface Dice and average distance as trying every pair gives: %s",
  (definition) => {
    fc.assert(
      fc.property(twoMasks, fc.constantFrom(0, 0.7, 1, 2.1, 3.3), (masks, tolerance) => {
        const [prediction, truth] = [masks.a, masks.b].map((mask) =>
          maskMap(mask, masks.size, masks.spacing),
        );
        const [found] = compareLabelMaps(prediction as never, truth as never, {
          labels: [1],
          tolerance,
          definition,
        });
        const expected = bruteForce(definition, masks, tolerance);
        for (const name of ["nsd", "asd"] as const) {
          const value = (found as LabelMetrics)[name];
          if (Number.isFinite(expected[name])) expect(value).toBeCloseTo(expected[name], 9);
          else expect(value).toBe(expected[name]);
        }
      }),
      runs,
    );
  },
);

test.each(["deepmind", "monai"] as const)(
  "equal masks agree wholly, and the order of two matters to none but the directed: %s",
  (definition) => {
    const compared = (a: Uint8Array, b: Uint8Array, size: Triple, steps: Triple) =>
      compareLabelMaps(maskMap(a, size, steps), maskMap(b, size, steps), {
        labels: [1],
        tolerance: 1,
        definition,
      })[0] as LabelMetrics;
    fc.assert(
      fc.property(twoMasks, ({ size, spacing, a, b }) => {
        if (a.includes(1))
          expect(compared(a, a, size, spacing)).toMatchObject({ dice: 1, nsd: 1, hd95: 0, asd: 0 });
        const [one, other] = [compared(a, b, size, spacing), compared(b, a, size, spacing)];
        expect(one.hd95).toBe(other.hd95);
        expect(one.asdPrediction).toBe(other.asdTruth);
        if (Number.isFinite(one.nsd)) expect(one.nsd).toBeCloseTo(other.nsd, 12);
      }),
      runs,
    );
  },
);

test("means leave out what is not defined and labels that neither map has; an infinite distance stays", () => {
  const { NaN: undefinedValue, POSITIVE_INFINITY: infinite } = Number;
  const metrics = (label: number, dice: number, hd95: number, voxels = 5): LabelMetrics => ({
    ...{ label, dice, hd95, nsd: dice, asd: hd95, asdPrediction: hd95, asdTruth: undefinedValue },
    ...{ predictionVoxels: voxels, truthVoxels: 0, predictionVolume: 0, truthVolume: 0 },
  });
  const cases = [
    [metrics(1, 0.5, 2), metrics(2, undefinedValue, infinite, 0)],
    [metrics(1, 1, 4), metrics(2, 0.25, infinite)],
  ];
  expect(meansOf(cases[0] ?? [])).toMatchObject({
    dice: { value: 0.5, count: 1 },
    hd95: { value: 2, count: 1 },
  });
  const { labels, mean } = meansOverCases(cases);
  expect(labels.get(1)).toMatchObject({ dice: { value: 0.75, count: 2 }, hd95: { value: 3 } });
  expect(labels.get(2)).toMatchObject({
    dice: { value: 0.25, count: 1 },
    hd95: { value: infinite, count: 1 },
  });
  expect(mean.dice.value).toBe(0.5);
  expect(mean.asdTruth.value).toBeNaN();
});
