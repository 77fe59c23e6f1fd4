// What this machine has, and which contenders can take part on it.
import { fileURLToPath } from "node:url";
import { startWorker } from "../process.mjs";
import { adviceFor, fetchWith, findCuda } from "./cuda-provider.mjs";

/** What the Python for PyTorch has; undefined without PyTorch. */
export async function askPython(python, { card, limit }) {
  try {
    const words = [fileURLToPath(new URL("what-python-has.py", import.meta.url)), String(card)];
    const worker = await startWorker(python, words, { limit });
    await worker.stop();
    return worker.greeting;
  } catch {
    return undefined;
  }
}

/**
 * Of the devices that are asked for, why each can't be used; nothing for those that can. `libraryPath` is what CUDA
 * needs.
 */
export async function tryDevices(devices, { found, python, card, download, onFetch }) {
  const { missingFor, probeDevice } = await import("../../dist/src/runtime/index.js");
  const reasons = {};
  let libraryPath;
  if (devices.includes("cuda")) {
    const cuda = await findCuda({
      missingWith: (path) => withLibraryPath(path, () => missingFor("cuda")),
      python: found,
      fetch: download ? fetchWith(python, onFetch) : undefined,
    });
    libraryPath = cuda.libraryPath;
    if (cuda.missing.length > 0) reasons.cuda = adviceFor(cuda);
  }
  if (devices.includes("webgpu")) reasons.webgpu = await lackingForWebGpu(missingFor);
  for (const device of ["cuda", "webgpu"].filter((one) => devices.includes(one) && !reasons[one])) {
    const path = device === "cuda" ? libraryPath : process.env.LD_LIBRARY_PATH;
    const report = await withLibraryPath(path, () => probeDevice(device, card));
    if (!report.works) reasons[device] = `a small network fails on it (${report.message}); see slab devices`;
  }
  return { reasons, libraryPath };
}

async function lackingForWebGpu(missingFor) {
  const [missing] = missingFor("webgpu");
  if (missing) return `${missing.what} is missing (${missing.lookedFor}): ${missing.help}`;
  return (await hasCard()) || process.env.VK_DRIVER_FILES
    ? undefined
    : "there is no graphics card; VK_DRIVER_FILES may name a driver that computes on the processor (docs/gpu.md)";
}

/** Whether WebGPU runs on a card: not so with a driver that computes on the processor. */
export async function hasCard() {
  const { hasGraphicsCard } = await import("../../dist/src/runtime/index.js");
  return hasGraphicsCard();
}

/** Why PyTorch can't run a network on a device; undefined where it can. */
export function lackingForTorch(python, found, { device, card, network }) {
  if (!found) {
    return `${python} has no torch with numpy: pip install torch numpy, or set SLAB_PYTHON to a Python that has them`;
  }
  if (device === "cuda" && card >= found.cards) {
    return found.cards === 0
      ? `torch ${found.torch} finds no NVIDIA card: is the driver there (nvidia-smi), and is this torch built for CUDA?`
      : `torch sees ${found.cards} cards, counted from 0, and none of number ${card}`;
  }
  const [major, minor] = (found.monai ?? "0.0").split(".").map(Number);
  if (network?.monai && (major < 1 || (major === 1 && minor < 5))) {
    return `${python} has ${found.monai ? `monai ${found.monai}` : "no monai"}: pip install 'monai>=1.5'`;
  }
  return undefined;
}

/** The loader reads the variable in the processes that are started meanwhile. */
function withLibraryPath(path, action) {
  const before = process.env.LD_LIBRARY_PATH;
  const restore = () => {
    if (before === undefined) delete process.env.LD_LIBRARY_PATH;
    else process.env.LD_LIBRARY_PATH = before;
  };
  if (path) process.env.LD_LIBRARY_PATH = path;
  try {
    // The environment is copied when a process is started, which is before the first wait.
    return action();
  } finally {
    restore();
  }
}
