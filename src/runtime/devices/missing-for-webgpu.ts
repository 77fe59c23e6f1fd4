import "../no-telemetry.js";
import { existsSync, readdirSync } from "node:fs";
import { delimiter } from "node:path";
import { listSupportedBackends } from "onnxruntime-node";
import type { Missing } from "./device.js";
import { findLibrary } from "./find-library.js";

const driverFolders = ["/etc/vulkan/icd.d", "/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];

/** What WebGPU needs and this machine lacks. On Linux that is Vulkan: its loader and a driver. */
export function missingForWebGpu(): readonly Missing[] {
  if (!listSupportedBackends().some(({ name }) => name === "webgpu")) {
    return [
      {
        what: "WebGPU in ONNX Runtime",
        lookedFor: `a build for ${process.platform} on ${process.arch}`,
        help: "onnxruntime-node brings none for this system: use --device cpu",
      },
    ];
  }
  if (process.platform !== "linux") return [];
  const missing: Missing[] = [];
  if (findLibrary("libvulkan.so.1") === undefined) {
    missing.push({
      what: "the Vulkan loader",
      lookedFor: "libvulkan.so.1",
      help: "install it: apt-get install libvulkan1 (Debian, Ubuntu), dnf install vulkan-loader (Fedora)",
    });
  }
  const chosen = chosenDrivers();
  const absent = chosen.filter((path) => !existsSync(path));
  for (const path of absent) {
    missing.push({
      what: "the Vulkan driver that VK_DRIVER_FILES names",
      lookedFor: path,
      help: "name a driver's .json file, or unset VK_DRIVER_FILES",
    });
  }
  if (chosen.length === 0 && !driverFolders.some(hasDriver)) {
    missing.push({
      what: "a Vulkan driver",
      lookedFor: `*.json in ${driverFolders.join(", ")}`,
      help: "install the card's driver (NVIDIA's own, or mesa-vulkan-drivers for AMD and Intel)",
    });
  }
  return missing;
}

/**
 * Whether there is a graphics card. Vulkan also has drivers that compute on the processor; they are slower than
 * ONNX Runtime's own, and used only where they are asked for.
 */
export function hasGraphicsCard(): boolean {
  if (process.platform !== "linux") return true;
  if (chosenDrivers().some((path) => /swiftshader|lvp|llvmpipe/.test(path))) return false;
  const rendering =
    existsSync("/dev/dri") && readdirSync("/dev/dri").some((name) => name.startsWith("renderD"));
  return rendering || existsSync("/dev/nvidia0") || existsSync("/dev/dxg");
}

function chosenDrivers(): readonly string[] {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES } = process.env;
  return (VK_DRIVER_FILES || VK_ICD_FILENAMES || "").split(delimiter).filter((path) => path !== "");
}

function hasDriver(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(".json"));
}
