// Who takes part: Slab on a device in a precision, and PyTorch on a device in a way of running it.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { classes } from "../networks.mjs";
import { finish, startWorker } from "../process.mjs";

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

/** `slab:cuda:float16`, with a schedule after a further colon where it is not the device's own. Throws for others. */
export function parseContender(name) {
  const [kind, device = "", way = "", ...rest] = name.split(":");
  if (kind === "slab" && slabPrecisions[device]?.includes(way) && rest.length <= 1) {
    const [schedule = { cpu: "cpu", cuda: "gpu", webgpu: "webgpu" }[device]] = rest;
    return { name, kind, device, precision: way, schedule };
  }
  if (
    kind === "torch" &&
    torchDevices.includes(device) &&
    Object.hasOwn(torchPrecisions, way) &&
    rest.length === 0
  ) {
    return { name, kind, device, precision: torchPrecisions[way], way };
  }
  throw new Error(`no contender ${name}; see --help`);
}

/** Starts one: models are compiled before, and what it needs beyond the network is its own. */
export function enter(contender, context) {
  return contender.kind === "slab" ? enterSlab(contender, context) : enterTorch(contender, context);
}

function enterTorch({ device, way }, { network, shape, card, threads, python, folder }) {
  const job = { network: network.name, settings: { classes }, shape, device, way, card, threads };
  const words = [path("torch-worker.py"), JSON.stringify({ ...job, output: join(folder, "values.bin") })];
  return startWorker(python, words);
}

function enterSlab({ device, precision, schedule }, { network, tile, card, threads, folder }) {
  const models = Object.fromEntries(
    ["labels", "scores"].map((gives) => {
      const model = join(folder, `${gives}.onnx`);
      const words = [slab, "compile", path(`../../${network.file}`), "-o", model, "--tile", tile];
      words.push("--set", `classes=${classes}`, "--init", "seeded", "--checkpoint", network.checkpoint);
      words.push("--schedule", schedule, "--precision", precision === "float16" ? "float16" : "float32");
      finish(process.execPath, gives === "labels" ? [...words, "--labels"] : words);
      return [gives, model];
    }),
  );
  const job = { ...models, device, card, threads, output: join(folder, "values.bin") };
  // What CUDA's libraries do with float32; the Node binding has no option for it.
  const { NVIDIA_TF32_OVERRIDE: _, ...env } = process.env;
  if (precision === "float32") env.NVIDIA_TF32_OVERRIDE = "0";
  return startWorker(process.execPath, [path("slab-worker.mjs"), JSON.stringify(job)], { env });
}
