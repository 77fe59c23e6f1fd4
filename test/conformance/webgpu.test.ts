import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CheckedNetwork,
  checkNetwork,
  emitModel,
  presets,
  seededInput,
} from "../../src/compiler/index.js";
import { openModel, readManifest } from "../../src/runtime/index.js";
import { check } from "../compiler/elaborate/programs.js";
import { repositoryHost } from "../support/host.js";
import { noSoftwareVulkan, softwareVulkan } from "../support/webgpu.js";
import { expectAgreement, readReference } from "./reference.js";
import { type ConformanceCase, cases } from "./systems.js";

/**
 * The quickest networks that between them have views, transposed convolutions, convolutions with groups, every norm and
 * attention. `SLAB_WEBGPU=all` runs every case; docs/gpu.md has what came of it.
 */
const quick = new Set([
  "ssh-unet-tsm-non-cubic",
  "ssh-unet-gsm-non-cubic",
  "ssh-unet-paper",
  "meshnet-group-norm",
  "meshnet-group-norm-affine",
  "unetr-qkv-bias",
  "nnunet-v1-small",
  "nnunet-v2-small",
  "dynunet-2d-small",
  "dynunet-3d-res-small",
  "nnformer-other-patches",
  "cost-a",
  "cost-b",
]);
const chosen = cases.filter(({ case: name }) => process.env.SLAB_WEBGPU === "all" || quick.has(name));

function checkCase({ case: name, file, network, settings, tile }: ConformanceCase): CheckedNetwork {
  const { input_shape } = readReference(name);
  return checkNetwork(file, repositoryHost, {
    settings,
    ...(network ? { network } : {}),
    tile: tile ?? input_shape.slice(2),
    batch: input_shape[0] as number,
  });
}

/** A network's output on WebGPU, in the schedule for it and with seeded weights. */
async function computed(
  checked: CheckedNetwork,
  name: string,
  input: Float32Array<ArrayBuffer>,
  checkpoint?: string,
): Promise<Float32Array> {
  const weights = { kind: "seeded", ...(checkpoint ? { checkpoint } : {}) } as const;
  const bytes = emitModel(checked, weights, "unused.data", presets.webgpu.schedule).emitted.model;
  const model = await openModel({ bytes }, readManifest(bytes, name), {
    device: "webgpu",
    // Each takes the driver in software some seconds: one run is enough.
    warmUp: false,
  });
  try {
    expect(model.device).toBe("webgpu");
    return await model.run(input);
  } finally {
    await model.close();
  }
}

if (softwareVulkan === undefined) test.skip(noSoftwareVulkan, () => undefined);

describe.skipIf(softwareVulkan === undefined)("on WebGPU, over a Vulkan driver in software", () => {
  const before = process.env.VK_DRIVER_FILES;
  beforeAll(() => {
    process.env.VK_DRIVER_FILES = softwareVulkan;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.VK_DRIVER_FILES;
    else process.env.VK_DRIVER_FILES = before;
  });

  test.each(chosen)("$case with [$settings]", { timeout: 1_800_000 }, async (system) => {
    const reference = readReference(system.case);
    const input = seededInput(reference.input_name, reference.input_shape) as Float32Array<ArrayBuffer>;
    const output = await computed(checkCase(system), system.case, input, system.checkpoint);
    expectAgreement(output, reference.output_shape, reference.output);
  });

  test.each([
    "InstanceNorm",
    "InstanceNorm(epsilon: 1e-7)",
    "GroupNorm(groups: 2, affine: false)",
    "LayerNorm(x, y, z, affine: false)",
  ])(
    "%s keeps its digits where the mean is far from 0, and gives 0 where nothing varies",
    { timeout: 600_000 },
    async (norm) => {
      const size = 32 ** 3;
      const text = `network Norm { input a: float[n, c: 2, x, y, z]  output b = a -> ${norm} }`;
      const input = Float32Array.from({ length: 2 * size }, (_, i) => (i < size ? 1000 + Math.sin(i) : 33.3));
      const { mean, deviation } = statistics(input.subarray(0, size));
      const expected = input.map((value, i) => (i < size ? (value - mean) / deviation : 0));
      const output = await computed(check(text, { tile: [32, 32, 32] }), norm, input);
      const worst = output.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))),
        0,
      );
      expect(worst).toBeLessThan(1e-4);
    },
  );
});

function statistics(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}
