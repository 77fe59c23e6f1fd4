import { Command, Option } from "commander";
import { compilerVersion } from "../compiler/version.js";
import { addNetworkOptions, addWeightOptions } from "./options.js";
import type { Terminal } from "./terminal.js";

/**
 * The commands of `slab` with their options and help. A command's module is only loaded when it runs: `slab check` should
 * not wait for ONNX Runtime.
 *
 * @param finish is told the exit code of the command that ran
 */
export function createProgram(terminal: Terminal, finish: (exitCode: number) => void): Command {
  const program = new Command("slab")
    .description("Slab: volumetric neural networks as text, compiled to ONNX and run over scans.")
    .version(`slab ${compilerVersion}`, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError("(slab --help lists commands and options)")
    .addHelpText("after", generalHelp);
  const command = (usage: string, summary: string, examples: readonly string[]) => {
    const added = program.command(usage).description(summary);
    added.showHelpAfterError(`(slab ${added.name()} --help shows how it is used)`);
    return added.addHelpText("after", `\nExamples:\n${examples.map((line) => `  $ ${line}`).join("\n")}`);
  };

  addNetworkOptions(
    command("check <files...>", "Say whether networks are right, and what they take and give.", [
      "slab check network.slab",
      "slab check network.slab --set classes=3 --tile 96x96x96",
      "slab check --json *.slab",
    ]),
  )
    .option("--network <name>", "only this network of a file")
    .option("--json", "print networks and diagnostics as JSON")
    .action(async (files, options) =>
      finish((await import("./commands/check.js")).check(files, options, terminal)),
    );

  command("fmt <files...>", "Rewrite files in the standard layout; - reads one from standard input.", [
    "slab fmt network.slab",
    "slab fmt --check *.slab",
    "slab fmt - < network.slab",
  ])
    .option("--check", "only list the files that are laid out differently; exit code 1 if there are any")
    .action(async (files, options) =>
      finish((await import("./commands/fmt.js")).fmt(files, options, terminal)),
    );

  const compile = addNetworkOptions(
    command("compile <file> [network]", "Compile a network to an ONNX model.", [
      "slab compile network.slab -o model.onnx --tile 96x96x96 --weights trained.safetensors",
      "slab compile examples/ssh-unet/ssh-unet.slab -o ssh.onnx --set classes=14 --tile 96x96x96 --init seeded",
    ]),
  )
    .requiredOption("-o, --output <model.onnx>", "the file to write")
    .option("--batch <count>", "the size of the input's axis n (default: 1)")
    .option("--network <name>", "the network, as the second argument names it")
    .addOption(initOption());
  addWeightOptions(compile).action(async (file, network, options) => {
    requireWeights(compile, options);
    const chosen = network === undefined ? options : { ...options, network };
    finish((await import("./commands/compile.js")).compile(file, chosen, terminal));
  });

  const run = addNetworkOptions(
    command(
      "run <network> <volume>",
      "Segment a scan with a network: a .slab file or a model that Slab compiled.",
      [
        "slab run model.onnx scan.nii.gz -o labels.nii.gz --overlap 0.5 --picture labels.png",
        "slab run examples/meshnet/meshnet.slab volume.nii.gz -o labels.nii.gz --set classes=18 --weights model.pth",
        "slab run network.slab ct.nii.gz -o labels.nii.gz --weights w.pth --tile 96x96x96 --intensity 'window(-991,362)'",
      ],
    ),
  )
    .requiredOption("-o, --output <labels.nii.gz>", "the label map to write, on the scan's own grid")
    .option("--network <name>", "which network of a .slab file that has several")
    .addOption(initOption());
  addWeightOptions(run)
    .option("--intensity <how>", "scales the scan first: minmax, zscore, window(low,high) or none", "minmax")
    .option("--overlap <fraction>", "the part of a tile that its neighbour shares", "0.5")
    .option("--blend <how>", "how overlapping tiles are joined: gaussian or constant", "gaussian")
    .option("--pad <how>", "what surrounds a scan shorter than a tile: minimum, zero or edge", "minimum")
    .option("--picture <file.png>", "also draw three orthogonal slices with the labels laid over")
    .option("--threads <count>", "threads of the computation (default: one for each core)")
    .option("--quiet", "print nothing but mistakes")
    .action(async (network, volume, options) => {
      const command = await import("./commands/run.js");
      const problem = command.weightUsage(network, options);
      if (problem !== undefined) run.error(`error: ${problem}`);
      finish(await command.run(network, volume, options, terminal));
    });

  addNetworkOptions(
    command("inspect <file>", "Print what an ONNX model or a .slab network is made of.", [
      "slab inspect model.onnx",
      "slab inspect model.onnx --parameters",
      "slab inspect network.slab --tile 96x96x96 --nodes",
    ]),
  )
    .option("--network <name>", "which network of a .slab file that has several")
    .option("--batch <count>", "the size of the input's axis n (default: 1)")
    .option("--parameters", "list every weight with its shape")
    .option("--nodes", "list every operation with its output's shape")
    .action(async (file, options) =>
      finish((await import("./commands/inspect.js")).inspect(file, options, terminal)),
    );

  command("new <file>", "Write a small network to begin with.", ["slab new liver.slab"]).action(
    async (file) => finish((await import("./commands/new.js")).createStarter(file, terminal)),
  );
  return program;
}

const generalHelp = `
Exit codes: 0 all is well, 1 the input is wrong, 2 the command is used wrongly, 70 a bug in Slab.

Examples:
  $ slab new liver.slab
  $ slab check liver.slab
  $ slab compile liver.slab -o liver.onnx --tile 96x96x96 --init seeded
  $ slab run liver.onnx scan.nii.gz -o labels.nii.gz --picture labels.png`;

function initOption(): Option {
  const description = "weights made from their names, for tests: nothing is learnt";
  return new Option("--init <how>", description).choices(["seeded"]).conflicts("weights");
}

function requireWeights(command: Command, { init, weights }: { init?: string; weights?: string }): void {
  if (init !== undefined || weights !== undefined) return;
  command.error(
    "error: a model needs weights: give --weights FILE, or --init seeded for weights that have learnt nothing",
  );
}
