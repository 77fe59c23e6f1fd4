// Who takes part: Slab's schedules, models that PyTorch exports, PyTorch itself.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { classes } from "./networks.mjs";
import { finish, startWorker } from "./process.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const slab = path("../bin/slab.js");
/** Compiling and exporting are timed so often; the fastest counts. */
const preparations = 3;

/** The Python that has PyTorch: SLAB_PYTHON or python3; undefined without one. */
export function findPython() {
  const python = process.env.SLAB_PYTHON || "python3";
  return spawnSync(python, ["-c", "import torch, numpy"]).status === 0 ? python : undefined;
}

/** Makes what a contender needs and starts its worker. `seconds` is the whole process that compiled or exported. */
export async function enter(name, context) {
  const { folder, index, network, shape, threads, pattern, samples, python } = context;
  // Usually each is run as its user would: Slab's as `slab run` does, others with what ONNX Runtime does unless told.
  const memoryPattern = pattern === "usual" ? !name.startsWith("slab:") : pattern === "on";
  const blocks = name.startsWith("slab:") ? "4" : undefined;
  const job = { shape, threads, memoryPattern, blocks, samples, seeded: true };
  const torch = { ...job, network: network.name, settings: { classes } };
  if (name === "eager") {
    return { name, ...(await startWorker(python, [path("torch/worker.py"), JSON.stringify(torch)])) };
  }
  const model = join(folder, `${index}.onnx`);
  const [command, ...words] = name.startsWith("slab:")
    ? [process.execPath, slab, "compile", ...compileWords(name.slice(5), model, context)]
    : [
        python,
        path("torch/export.py"),
        JSON.stringify({ ...torch, path: model, exporter: name.slice("export:".length) }),
      ];
  const seconds = Math.min(...Array.from({ length: preparations }, () => finish(command, words).seconds));
  return { name, seconds, ...(await startOnnx(model, job)) };
}

export function startOnnx(model, job) {
  return startWorker(process.execPath, [path("onnx-worker.mjs"), JSON.stringify({ ...job, path: model })]);
}

function compileWords(schedule, model, { network, tile }) {
  const words = [path(`../${network.file}`), "-o", model, "--tile", tile, "--set", `classes=${classes}`];
  return [...words, "--init", "seeded", "--checkpoint", network.checkpoint, "--schedule", schedule];
}

/** Multiply-accumulates, bytes that are read and written, and the input's shape, as `slab report` says them. */
export function describe({ file }, tile) {
  const words = [slab, "report", path(`../${file}`), "--tile", tile, "--set", `classes=${classes}`];
  const { macs, bytes, inputs } = JSON.parse(finish(process.execPath, [...words, "--format", "json"]).stdout);
  return { macs, bytes, shape: inputs[0].shape };
}
