// Measures Slab on a graphics card against PyTorch on it: node bench/gpu/run.mjs --help
import { readFileSync } from "node:fs";
import { count, expectBuilt, expectFormat, progress, runCommand, say, temporaryFolder } from "../command.mjs";
import { describe } from "../contenders.mjs";
import { describeCard } from "./card-memory.mjs";
import { parseContender, ratesOf, referenceContender, usualContenders } from "./contenders.mjs";
import { onnxruntimeVersion } from "./cuda-provider.mjs";
import { measureCase } from "./measure.mjs";
import { networks, usualCases } from "./networks.mjs";
import { evaluate, settingOf, showCase, showLeftOut, showSetting, usualRival } from "./result.mjs";
import { askPython, hasCard, lackingForTorch, tryDevices } from "./what-is-here.mjs";

const help = `Usage: node bench/gpu/run.mjs [network:tile ...] [options]

Measures what turns a volume into labels on a graphics card, and prints a table for each case: time relative to another
contender and in milliseconds, the card's memory, shares of its measured matrix and copy rates, deviation and labels
beside float32 on the CPU. One contender at a time is on the card; nothing else should be. Contenders for which something
is missing here are left out, and what is missing is said. PyTorch is that of SLAB_PYTHON, or python3; Swin UNETR in it
needs monai. Where ONNX Runtime's CUDA provider is missing, it is taken from that Python, or downloaded with its pip.

  network:tile             ${Object.keys(networks).join(", ")} (default:
                           ${usualCases.join(" ")})
  --contenders <names>     slab:DEVICE:PRECISION or slab:DEVICE:PRECISION:SCHEDULE with cpu, cuda, webgpu and float32, tf32,
                           float16; torch:DEVICE:WAY with cpu, cuda and eager, eager-tf32, autocast, compile; separated
                           by spaces (default: all on cuda and webgpu)
  --against <name>         the contender that times are relative to (default: ${usualRival}, or the first)
  --rounds <count>         how often each is started, in turns (default: 2)
  --repeats <count>        passes each time (default: 10)
  --warmup <count>         passes before them, which are not counted (default: 3)
  --card <number>          as nvidia-smi counts them (default: 0); WebGPU chooses its own
  --threads <count>        of contenders on the CPU (default: as many as there are cores)
  --matrix <size>          rows and columns of the matrices whose product gives the rate (default: 8192)
  --limit <seconds>        a contender that takes longer for an answer is given up (default: 1800)
  --no-download            download nothing
  --format <format>        table, markdown or json (default: table)`;

const options = {
  contenders: { type: "string" },
  against: { type: "string" },
  rounds: { type: "string", default: "2" },
  repeats: { type: "string", default: "10" },
  warmup: { type: "string", default: "3" },
  card: { type: "string", default: "0" },
  threads: { type: "string", default: "0" },
  matrix: { type: "string", default: "8192" },
  limit: { type: "string", default: "1800" },
  "no-download": { type: "boolean", default: false },
  format: { type: "string", default: "table" },
};
/** The least of a number that is not 1. */
const least = { warmup: 0, card: 0, threads: 0 };

const python = process.env.SLAB_PYTHON || "python3";
const print = (text) => process.stdout.write(`${text}\n`);

await runCommand({ options, help, measure });

