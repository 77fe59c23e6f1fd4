import { Command, Option } from "commander";
import { presetNames } from "../compiler/schedule/schedule.js";
import { compilerVersion } from "../compiler/version.js";
import { addNetworkOptions, addPipelineOption, addSettings, addWeightOptions, collect } from "./options.js";
import { addScheduleOption, precisionFlags, precisionHelp } from "./schedule.js";
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
    .option("--labels", "give the class of each voxel instead of scores: for tiles that do not overlap")
    .addOption(initOption());
  addScheduleOption(addWeightOptions(addPipelineOption(compile))).action(async (file, network, options) => {
    requireWeights(compile, options);
    const chosen = network === undefined ? options : { ...options, network };
    finish((await import("./commands/compile.js")).compile(file, chosen, terminal));
  });

  const run = addNetworkOptions(
    command(
      "run <network> <volumes...>",
      "Segment scans with a network: a .slab file or a model that Slab compiled.",
      [
        "slab run model.onnx scan.nii.gz -o labels.nii.gz --picture labels.png  # with the pipeline that it carries",
        "slab run model.onnx scans/*.nii.gz -o results/ --resume --log run.jsonl",
        "slab run examples/meshnet/meshnet.slab volume.nii.gz -o labels.nii.gz --set classes=18 --weights model.pth",
        "slab run network.slab ct.nii.gz -o labels.nii.gz --weights w.pth --tile 96x96x96 --intensity 'window(-991,362)'",
      ],
    ),
  )
    .requiredOption(
      "-o, --output <labels.nii.gz>",
      "the label map to write, on the scan's own grid; for several scans a folder, such as results/",
    )
    .option("--network <name>", "which network of a .slab file that has several")
    .addOption(initOption());
  addScheduleOption(addWeightOptions(addPipelineOption(run)))
    .option("--orientation <code>", "turn the scan before: where the network's axes point to, such as RAS")
    .option("--spacing <mm>", "resample it before: voxel sizes along the network's axes, such as 1.5x1.5x2")
    .option("--interpolation <how>", "how it is resampled: linear (the default), nearest or cubic")
    .option("--restore <what>", "what goes back to the scan's grid: labels (the default) or probabilities")
    .option(
      "--intensity <how>",
      "scales the scan first: minmax (the default), zscore, window(low,high), percentiles(low,high) or none",
    )
    .option("--overlap <fraction>", "the part of a tile that its neighbour shares (default: 0.5)")
    .option("--blend <how>", "how overlapping tiles are joined: gaussian (the default) or constant")
    .option(
      "--pad <how>",
      "around a scan shorter than a tile: minimum (the default), edge, reflect, wrap, constant(value)",
    )
    .option(
      "--mirror <axes>",
      "average over the scan turned round along axes: x,y, all or none (default: none)",
    )
    .option("--memory <limit>", "the most memory to take, such as 4GB")
    .option("--picture <file.png>", "also draw orthogonal slices with the labels laid over")
    .option("--picture-slices <count>", "slices of it in each direction (default: 1)")
    .option("--threads <count>", "threads of the computation (default: one for each core)")
    .option("--device <name>", "cpu, cuda or webgpu (default: auto, the first that works here)")
    .option("--card <number>", "which graphics card, for cuda", "0")
    .option(
      "--resume",
      "go on with a batch: pass over scans whose results this network made, with these options",
    )
    .option("--log <file.jsonl>", "append what happens to a file, a line of JSON for each scan")
    .option("--profile", "print what the time went into")
    .option("--quiet", "print nothing but mistakes")
    .action(async (network, volumes, options) => {
      const command = await import("./commands/run.js");
      const problem = command.weightUsage(network, options);
      if (problem !== undefined) run.error(`error: ${problem}`);
      finish(await command.run(network, volumes, options, terminal));
    });

  command("metrics <prediction> <truth>", "Compare label maps: Dice, surface Dice, distances, volumes.", [
    "slab metrics prediction.nii.gz truth.nii.gz --tolerance 3",
    "slab metrics prediction.nii.gz truth.nii.gz --labels 1-15 --names names.json --definition monai",
    "slab metrics predictions/ truths/ -o metrics.csv   (files of the same name)",
  ])
    .option("--labels <labels>", "numbers, ranges and names: 1,5-8,pancreas (default: all that occur)")
    .option(
      "--names <file>",
      "what labels are called: JSON, lines, a table of ITK-SNAP or FreeSurfer, or a model with a pipeline",
    )
    .option("--tolerance <mm>", "within which surfaces agree, for the normalized surface Dice (NSD)", "1")
    .option("--definition <name>", "whose definitions: deepmind or monai (docs/metrics.md)", "deepmind")
    .option("--format <format>", "table, csv or json")
    .option("-o, --output <file>", "write to a file, in the format that its name or --format tells")
    .action(async (prediction, truth, options) =>
      finish((await import("./commands/metrics.js")).metrics(prediction, truth, options, terminal)),
    );

  command("picture <scan> [labels]", "Draw slices of a scan as a PNG, with labels laid over.", [
    "slab picture scan.nii.gz labels.nii.gz -o slices.png",
    "slab picture ct.nii.gz labels.nii.gz -o montage.png --slices 5 --names names.json --window=-160,240",
  ])
    .requiredOption("-o, --output <file.png>", "the picture to write")
    .option("--slices <count>", "slices in each direction", "3")
    .option("--labels <labels>", "only these: 1,5-8,pancreas")
    .option("--names <file>", "what labels are called, and their colours: as for slab metrics")
    .option("--window <low,high>", "the values that are black and white (default: 0.5th, 99.5th percentile)")
    .action(async (scan, labels, options) =>
      finish(await (await import("./commands/picture.js")).picture(scan, labels, options, terminal)),
    );

  command("view <scan> [labels]", "Show a scan and its labels in a browser, from this machine alone.", [
    "slab view scan.nii.gz",
    "slab view scan.nii.gz labels.nii.gz --names names.json",
    "slab view scan.nii.gz labels.nii.gz --no-open --port 8080   (through an SSH tunnel)",
  ])
    .option("--names <file>", "what labels are called, and their colours: as for slab metrics")
    .option("--port <number>", "which port (default: one that is free)")
    .option("--no-open", "only print the address")
    .action(async (scan, labels, options) =>
      finish(await (await import("./commands/view.js")).view(scan, labels, options, terminal)),
    );

  command("devices", "List what networks can run on here, and what is missing for the rest.", [
    "slab devices",
    "slab devices --check",
  ])
    .option("--check", "run a small network on each device and compare it with the CPU")
    .option("--card <number>", "which graphics card, for cuda", "0")
    .option("--json", "print it as JSON")
    .action(async (options) =>
      finish(await (await import("./commands/devices.js")).listDevices(options, terminal)),
    );

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

  addScheduleOption(
    addNetworkOptions(
      command(
        "explain <file> [network]",
        "Say what a schedule makes of a network, and what it leaves and why.",
        [
          "slab explain network.slab --tile 96x96x96 --schedule norm=reductions",
          "slab explain network.slab --tile 96x96x96 --device webgpu",
        ],
      ),
    ),
  )
    .option("--batch <count>", "the size of the input's axis n (default: 1)")
    .option("--network <name>", "the network, as the second argument names it")
    .option("--all", "name every operation of each case")
    .option("--device <name>", "cpu, cuda or webgpu: as it is run there, and what is not computed there")
    .action(async (file, network, options) => {
      const chosen = network === undefined ? options : { ...options, network };
      finish((await import("./commands/explain.js")).explain(file, chosen, terminal));
    });

  const tune = addNetworkOptions(
    command(
      "tune <file> [network]",
      "Measure schedules on this machine and write the fastest one to a file.",
      [
        "slab tune network.slab --tile 96x96x96 -o tuned.json",
        "slab tune network.slab --tile 96x96x96 -o tuned.json --seconds 60 --threads 2",
        "slab tune network.slab --tile 128x128x128 -o tuned.json --device cuda --precision float16",
      ],
    ),
  )
    .requiredOption("-o, --output <tuned.json>", "the file to write, which --schedule takes")
    .option("--seconds <count>", "the time after which no further run begins", "120")
    .option("--threads <count>", "threads of the computation (default: one for each core)")
    .option("--device <name>", "what it is measured on: cpu, cuda or webgpu", "cpu")
    .option("--card <number>", "which graphics card, for cuda", "0")
    .option(precisionFlags, precisionHelp)
    .option("--batch <count>", "the size of the input's axis n (default: 1)")
    .option("--network <name>", "the network, as the second argument names it");
  addWeightOptions(tune).action(async (file, network, options) => {
    const chosen = network === undefined ? options : { ...options, network };
    finish(await (await import("./commands/tune.js")).tune(file, chosen, terminal));
  });

  addSettings(
    command(
      "report <files...>",
      "Count what networks cost: parameters, MACs, memory, receptive field. Computed from the text.",
      [
        "slab report examples/ssh-unet/ssh-unet.slab --tile 128x128x128 --by level",
        "slab report network.slab --tile 96x96x96 --compare fold=1/8 --compare fold=0",
        "slab report a.slab b.slab --tile 96x96x96 -o comparison.html",
        "slab report network.slab --tile 96x96x96 --budget 'macs<600G,peak<8GB'",
        "slab report network.slab --tile 96x96x96 --volume 512x512x300 --overlap 0.5 --device rtx-4090",
        "slab report network.slab  # formulas for every size",
      ],
    ),
  )
    .usage("[options] <files...> [networks...]")
    .option("--network <name>", "which network of a file; names after the files choose several")
    .option("--tile <sizes>", "sizes of the input's axes; may be repeated, to compare them", collect)
    .option("--batch <count>", "the size of the input's axis n (default: 1)")
    .option("--by <parts>", "break the counts down by layer, level, op or view, or several: level,op")
    .option("--depth <count>", "gather layers by so many names of their paths")
    .option("--convention <name>", "count as another tool does: exact, fvcore, ptflops or torch", "exact")
    .option("--compare <name=value>", "beside it, the same with another setting; may be repeated", collect)
    .option("--budget <limits>", "exit code 1 where a limit is exceeded: 'macs<600G,peak<8GB'", collect)
    .option("--schedule <preset>", `whose memory counts: ${presetNames.join(", ")}`, "portable")
    .option("--volume <sizes>", "what a whole volume costs, in overlapping tiles")
    .option("--overlap <fraction>", "the part of a tile that its neighbour shares (default: 0.5)")
    .option("--spacing <mm>", "size of voxels, for a receptive field in millimetres: 0.8x0.8x3")
    .option("--device <name>", "the least time on a device, such as rtx-4090, or measure this machine")
    .option("--format <format>", "table, markdown, json, csv, html, svg or png")
    .option("-o, --output <file>", "write to a file, in the format that its name or --format tells")
    .action(async (files, options) =>
      finish(await (await import("./commands/report.js")).report(files, options, terminal)),
    );

  addNetworkOptions(
    command("diff <a> [b]", "Say which layers differ between two networks, and what that costs.", [
      "slab diff old.slab new.slab --tile 96x96x96",
      "slab diff network.slab --set-b fold=0 --tile 96x96x96",
      "slab diff network.slab --network UNet3D --network-b UNet2D --tile 96x96x96",
    ]),
  )
    .option("--network <name>", "which network of the files")
    .option("--network-b <name>", "which network of the second, if another")
    .option("--set-a <name=value>", "a setting of the first alone; may be repeated", collect)
    .option("--set-b <name=value>", "a setting of the second alone; may be repeated", collect)
    .option("--tile-b <sizes>", "sizes of the second's input, if others")
    .option("--batch <count>", "the size of the input's axis n (default: 1)")
    .option("--all", "list layers that are the same, too")
    .option("--format <format>", "table, markdown, json, csv or html")
    .option("-o, --output <file>", "write to a file, in the format that its name or --format tells")
    .action(async (first, second, options) =>
      finish((await import("./commands/diff.js")).diff(first, second, options, terminal)),
    );

  addNetworkOptions(
    command(
      "sweep <file>",
      "Count the variants of a network that several settings give, and draw the trade-off.",
      [
        "slab sweep network.slab --set fold=[1/2,1/4,1/8,0] --set width[0]=16..64:16 --tile 96x96x96",
        "slab sweep network.slab --set 'width=[[8,16,32],[16,32,64]]' --tile 96x96x96 -o variants.csv",
        "slab sweep network.slab --set shift=[tsm,gsm] --tile 96x96x96 --measured dice.csv --picture dice.png",
      ],
    ),
  )
    .option("--network <name>", "which network of a file that has several")
    .option("--batch <count>", "the size of the input's axis n (default: 1)")
    .option(
      "--columns <quantities>",
      "what is counted (default: parameters,macs,flops), such as peak or bytes",
    )
    .option("--measured <file.csv>", "further columns, measured: a row for each variant, with its settings")
    .option("-o, --output <file>", "write all variants to a .csv or .json file")
    .option("--picture <file>", "draw the trade-off as .svg or .png; may be repeated", collect)
    .option("--x <column>", "what the picture has to the right", "macs")
    .option("--y <column>", "what it has upwards (default: what was measured, else parameters)")
    .addOption(new Option("--better <end>", "whether low or high is better in it").choices(["low", "high"]))
    .action(async (file, options) =>
      finish(await (await import("./commands/sweep.js")).sweep(file, options, terminal)),
    );

  addNetworkOptions(
    command("draw <file> [network]", "Draw the architecture of a network, block by block.", [
      "slab draw network.slab --tile 96x96x96 -o network.svg",
      "slab draw network.slab --set depth=3 -o network.png   (sizes as formulas)",
      "slab draw network.slab --depth 1 -o outermost.svg",
    ]),
  )
    .requiredOption("-o, --output <picture>", "the .svg or .png file to write")
    .option("--depth <count>", "open layers so deep (default: down to the blocks that a paper would draw)")
    .option("--batch <count>", "the size of the input's axis n (default: 1)")
    .option("--network <name>", "the network, as the second argument names it")
    .action(async (file, network, options) => {
      const chosen = network === undefined ? options : { ...options, network };
      finish(await (await import("./commands/draw.js")).draw(file, chosen, terminal));
    });

  command("docs [name]", "Explain a word, an operation, the standard library or your own file.", [
    "slab docs  # every name there is",
    "slab docs Conv",
    "slab docs shared",
    "slab docs std.unet",
    "slab docs network.slab",
  ]).action(async (name) => finish((await import("./commands/docs.js")).docs(name, terminal)));

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
