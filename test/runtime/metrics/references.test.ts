import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readLabelMap } from "../../../src/runtime/labels/label-map.js";
import { compareLabelMaps, type LabelMetrics } from "../../../src/runtime/metrics/compare.js";
import type { DefinitionName } from "../../../src/runtime/metrics/definitions.js";
import { elementAreas } from "../../../src/runtime/metrics/element-areas.js";
import { maskMap, seededMask } from "./masks.js";

type Triple = [number, number, number];
type Values = Record<"dice" | "nsd" | "hd95" | "asd" | "asdPrediction" | "asdTruth", number | string>;

interface References {
  readonly areas: Record<string, number[]>;
  readonly small: readonly ({
    readonly size: Triple;
    readonly spacing: Triple;
    readonly part: number;
    readonly tolerance: number;
    readonly prediction: number;
    readonly truth: number;
  } & Record<DefinitionName, Values>)[];
  readonly "example_seg_fast against example_seg, 3 mm": readonly ({ readonly label: number } & Record<
    DefinitionName,
    Values
  >)[];
}

/** By references/make_metrics.py: what surface-distance and MONAI compute. */
const references: References = JSON.parse(
  readFileSync(new URL("references/metrics.json", import.meta.url), "utf8"),
);
const real = references["example_seg_fast against example_seg, 3 mm"];
const definitions = ["deepmind", "monai"] as const;

/** MONAI computes in float32, and sums in it. */
const accuracy = { deepmind: 1e-12, monai: 2e-6 };

function expectEqual(found: LabelMetrics, expected: Values, definition: DefinitionName): void {
  for (const [name, text] of Object.entries(expected)) {
    const value = found[name as keyof Values];
    const wanted = Number(text);
    if (Number.isFinite(wanted)) {
      expect(Math.abs(value - wanted), `${name}: ${value} for ${wanted}`).toBeLessThanOrEqual(
        accuracy[definition] * Math.max(1, wanted),
      );
    } else expect(value, name).toBe(wanted);
  }
}

test.each(Object.entries(references.areas))(
  "elements on voxels of %s mm have the areas of surface-distance",
  (key, areas) => {
    const found = elementAreas(key.split("x").map(Number) as Triple);
    expect(areas).toHaveLength(256);
    // The bits of a neighbour code are those of surface-distance, so the tables compare place by place.
    for (const [code, area] of areas.entries()) expect(found[code], `code ${code}`).toBeCloseTo(area, 9);
  },
);

describe.each(definitions)("as %s defines it", (definition) => {
  test("masks that are random, equal, empty, single voxels or at the border agree in every value", () => {
    expect(references.small.length).toBeGreaterThan(40);
    for (const { size, spacing, part, tolerance, ...entry } of references.small) {
      const [prediction, truth] = [entry.prediction, entry.truth].map((seed) =>
        maskMap(seededMask(seed, size, part), size, spacing),
      ) as [ReturnType<typeof maskMap>, ReturnType<typeof maskMap>];
      const [found] = compareLabelMaps(prediction, truth, { labels: [1], tolerance, definition });
      expectEqual(found as LabelMetrics, entry[definition], definition);
    }
  });
});

const data = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));
const absent = existsSync(data) ? "" : " (skipped: the folder shared/data is not beside the repository)";

describe.skipIf(absent !== "")(`two label maps of a real CT${absent}`, () => {
  const maps = () =>
    [readLabelMap(`${data}example_seg_fast.nii.gz`), readLabelMap(`${data}example_seg.nii.gz`)] as const;

  test.each(definitions)("agree with %s in every value of every label", (definition) => {
    const found = compareLabelMaps(...maps(), { tolerance: 3, definition });
    expect(found.map(({ label }) => label)).toEqual(real.map(({ label }) => label));
    for (const [index, metrics] of found.entries()) {
      const entry = real[index] as (typeof real)[number];
      expectEqual(metrics, entry[definition], definition);
    }
  });

  test.each([
    ["deepmind", "4.243", "0.962"],
    ["monai", "5.196", "0.938"],
  ] as const)("the pancreas has the %s values HD95 %s mm and NSD %s at 3 mm", (definition, hd95, nsd) => {
    const [pancreas] = compareLabelMaps(...maps(), { labels: [7], tolerance: 3, definition });
    expect(pancreas?.hd95.toFixed(3)).toBe(hd95);
    expect(pancreas?.nsd.toFixed(3)).toBe(nsd);
  });
});
