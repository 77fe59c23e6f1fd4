import type { LabelMetrics } from "./compare.js";

/** What has a mean. */
export const measures = ["dice", "nsd", "hd95", "asd", "asdPrediction", "asdTruth"] as const;
export type Measure = (typeof measures)[number];

/** Means of values that are defined, and over how many. */
export type Means = Readonly<Record<Measure, { readonly value: number; readonly count: number }>>;

/**
 * The mean of each value. Labels that neither map has are left out, and values that are NaN; an infinite distance makes
 * its mean infinite. NaN where nothing is left.
 */
export function meansOf(metrics: readonly LabelMetrics[]): Means {
  const present = metrics.filter(({ predictionVoxels, truthVoxels }) => predictionVoxels + truthVoxels > 0);
  return over((measure) => present.map((each) => each[measure]));
}

/** The mean of means, each of the same weight. */
function meansOfMeans(means: readonly Means[]): Means {
  return over((measure) => means.map((each) => each[measure].value));
}

function over(valuesOf: (measure: Measure) => readonly number[]): Means {
  const entries = measures.map((measure) => {
    const values = valuesOf(measure).filter((value) => !Number.isNaN(value));
    const sum = values.reduce((total, value) => total + value, 0);
    return [measure, { value: sum / values.length, count: values.length }] as const;
  });
  return Object.fromEntries(entries) as Record<Measure, Means[Measure]>;
}

/** Over several cases: the means of each label, and the mean of those. */
export function meansOverCases(cases: readonly (readonly LabelMetrics[])[]): {
  readonly labels: ReadonlyMap<number, Means>;
  readonly mean: Means;
} {
  const all = cases.flat();
  const numbers = [...new Set(all.map(({ label }) => label))];
  const labels = new Map(
    numbers.map((label) => [label, meansOf(all.filter((each) => each.label === label))]),
  );
  return { labels, mean: meansOfMeans([...labels.values()]) };
}
