import { existsSync } from "node:fs";

/**
 * A Vulkan driver that computes on the processor (SwiftShader), over which ONNX Runtime's webgpu runs without a graphics
 * card: what `scripts/ci/software-vulkan.sh` found, or where Debian's chromium puts it. Undefined where there is none.
 */
export const softwareVulkan = [
  process.env.SLAB_SOFTWARE_VULKAN ?? "",
  "/usr/lib/chromium/vk_swiftshader_icd.json",
].find((path) => path !== "" && existsSync(path));

/** Why tests on webgpu do not run here. */
export const noSoftwareVulkan =
  "no software Vulkan driver (scripts/ci/software-vulkan.sh installs one): networks are not run on webgpu";
