// Measures Slab on a graphics card against PyTorch on it: node bench/gpu/run.mjs --help
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { classes } from "../networks.mjs";
import { finish } from "../process.mjs";
import { describeCard, watchCard } from "./card-memory.mjs";
import { enter, parseContender, usualContenders } from "./contenders.mjs";
import { networks, usualCases } from "./networks.mjs";
import { agreement, deviation, evaluate, show } from "./result.mjs";

const help = `Usage: node bench/gpu/run.mjs [network:tile ...] [options]

Measures what turns a volume into labels on a graphics card, and prints a table for each case: milliseconds, ratio to the
first contender, the card's memory, shares of its measured matrix and copy rates, deviation and labels against float32
on the CPU. One contender at a time is on the card; nothing else should be. Contenders for which something is missing
here are left out, which is said. PyTorch is that of SLAB_PYTHON, or python3; Swin UNETR needs its monai.

  network:tile             ${Object.keys(networks).join(", ")} (default: ${usualCases.join(" ")})
  --contenders <names>     slab:DEVICE:PRECISION or slab:DEVICE:PRECISION:SCHEDULE with cpu, cuda, webgpu and float32, tf32,
                           float16; torch:DEVICE:WAY with cpu, cuda and eager, eager-tf32, autocast, compile; separated
                           by spaces (default: all on cuda and webgpu)
  --rounds <count>         how often each is started, in turns (default: 2)
  --repeats <count>        passes each time; some more warm up and are not counted (default: 10)
  --warmup <count>         (default: 3)
  --card <number>          (default: 0)
  --threads <count>        of contenders on the CPU (default: as many as there are cores)
  --matrix <size>          rows and columns of the matrices whose product gives the rate (default: 8192)
  --format <format>        table, markdown or json (default: table)`;

const options = {
  contenders: { type: "string" },
  rounds: { type: "string", default: "2" },
  repeats: { type: "string", default: "10" },
  warmup: { type: "string", default: "3" },
  card: { type: "string", default: "0" },
  threads: { type: "string", default: "0" },
  matrix: { type: "string", default: "8192" },
  format: { type: "string", default: "table" },
  help: { type: "boolean", short: "h", default: false },
};

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const python = process.env.SLAB_PYTHON || "python3";

try {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) process.stdout.write(`${help}\n`);
  else process.stdout.write(`${show(values.format, await bench(values, positionals))}\n`);
} catch (problem) {
  process.stderr.write(`bench: ${problem.message}\n`);
  process.exitCode = 1;
}

