import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SlabFailure } from "../../../src/compiler/diagnostics/diagnostic.js";
import { devices, parseDevice, parseNamedDevice } from "../../../src/runtime/devices/device.js";
import { missingForCuda } from "../../../src/runtime/devices/missing-for-cuda.js";
import { hasGraphicsCard, missingForWebGpu } from "../../../src/runtime/devices/missing-for-webgpu.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slab-devices-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const put = (...names: readonly string[]) => {
  for (const name of names) writeFileSync(join(folder, name), "");
};
const linux = process.platform === "linux" && process.arch === "x64";

describe.skipIf(!linux)("what CUDA lacks", () => {
  const missing = () => missingForCuda().map(({ lookedFor }) => lookedFor.replace(`${folder}/`, ""));

  test("the provider is looked for beside the library that LD_LIBRARY_PATH has, else in the npm package", () => {
    expect(missing().filter((name) => name.includes("providers"))).toEqual([
      expect.stringMatching(
        /onnxruntime-node\/bin\/napi-v6\/linux\/x64\/libonnxruntime_providers_shared\.so$/,
      ),
      expect.stringMatching(/onnxruntime-node\/bin\/napi-v6\/linux\/x64\/libonnxruntime_providers_cuda\.so$/),
    ]);
    put("libonnxruntime.so.1", "libonnxruntime_providers_shared.so");
    vi.stubEnv("LD_LIBRARY_PATH", `/not/there:${folder}`);
    expect(missing().filter((name) => name.includes("providers"))).toEqual([
      "libonnxruntime_providers_cuda.so",
    ]);
  });

  test("with a provider, the libraries that it needs, cuDNN among them", () => {
    put("libonnxruntime.so.1", "libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so");
    vi.stubEnv("LD_LIBRARY_PATH", folder);
    expect(missing()).toContain("libcudnn.so.9");
    put("libcudnn.so.9", "libcuda.so.1");
    expect(missing().filter((name) => name !== "/proc/driver/nvidia/version")).toEqual([]);
  });

  test("each part says how to get it", () => {
    for (const { what, help } of missingForCuda())
      expect([what, help].every((text) => text.length > 5)).toBe(true);
  });
});

describe.skipIf(!linux)("what WebGPU lacks", () => {
  test("a driver that is named and not there", () => {
    vi.stubEnv("VK_DRIVER_FILES", "/no/such/driver.json");
    expect(missingForWebGpu().map(({ lookedFor }) => lookedFor)).toContain("/no/such/driver.json");
  });

  test("a driver in software is no graphics card", () => {
    vi.stubEnv("VK_DRIVER_FILES", "/usr/lib/chromium/vk_swiftshader_icd.json");
    expect(hasGraphicsCard()).toBe(false);
  });
});

test("devices are named, and typos are diagnostics", () => {
  expect(["auto", "cpu", "cuda", "webgpu"].map(parseDevice)).toEqual(["auto", "cpu", "cuda", "webgpu"]);
  for (const wrong of ["gpu", "CUDA", "", "toString"]) expect(() => parseDevice(wrong)).toThrow("SLAB5118");
  expect(devices.map(parseNamedDevice)).toEqual(devices);
  expect(() => parseNamedDevice("auto")).toThrow("SLAB5118");
});

test.each([
  ["GPU", "cuda"],
  ["vulkan", "webgpu"],
  ["webgup", "webgpu"],
])("for %s, %s is suggested", (word, device) => {
  const nearest = `did you mean --device ${device}?`;
  try {
    parseDevice(word);
    expect.unreachable();
  } catch (failure) {
    expect(JSON.stringify((failure as SlabFailure).diagnostics)).toContain(nearest);
  }
});