async function measure(values, positionals) {
  expectFormat(values.format);
  const numbers = Object.fromEntries(
    ["rounds", "repeats", "warmup", "card", "threads", "matrix", "limit"].map((key) => {
      return [key, count(key, values[key], least[key], 100_000)];
    }),
  );
  const cases = (positionals.length > 0 ? positionals : usualCases).map(parseCase);
  const names = new Set(values.contenders?.trim().split(/\s+/) ?? usualContenders);
  const wanted = [...names].map(parseContender);
  if (values.against !== undefined && !names.has(values.against)) {
    throw new Error(`--against names one of the contenders, found ${values.against}`);
  }
  expectBuilt();
  // The sizes that a network can't have are said before anything is measured.
  for (const one of cases) one.work = describe(one.network, one.tile);
  const { contenders, leftOut, found, libraryPath } = await whoIsHere(
    wanted,
    numbers,
    !values["no-download"],
  );
  for (const one of leftOut) say(showLeftOut(one));
  if (contenders.length === 0) {
    throw new Error(
      `nothing to measure here; to try it without a card: --contenders '${referenceContender} torch:cpu:eager'`,
    );
  }
  const context = { ...numbers, python, libraryPath, folder: temporaryFolder("slab-bench-gpu-") };
  const rates = found ? await ratesFor(contenders, context) : {};
  const setting = settingOf(numbers, describeCard(numbers.card), versionsOf(found), rates);
  const text = values.format !== "json";
  if (text) print(showSetting(setting));
  const results = [];
  for (const one of cases) {
    const result = await measureAndEvaluate(one, contenders, found, context, rates, values.against);
    if (!result) continue;
    results.push(result);
    progress("");
    // What has been measured is there, even if the run is stopped later.
    if (text) print(`\n${showCase(values.format, result)}`);
  }
  if (results.length === 0) throw new Error("of no network there is anything to measure here");
  if (!text) print(JSON.stringify({ ...setting, leftOut, cases: results }, null, 2));
  const measured = results
    .flatMap(({ contenders: rows }) => rows)
    .some(({ failure }) => failure === undefined);
  if (!measured) throw new Error("every contender failed");
}

async function measureAndEvaluate({ network, tile, work }, everyone, found, context, rates, against) {
  const lacking = (one) =>
    one.kind === "torch" ? lackingForTorch(python, found, { ...one, network }) : undefined;
  const { left, leftOut } = leaveOut(everyone, lacking);
  for (const one of leftOut) say(`${network.name}: ${showLeftOut(one)}`);
  if (left.length === 0) return undefined;
  const all = { ...context, network, tile, shape: work.shape };
  const measured = await measureCase(left, all, (step) => progress(`${network.name} ${tile}: ${step}`));
  const contenders = evaluate(measured, work, rates, against ?? usualRival);
  return { network: network.name, tile, macs: work.macs, bytes: work.bytes, contenders, leftOut };
}

/** The contenders for which everything is here, with what they are on; of others, what is missing. */
async function whoIsHere(wanted, { card, limit }, download) {
  progress("what is here");
  const found = await askPython(python, { card, limit });
  const devices = wanted.filter(({ kind }) => kind === "slab").map(({ device }) => device);
  const onFetch = (folder) =>
    say(
      `downloading ONNX Runtime's CUDA provider (onnxruntime-gpu ${onnxruntimeVersion}, 250 MB) into ${folder}`,
    );
  const { reasons, libraryPath } = await tryDevices(devices, { found, python, card, download, onFetch });
  const { left, leftOut } = leaveOut(wanted, ({ kind, device }) =>
    kind === "slab" ? reasons[device] : lackingForTorch(python, found, { device, card }),
  );
  const webgpu = (await hasCard()) ? "card" : "processor";
  const contenders = left.map((one) => ({ ...one, on: { cpu: "cpu", cuda: "card", webgpu }[one.device] }));
  return { contenders, leftOut, found, libraryPath };
}

/** Those for which nothing is lacking, and the others by what is. */
function leaveOut(contenders, lacking) {
  const reasons = new Map();
  const left = contenders.filter((one) => {
    const reason = lacking(one);
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), one.name]);
    return reason === undefined;
  });
  return { left, leftOut: [...reasons].map(([reason, names]) => ({ names, reason })) };
}

async function ratesFor(contenders, context) {
  const rates = {};
  for (const [on, device] of Object.entries({ cpu: "cpu", card: "cuda" })) {
    if (!contenders.some((one) => one.on === on)) continue;
    progress(`rates of the ${on}`);
    try {
      rates[on] = await ratesOf(device, context);
    } catch (problem) {
      say(`no rates of the ${on}: ${problem.message}`);
    }
  }
  return rates;
}

function versionsOf(found) {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const all = { slab: version, node: process.versions.node, "onnxruntime-node": onnxruntimeVersion };
  for (const name of ["torch", "cuda", "cudnn", "monai"]) if (found?.[name]) all[name] = found[name];
  return all;
}

function parseCase(text) {
  const [name, tile = networks[name]?.tile] = text.split(":");
  if (!Object.hasOwn(networks, name)) {
    throw new Error(`no network ${name}; there are ${Object.keys(networks).join(", ")}`);
  }
  return { network: { name, ...networks[name] }, tile };
}