async function bench(values, positionals) {
  if (!["table", "markdown", "json"].includes(values.format)) {
    throw new Error(`no format ${values.format}; see --help`);
  }
  const least = { warmup: 0, card: 0, threads: 0 };
  const numbers = Object.fromEntries(
    ["rounds", "repeats", "warmup", "card", "threads", "matrix"].map((key) => {
      return [key, count(key, values[key], least[key] ?? 1)];
    }),
  );
  const cases = (positionals.length > 0 ? positionals : usualCases).map(parseCase);
  const wanted = (values.contenders?.trim().split(/\s+/) ?? usualContenders).map(parseContender);
  if (!existsSync(new URL("../../dist/src/compiler/index.js", import.meta.url))) {
    throw new Error("Slab is not built yet: run `npm run build`");
  }
  const found = findTorch();
  const contenders = await available(wanted, found);
  const folder = mkdtempSync(join(tmpdir(), "slab-bench-gpu-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  const context = { ...numbers, folder, python };
  const rates = {
    card: found.cuda ? ratesOf("cuda", context) : undefined,
    cpu:
      found.torch && contenders.some(({ device }) => device === "cpu") ? ratesOf("cpu", context) : undefined,
  };
  const results = [];
  for (const one of cases) results.push(await measureCase(one, contenders, rates, context));
  progress("");
  return {
    date: new Date().toISOString().slice(0, 10),
    card: describeCard(numbers.card),
    versions: versions(rates),
    rates,
    ...numbers,
    cases: results,
  };
}

/** One case: the reference on the CPU, then every contender in turns, each alone on the card. */
async function measureCase({ name, tile }, contenders, rates, context) {
  const network = { name, ...networks[name] };
  const work = workOf(network, tile);
  const all = { ...context, network, tile, shape: work.shape };
  progress(`${name} ${tile}: reference on the CPU`);
  const expected = await reference(all);
  const measured = contenders.map((contender) => ({ ...contender, seconds: [] }));
  for (let round = 1; round <= context.rounds; round++) {
    for (const one of measured.filter(({ failure }) => failure === undefined)) {
      progress(`${name} ${tile}: round ${round} of ${context.rounds}, ${one.name}`);
      try {
        await measureOnce(one, all, round === 1 ? expected : undefined);
      } catch (problem) {
        one.failure = problem.message.split("\n").at(-1).slice(0, 200);
      }
    }
  }
  return {
    network: name,
    tile,
    macs: work.macs,
    bytes: work.bytes,
    contenders: evaluate(measured, work, rates),
  };
}

/** Starts a contender, warms it up, measures it, and, where there is a reference, compares what it gives. */
async function measureOnce(one, context, expected) {
  const memory = one.device === "cpu" ? undefined : watchCard(context.card);
  let worker;
  try {
    worker = await enter(one, context);
    for (let pass = 0; pass < context.warmup; pass++) await worker.ask("pass");
    for (let pass = 0; pass < context.repeats; pass++) one.seconds.push((await worker.ask("pass")).seconds);
    const peak = memory?.stop();
    if (peak !== undefined) one.peak = Math.max(one.peak ?? 0, peak);
    if (!expected) return;
    const { labels, scores } = await valuesOf(worker, context);
    one.agreement = agreement(labels, expected.labels);
    one.deviation = deviation(scores, expected.scores);
  } finally {
    memory?.stop();
    worker?.stop();
  }
}

async function reference(context) {
  const worker = await enter(parseContender("slab:cpu:float32"), context);
  try {
    await worker.ask("pass");
    return await valuesOf(worker, context);
  } finally {
    worker.stop();
  }
}

/** Labels and scores of every voxel. */
async function valuesOf(worker, { folder }) {
  const read = async (what) => {
    await worker.ask(what);
    return new Uint8Array(readFileSync(join(folder, "values.bin")));
  };
  const labels = await read("labels");
  return { labels, scores: new Float32Array((await read("scores")).buffer) };
}

/** The contenders for which everything is here; of others it says what is missing. Throws where none is left. */
async function available(wanted, found) {
  const { missingFor, hasGraphicsCard } = await import("../../dist/src/runtime/index.js");
  const lacking = ({ kind, device }) => {
    if (kind === "torch") {
      if (!found.torch) return `${python} has no torch with numpy: set SLAB_PYTHON to one that has`;
      return device === "cuda" && !found.cuda ? "its torch finds no NVIDIA card" : undefined;
    }
    const [missing] = missingFor(device);
    if (missing) return `${missing.what} is missing (${missing.lookedFor}); slab devices says how to get it`;
    const software = device === "webgpu" && !hasGraphicsCard() && process.env.VK_DRIVER_FILES === undefined;
    return software ? "there is no graphics card; VK_DRIVER_FILES may name a driver in software" : undefined;
  };
  const reasons = new Map();
  const left = wanted.filter((contender) => {
    const reason = lacking(contender);
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), contender.name]);
    return reason === undefined;
  });
  for (const [reason, names] of reasons) process.stderr.write(`left out ${names.join(", ")}: ${reason}\n`);
  if (left.length === 0) {
    throw new Error(
      "nothing to measure here; to try it without a card: --contenders 'slab:cpu:float32 torch:cpu:eager'",
    );
  }
  return left;
}

function findTorch() {
  const asked = "import torch, numpy; print(torch.cuda.is_available())";
  const { status, stdout } = spawnSync(python, ["-c", asked], { encoding: "utf8" });
  return { torch: status === 0, cuda: status === 0 && stdout.trim() === "True" };
}

function ratesOf(device, { card, matrix }) {
  progress(`rates of the ${device === "cpu" ? "CPU" : "card"}`);
  return JSON.parse(finish(python, [path("rates.py"), device, String(card), String(matrix)]).stdout);
}

function versions({ card, cpu }) {
  const require = createRequire(import.meta.url);
  const { torch, cuda, cudnn } = card ?? cpu ?? {};
  const all = {
    node: process.versions.node,
    "onnxruntime-node": require("onnxruntime-node/package.json").version,
  };
  return { ...all, ...JSON.parse(JSON.stringify({ torch, cuda, cudnn })) };
}

/** Work of a pass and the input's shape, as `slab report` says them. */
function workOf({ file }, tile) {
  const words = [path("../../bin/slab.js"), "report", path(`../../${file}`), "--tile", tile];
  const { stdout } = finish(process.execPath, [...words, "--set", `classes=${classes}`, "--format", "json"]);
  const { macs, bytes, inputs } = JSON.parse(stdout);
  return { macs, bytes, shape: inputs[0].shape };
}

function parseCase(text) {
  const [name, tile = networks[name]?.tile] = text.split(":");
  if (!Object.hasOwn(networks, name)) {
    throw new Error(`no network ${name}; there are ${Object.keys(networks).join(", ")}`);
  }
  return { name, tile };
}

function count(name, text, least) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > 100_000) {
    throw new Error(`--${name} takes a whole number from ${least} to 100000, found ${text}`);
  }
  return value;
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text) process.stderr.write(`${text}\n`);
}
