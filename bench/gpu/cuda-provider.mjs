// ONNX Runtime's CUDA provider does not come with onnxruntime-node: where it is not there, the Python that has PyTorch
// has CUDA's libraries, and has the provider or can get it.
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startWorker } from "../process.mjs";

const providers = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];
const package_ = createRequire(import.meta.url).resolve("onnxruntime-node/package.json");
/** The provider has to be of the same version. */
export const onnxruntimeVersion = createRequire(import.meta.url)(package_).version;
const own = join(dirname(package_), "bin/napi-v6/linux/x64/libonnxruntime.so.1");
const cache = fileURLToPath(
  new URL(`../../node_modules/.cache/slab-bench/cuda-${onnxruntimeVersion}`, import.meta.url),
);

/**
 * The LD_LIBRARY_PATH with which Slab finds all that CUDA needs, and what is missing with it: nothing, at best. Tries in
 * turn what is installed, that with the libraries of Python's wheels, and the provider of Python's onnxruntime-gpu or,
 * where `fetch` allows it, of the wheel on PyPI, which is kept.
 *
 * @param missingWith what CUDA lacks with an LD_LIBRARY_PATH
 * @param python what what-python-has.py found; undefined without PyTorch
 * @param fetch puts the provider into a folder; undefined where nothing may be downloaded
 * @returns `libraryPath`, `missing`, and `problem` where getting the provider failed
 */
export async function findCuda({ missingWith, python, fetch, folder = cache }) {
  const installed = process.env.LD_LIBRARY_PATH ?? "";
  const missing = missingWith(installed);
  const driver = missing.some(({ what }) => what.startsWith("NVIDIA's driver"));
  // Without a driver or, where Python sees no card, without one to use it on, nothing else helps.
  if (missing.length === 0 || driver || !python?.cards) return { libraryPath: installed, missing };
  const withLibraries = [installed, ...python.libraries].filter(Boolean).join(delimiter);
  if (missingWith(withLibraries).length === 0) return { libraryPath: withLibraries, missing: [] };
  let problem;
  if (!hasProvider(folder)) {
    const place =
      python.onnxruntimeGpu === onnxruntimeVersion ? python.providers.find(hasProvider) : undefined;
    try {
      if (place !== undefined)
        link(
          providers.map((name) => join(place, name)),
          folder,
        );
      else if (fetch) await fetch(folder);
    } catch (error) {
      problem = error.message;
    }
  }
  if (!hasProvider(folder)) return { libraryPath: withLibraries, missing, problem };
  // ONNX Runtime looks for its providers beside the library that was loaded.
  link([own], folder);
  const libraryPath = [folder, withLibraries].join(delimiter);
  return { libraryPath, missing: missingWith(libraryPath) };
}

/** Fetches the provider with Python's pip. */
export function fetchWith(python, onStart) {
  return async (folder) => {
    onStart(folder);
    const words = [fileURLToPath(new URL("fetch-provider.py", import.meta.url)), onnxruntimeVersion, folder];
    await (await startWorker(python, words)).stop();
  };
}

/** What is missing and how to get it, in a sentence. */
export function adviceFor({ missing: [first], problem }) {
  const { what, lookedFor, help } = first;
  const failed = problem === undefined ? "" : `; getting it from PyPI failed (${problem})`;
  const provider = what.includes("provider");
  const how = provider
    ? "`ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node` gets it for CUDA 12; docs/gpu.md says more"
    : help;
  return `${what} is missing (${lookedFor})${failed}: ${how}`;
}

function hasProvider(folder) {
  return providers.every((name) => existsSync(join(folder, name)));
}

function link(files, folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    const path = join(folder, file.slice(dirname(file).length + 1));
    rmSync(path, { force: true });
    symlinkSync(file, path);
  }
}
