import onnxProto from "onnx-proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkNetwork, emitModel, presetNames, presets, seededInput } from "../../src/compiler/index.js";
import { openModel, readManifest } from "../../src/runtime/index.js";
import { repositoryHost } from "../support/host.js";
import { noSoftwareVulkan, softwareVulkan } from "../support/webgpu.js";
import { expectAgreement, readReference } from "./reference.js";
import { type ConformanceCase, cases } from "./systems.js";

/** A few small networks of different kinds; `SLAB_WEBGPU=all` runs every case, which takes minutes. */
const small = new Set([
  "ssh-unet-tsm-non-cubic",
  "ssh-unet-gsf-non-cubic",
  "meshnet-group-norm-affine",
  "dynunet-2d-small",
  "nnunet-v1-small",
]);
const chosen = cases.filter(({ case: name }) => process.env.SLAB_WEBGPU === "all" || small.has(name));

/** The schedule that is made for WebGPU, where there is one. */
const preset = presetNames.find((name) => String(name) === "webgpu");

function compile(system: ConformanceCase): Uint8Array {
  const { input_shape } = readReference(system.case);
  const checked = checkNetwork(system.file, repositoryHost, {
    settings: system.settings,
    tile: system.tile ?? input_shape.slice(2),
    batch: input_shape[0] as number,
  });
  const weights = { kind: "seeded", checkpoint: system.checkpoint } as const;
  const schedule = presets[preset ?? "portable"].schedule;
  return emitModel(checked, weights, "unused.data", schedule).emitted.model;
}

/** Whether a model has what ONNX Runtime's WebGPU rejects: 3D convolutions that are transposed or grouped. */
function isRejected(model: Uint8Array): boolean {
  const { node, initializer } = onnxProto.onnx.ModelProto.decode(model).graph ?? {};
  const ranks = new Map((initializer ?? []).map(({ name, dims }) => [name, dims?.length]));
  return (node ?? []).some(({ opType, input, attribute }) => {
    const group = attribute?.find(({ name }) => name === "group")?.i ?? 1;
    const rank = ranks.get(input?.[1] ?? "");
    return rank === 5 && (opType === "ConvTranspose" || (opType === "Conv" && Number(group) > 1));
  });
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
    const opening = openModel({ bytes }, readManifest(bytes, system.case), { device: "webgpu" });
    if (preset === undefined && isRejected(bytes)) {
      // Without a schedule that avoids it, it is refused when it is opened, and says why.
      await expect(opening).rejects.toThrow("SLAB5203");
      return;
    }
    const model = await opening;
    const input = seededInput(reference.input_name, reference.input_shape) as Float32Array<ArrayBuffer>;
    const output = await model.run(input);
    await model.close();
    expect(model.device).toBe("webgpu");
    expectAgreement(output, reference.output_shape, reference.output);
  });
});
