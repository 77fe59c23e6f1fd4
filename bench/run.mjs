// Measures Slab's schedules against each other, against models exported from PyTorch, and against PyTorch, in turns:
// node bench/run.mjs --help
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { count, expectBuilt, expectFormat, progress, runCommand, temporaryFolder } from "./command.mjs";
import { describe, enter, findPython, startOnnx } from "./contenders.mjs";
import { networks } from "./networks.mjs";
import { evaluate, median, show, withMemoryRatios } from "./result.mjs";

const help = `Usage: node bench/run.mjs [network] [options]

Measures contenders in turns, each in a process of its own that is started once: in every round each makes one pass.
Times and memory are relative to the first contender. Without a Python that has PyTorch (SLAB_PYTHON, or python3), Slab's
schedules are measured against each other.

  network                  ${Object.keys(networks).join(", ")} (default: ssh-unet)
  --contenders <names>     slab:SCHEDULE, export:torchscript, export:dynamo, eager; separated by spaces
                           (default: slab: with every preset that the CPU runs, and the others where PyTorch is)
  --tile <sizes>           (default: 96x96x96)
  --repeats <count>        rounds; one more warms up and is not counted (default: 5)
  --threads <count>        (default: 2)
  --memory-pattern <when>  ONNX Runtime's memory pattern: usual (as \`slab run\` for Slab's models, which is off; as ONNX
                           Runtime's default for others, which is on), on, off (default: usual)
  --matrix <size>          rows and columns of the matrices whose product gives the machine's rate (default: 4096)
  --format <format>        table, markdown or json (default: table)`;

const options = {
  contenders: { type: "string" },
  tile: { type: "string" },
  repeats: { type: "string", default: "5" },
  threads: { type: "string", default: "2" },
  matrix: { type: "string", default: "4096" },
  "memory-pattern": { type: "string", default: "usual" },
  format: { type: "string", default: "table" },
};

await runCommand({
  options,
  help,
  measure: async (values, positionals) => {
    process.stdout.write(`${show(values.format, await bench(values, positionals))}\n`);
  },
});

async function bench(values, [name = "ssh-unet", ...rest]) {
  if (rest.length > 0) throw new Error(`one network at a time, found also ${rest.join(" ")}`);
  expectFormat(values.format);
  const pattern = values["memory-pattern"];
  if (!["usual", "on", "off"].includes(pattern)) throw new Error(`no memory pattern ${pattern}; see --help`);
  if (!Object.hasOwn(networks, name)) {
    throw new Error(`no network ${name}; there are ${Object.keys(networks).join(", ")}`);
  }
  const [repeats, threads, matrix] = ["repeats", "threads", "matrix"].map((key) => count(key, values[key]));
  expectBuilt();
  const network = { name, ...networks[name] };
  const tile = values.tile ?? network.tile;
  const python = findPython();
  const names = values.contenders?.trim().split(/\s+/) ?? (await everyone(python));
  for (const contender of names) expectContender(contender, python);
  const { macs, shape } = describe(network, tile);

  const folder = temporaryFolder("slab-bench-");
  const contenders = [];
  const base = { folder, network, tile, shape, threads, pattern, samples: 4096, python };
  try {
    const product = await startProduct(base, matrix);
    contenders.push(product);
    for (const [index, contender] of names.entries()) {
      progress(`preparing ${contender}`);
      const entered = await enter(contender, { ...base, index }).catch((problem) => {
        throw new Error(`${contender}: ${problem.message}`);
      });
      contenders.push({ ...entered, passes: [] });
    }
    for (let round = 0; round <= repeats; round++) {
      for (const contender of contenders) {
        const pass = await contender.ask("pass").catch((problem) => {
          throw new Error(`${contender.name}: ${problem.message}`);
        });
        if (round > 0) contender.passes.push(pass);
        progress(
          `${round === 0 ? "warmed up" : `round ${round} of ${repeats}`}: ${contender.name} ${pass.seconds.toFixed(2)} s`,
        );
      }
    }
    const rate = product.passes.map(({ seconds }) => (2 * matrix ** 3) / seconds);
    const rows = withMemoryRatios(evaluate(contenders.slice(1), rate, macs));
    return { network: name, tile, threads, repeats, macs, matrixProduct: median(rate), contenders: rows };
  } finally {
    progress("");
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}

/** The machine's matrix-product rate, measured beside the contenders in every round. */
async function startProduct({ folder, threads }, matrix) {
  const { productModel } = await import("../dist/src/runtime/index.js");
  const path = join(folder, "product.onnx");
  writeFileSync(path, productModel(matrix).bytes);
  const job = { shape: [matrix, matrix], threads, memoryPattern: true, samples: 1, seeded: false };
  return { name: "matrix product", passes: [], ...(await startOnnx(path, job)) };
}

async function everyone(python) {
  const { presets } = await import("../dist/src/compiler/index.js");
  // Those that are for other devices only are named by hand.
  const schedules = Object.keys(presets).filter((preset) => !["gpu", "webgpu"].includes(preset));
  // The fastest on a CPU is what the others are measured against, where there is one.
  schedules.sort((a, b) => (b === "cpu") - (a === "cpu"));
  const others = python ? ["export:torchscript", "export:dynamo", "eager"] : [];
  return [...schedules.map((schedule) => `slab:${schedule}`), ...others];
}

function expectContender(name, python) {
  if (/^slab:./.test(name)) return;
  if (!["export:torchscript", "export:dynamo", "eager"].includes(name)) {
    throw new Error(`no contender ${name}; see --help`);
  }
  if (!python) throw new Error(`${name} needs a Python with torch and numpy: set SLAB_PYTHON`);
}
