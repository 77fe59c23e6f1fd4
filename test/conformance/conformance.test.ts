import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkNetwork, emitModel, seededInput } from "../../src/compiler/index.js";
import { openModel, readManifest } from "../../src/runtime/index.js";
import { repositoryHost } from "../support/host.js";

interface Case {
  readonly case: string;
  readonly config: {
    readonly filters: readonly number[];
    readonly classes: number;
    readonly affine?: boolean;
  };
  readonly input_name: string;
  readonly input_shape: readonly number[];
  readonly output_shape: readonly number[];
  readonly parameters: number;
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly output: {
    readonly mean: number;
    readonly std: number;
    readonly min: number;
    readonly max: number;
    readonly argmax_histogram: readonly number[];
    readonly sample_indices: readonly number[];
    readonly sample_values: readonly number[];
  };
}

const cases = ["small", "batch2", "affine-small", "full", "non-cubic"].map((name): Case => {
  const url = new URL(`./cases/ssh-unet-tsm-${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as Case;
});

function checkedCase({ config, input_shape }: Case) {
  return checkNetwork("examples/ssh-unet/ssh-unet.slab", repositoryHost, {
    settings: [
      `width=[${config.filters.join(", ")}]`,
      `classes=${config.classes}`,
      `affine=${config.affine ?? false}`,
    ],
    tile: input_shape.slice(2),
    batch: input_shape[0] as number,
  });
}

describe.each(cases)("$case", (reference) => {
  const checked = checkedCase(reference);

  test("has the reference's tensors, by the authors' names, and its exact number of parameters", () => {
    const own = checked.graph.parameters.map(({ path, shape }) => ({
      name: checked.foreignName("authors", path),
      shape: [...shape],
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(own.sort(byName)).toEqual([...reference.tensors].sort(byName));
    const count = checked.graph.parameters.reduce(
      (total, { shape }) => total + shape.reduce((a, b) => a * b, 1),
      0,
    );
    expect(count).toBe(reference.parameters);
  });

  test("computes what the authors' implementation computes", { timeout: 120_000 }, async () => {
    const { emitted } = emitModel(checked, { kind: "seeded", checkpoint: "authors" }, "unused.data");
    const model = await openModel({ bytes: emitted.model }, readManifest(emitted.model, reference.case));
    const output = await model.run(
      seededInput(reference.input_name, reference.input_shape) as Float32Array<ArrayBuffer>,
    );
    await model.close();

    expect(model.manifest.outputs[0].shape).toEqual(reference.output_shape);
    const { sample_indices, sample_values, argmax_histogram, mean, std, min, max } = reference.output;
    const worst = sample_indices.map((index, i) => {
      const expected = sample_values[i] as number;
      return Math.abs((output[index] as number) - expected) / (1e-4 + 1e-4 * Math.abs(expected));
    });
    expect(Math.max(...worst)).toBeLessThan(1);

    const total = output.reduce((sum, value) => sum + value, 0);
    const squares = output.reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(total / output.length - mean)).toBeLessThan(1e-4);
    expect(Math.abs(Math.sqrt(squares / output.length - (total / output.length) ** 2) - std)).toBeLessThan(
      1e-3,
    );
    expect(Math.abs(output.reduce((a, b) => Math.min(a, b)) - min)).toBeLessThan(1e-3);
    expect(Math.abs(output.reduce((a, b) => Math.max(a, b)) - max)).toBeLessThan(1e-3);

    const histogram = argMaxHistogram(output, reference.output_shape);
    const differing =
      histogram.reduce((sum, count, label) => sum + Math.abs(count - (argmax_histogram[label] ?? 0)), 0) / 2;
    expect(differing).toBeLessThanOrEqual(0.001 * histogram.reduce((a, b) => a + b, 0));
  });
});

describe("the full network", () => {
  test.each([
    [16, 6_480_208],
    [14, 6_480_142],
  ])("has with %i classes the %i parameters of the authors' log", (classes, expected) => {
    const { graph } = checkNetwork("examples/ssh-unet/ssh-unet.slab", repositoryHost, {
      settings: [`classes=${classes}`],
    });
    const count = graph.parameters.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
    expect(count).toBe(expected);
  });
});

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
