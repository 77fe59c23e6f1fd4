// Who takes part: Slab on a device in a precision, and PyTorch on a device in a way of running it.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { classes } from "../networks.mjs";
import { finish, gist, startWorker } from "../process.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const slab = path("../../bin/slab.js");

/** By device, the precisions of Slab's; TensorFloat-32 is what CUDA does with float32 unless told otherwise. */
const slabPrecisions = {
  cpu: ["float32", "float16"],
  cuda: ["float32", "tf32", "float16"],
  webgpu: ["float32", "float16"],
};
/** By way of running PyTorch, the precision whose matrix products it is held against. */
const torchPrecisions = { eager: "float32", "eager-tf32": "tf32", autocast: "float16", compile: "float16" };
const torchDevices = ["cpu", "cuda"];

/** Measured unless told otherwise. */
export const usualContenders = [
  ...slabPrecisions.cuda.map((precision) => `slab:cuda:${precision}`),
  ...slabPrecisions.webgpu.map((precision) => `slab:webgpu:${precision}`),
  ...Object.keys(torchPrecisions).map((way) => `torch:cuda:${way}`),
];

/** What scores and labels are compared with. */
export const referenceContender = "slab:cpu:float32";

/** `slab:cuda:float16`, with a schedule after a further colon where it is not the device's own. Throws for others. */
export function parseContender(name) {
  const [kind, device = "", way = "", ...rest] = name.split(":");
  if (kind === "slab" && Object.hasOwn(slabPrecisions, device) && slabPrecisions[device].includes(way)) {
    const schedule = rest.join(":") || { cpu: "cpu", cuda: "gpu", webgpu: "webgpu" }[device];
    return { name, kind, device, precision: way, schedule };
  }
  const known = torchDevices.includes(device) && Object.hasOwn(torchPrecisions, way) && rest.length === 0;
  if (kind === "torch" && known) return { name, kind, device, precision: torchPrecisions[way], way };
  throw new Error(`no contender ${name}; see --help`);
}

/** Starts one: models are compiled before, and what it needs beyond the network is its own. */
export function enter(contender, context) {
  return contender.kind === "slab" ? enterSlab(contender, context) : enterTorch(contender, context);
}

function enterTorch({ device, way }, { network, shape, card, threads, python, folder, limit }) {
  const job = { network: network.name, settings: { classes }, shape, device, way, card, threads };
  const words = [path("torch-worker.py"), JSON.stringify({ ...job, output: join(folder, "values.bin") })];
  return startWorker(python, words, { env: environment(), limit });
}

async function enterSlab(
  { device, precision, schedule },
  { network, tile, card, threads, folder, limit, libraryPath },
) {
  const models = {};
  for (const gives of ["labels", "scores"]) {
    models[gives] = join(folder, `${gives}.onnx`);
    rmSync(models[gives], { force: true });
    const words = [slab, "compile", path(`../../${network.file}`), "-o", models[gives], "--tile", tile];
    words.push("--set", `classes=${classes}`, "--init", "seeded", "--checkpoint", network.checkpoint);
    words.push("--schedule", schedule, "--precision", precision === "float16" ? "float16" : "float32");
    try {
      finish(process.execPath, gives === "labels" ? [...words, "--labels"] : words);
    } catch (problem) {
      throw new Error(gist(problem.message));
    }
  }
  const job = { ...models, device, card, threads, output: join(folder, "values.bin") };
  const env = environment(device === "cuda" && { libraryPath, tf32: precision !== "float32" });
  return startWorker(process.execPath, [path("slab-worker.mjs"), JSON.stringify(job)], { env, limit });
}

/** Cards are counted as nvidia-smi counts them. The Node binding has no option for what CUDA does with float32. */
function environment({ libraryPath, tf32 = true } = {}) {
  const { NVIDIA_TF32_OVERRIDE: _, ...env } = process.env;
  env.CUDA_DEVICE_ORDER = "PCI_BUS_ID";
  if (libraryPath) env.LD_LIBRARY_PATH = libraryPath;
  if (!tf32) env.NVIDIA_TF32_OVERRIDE = "0";
  return env;
}

/** The best rates of a device, as PyTorch reaches them; undefined where it can't say. */
export async function ratesOf(device, { python, card, matrix, threads, limit }) {
  // The CPU's are reached by smaller ones, too.
  const size = device === "cpu" ? Math.min(matrix, 2048) : matrix;
  const words = [path("rates.py"), device, ...[card, size, threads].map(String)];
  const worker = await startWorker(python, words, { env: environment(), limit });
  await worker.stop();
  return worker.greeting;
}
