import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkNetwork, emitModel, presets, seededInput } from "../../src/compiler/index.js";
import { openModel, readManifest } from "../../src/runtime/index.js";
import { repositoryHost } from "../support/host.js";
import { noSoftwareVulkan, softwareVulkan } from "../support/webgpu.js";
import { expectAgreement, readReference } from "./reference.js";
import { type ConformanceCase, cases } from "./systems.js";

/**
 * The quickest networks that between them have what the schedule is for: views, transposed convolutions and convolutions
 * with groups. `SLAB_WEBGPU=all` runs every case; docs/gpu.md has what came of it.
 */
const quick = new Set([
  "ssh-unet-tsm-non-cubic",
  "ssh-unet-gsm-non-cubic",
  "meshnet-group-norm-affine",
  "dynunet-2d-small",
  "nnunet-v1-small",
  "cost-b",
]);
const chosen = cases.filter(({ case: name }) => process.env.SLAB_WEBGPU === "all" || quick.has(name));

function compile({ case: name, file, network, settings, tile, checkpoint }: ConformanceCase): Uint8Array {
  const { input_shape } = readReference(name);
  const checked = checkNetwork(file, repositoryHost, {
    settings,
    ...(network ? { network } : {}),
    tile: tile ?? input_shape.slice(2),
    batch: input_shape[0] as number,
  });
  const weights = { kind: "seeded", checkpoint } as const;
  return emitModel(checked, weights, "unused.data", presets.webgpu.schedule).emitted.model;
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

  test.each(chosen)("$case with [$settings]", { timeout: 600_000 }, async (system) => {
    const reference = readReference(system.case);
    const bytes = compile(system);
    const model = await openModel({ bytes }, readManifest(bytes, system.case), { device: "webgpu" });
    const input = seededInput(reference.input_name, reference.input_shape) as Float32Array<ArrayBuffer>;
    const output = await model.run(input);
    await model.close();
    expect(model.device).toBe("webgpu");
    expectAgreement(output, reference.output_shape, reference.output);
  });
});
