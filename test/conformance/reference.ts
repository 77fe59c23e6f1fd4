import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** What a reference implementation gave, whole: its statistics and some of its values. */
export interface OutputSummary {
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  readonly argmax_histogram: readonly number[];
  readonly sample_indices: readonly number[];
  readonly sample_values: readonly number[];
}

export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A file in `cases/`. */
export interface Reference {
  readonly input_name: string;
  readonly input_shape: readonly number[];
  readonly output_shape: readonly number[];
  readonly parameters: number;
  readonly tensors: readonly NamedShape[];
  readonly output: OutputSummary;
}

export function readReference<Case extends Reference = Reference>(name: string): Case {
  return JSON.parse(readFileSync(new URL(`./cases/${name}.json`, import.meta.url), "utf8")) as Case;
}

/**
 * Sampled values agree within 1e-4 absolute plus 1e-4 relative, the arg-max over channels in all but 0.1 % of the
 * voxels.
 */
export function expectAgreement(
  output: Float32Array,
  shape: readonly number[],
  { sample_indices, sample_values, argmax_histogram, mean, std, min, max }: OutputSummary,
): void {
  expect(output.length).toBe(shape.reduce((a, b) => a * b, 1));
  const worst = sample_indices.map((index, i) => {
    const expected = sample_values[i] as number;
    return Math.abs((output[index] as number) - expected) / (1e-4 + 1e-4 * Math.abs(expected));
  });
  expect(Math.max(...worst)).toBeLessThan(1);

  const total = output.reduce((sum, value) => sum + value, 0);
  const squares = output.reduce((sum, value) => sum + value * value, 0);
  const deviation = Math.sqrt(squares / output.length - (total / output.length) ** 2);
  expect(Math.abs(total / output.length - mean)).toBeLessThan(1e-4);
  expect(Math.abs(deviation - std)).toBeLessThan(1e-3);
  expect(Math.abs(output.reduce((a, b) => Math.min(a, b)) - min)).toBeLessThan(1e-3);
  expect(Math.abs(output.reduce((a, b) => Math.max(a, b)) - max)).toBeLessThan(1e-3);

  const histogram = argMaxHistogram(output, shape);
  const differing =
    histogram.reduce((sum, count, label) => sum + Math.abs(count - (argmax_histogram[label] ?? 0)), 0) / 2;
  expect(differing).toBeLessThanOrEqual(0.001 * histogram.reduce((a, b) => a + b, 0));
}

function argMaxHistogram(
  output: Float32Array,
  [batch = 1, classes = 1, ...spatial]: readonly number[],
): number[] {
  const voxels = spatial.reduce((a, b) => a * b, 1);
  const histogram = new Array<number>(classes).fill(0);
  for (let n = 0; n < batch; n++) {
    for (let voxel = 0; voxel < voxels; voxel++) {
      let best = 0;
      for (let label = 1; label < classes; label++) {
        const at = (candidate: number) => output[(n * classes + candidate) * voxels + voxel] as number;
        if (at(label) > at(best)) best = label;
      }
      histogram[best] = (histogram[best] as number) + 1;
    }
  }
  return histogram;
}
