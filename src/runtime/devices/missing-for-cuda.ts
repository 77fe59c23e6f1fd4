import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Missing } from "./device.js";
import { findLibrary, libraryPath, unresolved } from "./find-library.js";

const providers = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];
const guide = "docs/gpu.md";

/** What CUDA needs and this machine lacks: the driver, ONNX Runtime's provider, CUDA's libraries, cuDNN. */
export function missingForCuda(): readonly Missing[] {
  if (process.platform !== "linux" || process.arch !== "x64") {
    const found = `${process.platform} on ${process.arch}`;
    const help = "use --device webgpu, or run on Linux x64";
    return [
      {
        what: "a system that ONNX Runtime's CUDA is built for",
        lookedFor: `Linux x64; this is ${found}`,
        help,
      },
    ];
  }
  const missing: Missing[] = [];
  if (findLibrary("libcuda.so.1") === undefined) {
    missing.push({
      what: "NVIDIA's driver",
      lookedFor: "libcuda.so.1",
      help: "install the card's driver; in a container, start it with --gpus all (nvidia-container-toolkit)",
    });
  } else if (!["/proc/driver/nvidia/version", "/dev/dxg"].some((path) => existsSync(path))) {
    missing.push({
      what: "NVIDIA's driver in the kernel",
      lookedFor: "/proc/driver/nvidia/version",
      help: "is there a card, and is its module loaded? nvidia-smi says more",
    });
  }
  const folder = providerFolder();
  const absent = providers.filter((name) => !existsSync(join(folder, name)));
  for (const name of absent) {
    missing.push({
      what: "ONNX Runtime's CUDA provider",
      lookedFor: join(folder, name),
      help: `three ways to get it are in ${guide}`,
    });
  }
  if (absent.length > 0) return missing;
  for (const name of unresolved(join(folder, "libonnxruntime_providers_cuda.so"))) {
    if (name !== "libcuda.so.1")
      missing.push({ what: "a library of CUDA", lookedFor: name, help: packageOf(name) });
  }
  if (findLibrary("libcudnn.so.9") === undefined) {
    missing.push({ what: "cuDNN 9", lookedFor: "libcudnn.so.9", help: packageOf("libcudnn.so.9") });
  }
  return missing;
}

/** Beside the library that is loaded: the first of LD_LIBRARY_PATH that has it, else the npm package's own. */
function providerFolder(): string {
  const own = join(
    dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json")),
    "bin/napi-v6/linux/x64",
  );
  return libraryPath().find((folder) => existsSync(join(folder, "libonnxruntime.so.1"))) ?? own;
}

/** Which package brings a library. The number in its name is CUDA's (or cuDNN's) version. */
function packageOf(name: string): string {
  const [, library = "", version = ""] = /^lib([a-z]+)(?:Lt)?\.so\.(\d+)/i.exec(name) ?? [];
  const wheels: Readonly<Record<string, string>> = {
    cublas: "cublas",
    cublasLt: "cublas",
    cudart: "cuda-runtime",
    cufft: "cufft",
    curand: "curand",
    cudnn: "cudnn",
    nvrtc: "cuda-nvrtc",
  };
  const wheel = wheels[library];
  const apart = `put its folder on LD_LIBRARY_PATH (${guide})`;
  if (wheel === undefined) return `install CUDA, or ${apart}`;
  const what = library === "cudnn" ? "cuDNN 9" : /cublas|cudart/.test(library) ? `CUDA ${version}` : "CUDA";
  return `install ${what}, or NVIDIA's Python wheel for ${wheel}, and ${apart}`;
}
