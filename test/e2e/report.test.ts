import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkMarkup } from "../reports/markup.js";
import { repositoryFile, workFolder } from "./program.js";

const folder = workFolder();
const sshUnet = repositoryFile("examples/ssh-unet/ssh-unet.slab");

folder.write(
  "net.slab",
  `/// A small network. It is for tests.
network Small(width: int = 8, kernel: size = 3x3x3) {
  input volume: float[n, c: 1, x, y, z]
  low = volume -> Conv(width, kernel, stride: 2) -> InstanceNorm -> ReLU
  output scores = low -> up: ConvTranspose(width, 2x2x2, stride: 2) -> head: Conv(2, 1x1x1, bias: true)
}
`,
);

const small = ["net.slab", "--tile", "16x16x8"];

/** Counts of the small network, by hand: input 16x16x8, half of it 8x8x4. */
const byHand = {
  parameters: 8 * 27 + 8 * 8 * 8 + 8 * 2 + 2,
  macs: 256 * 8 * 27 + 256 * 8 * 8 * 8 + 2048 * 8 * 2,
};

function json(words: readonly string[]) {
  const { exitCode, output, errors } = folder.slab(["report", ...words, "--format", "json"]);
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
  return JSON.parse(output);
}

test("a report begins with what the network is, its settings and its input", () => {
  const { exitCode, output, errors } = folder.slab(["report", ...small]);
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
  expect(output.split("\n").slice(0, 6)).toEqual([
    "Small · net.slab",
    "A small network.",
    "",
    "  settings  width = 8, kernel = 3x3x3",
    "  input     volume float[n: 1, c: 1, x: 16, y: 16, z: 8], 8.19 kB",
    "  output    scores float[n: 1, c: 2, x: 16, y: 16, z: 8], 16.38 kB",
  ]);
});

test("its counts are those by hand, in the table as in JSON", () => {
  const { parameters, macs, layers, coverage } = json(small);
  expect({ parameters, macs }).toEqual(byHand);
  const sum = (name: string) =>
    layers.reduce((all: number, layer: Record<string, number>) => all + (layer[name] as number), 0);
  expect({ parameters: sum("parameters"), macs: sum("macs") }).toEqual(byHand);
  expect(coverage).toEqual({ counted: 5, free: 0, unknown: 0 });
  const { output } = folder.slab(["report", ...small]);
  expect(output).toMatch(new RegExp(`^  parameters +${byHand.parameters} `, "m"));
  expect(output).toMatch(new RegExp(`^  MACs +${byHand.macs.toLocaleString("en")} `, "m"));
  expect(output).toContain("5 operations counted, 0 free (they only move or rename values), 0 unknown");
});

test.each([
  [["--overlap", "0.5"], "SLAB7009"],
  [["--overlap", "nonsense"], "SLAB5117"],
  [["--volume", "32x32x32", "--overlap", "1"], "SLAB5117"],
])("an overlap that says nothing is refused: %j", (words, code) => {
  const { exitCode, errors } = folder.slab(["report", ...small, ...words]);
  expect({ exitCode, errors }).toEqual({ exitCode: 1, errors: expect.stringContaining(code) });
});

test("an axis may have the name of what every object inherits", () => {
  folder.write(
    "names.slab",
    readFileSync(folder.path("net.slab"), "utf8").replaceAll("x, y", "constructor, y"),
  );
  const [own, other] = ["net.slab", "names.slab"].map((file) => json([file, ...small.slice(1)]));
  expect({ macs: other.macs, levels: other.levels?.length }).toEqual({
    macs: own.macs,
    levels: own.levels?.length,
  });
});

test("the parts of every breakdown add up to the whole", () => {
  const { groups, flops } = json([...small, "--by", "layer,level,op,view"]);
  expect(groups.map(({ by }: { by: string }) => by)).toEqual(["layer", "level", "op", "view"]);
  for (const { rows } of groups) {
    const sum = (name: string) =>
      rows.reduce((all: number, row: Record<string, number>) => all + (row[name] as number), 0);
    expect({ parameters: sum("parameters"), macs: sum("macs") }).toEqual(byHand);
    expect(sum("flops")).toBe(flops);
  }
});

test("a breakdown by layer can be gathered by depth, and shows the total", () => {
  const { output } = folder.slab([
    "report",
    sshUnet,
    "--tile",
    "128x128x128",
    "--by",
    "layer",
    "--depth",
    "1",
  ]);
  expect(output).toMatch(/^ {2}unet +321 +6,478,624 /m);
  expect(output).toMatch(/^ {2}total +332 +6,480,208 +518,673,924,096 +100\.0 %/m);
});

test("SSH-UNet at 128³ has the published and the recomputed numbers", () => {
  const report = json([sshUnet, "--tile", "128x128x128", "--by", "level"]);
  expect(report.parameters).toBe(6_480_208);
  expect(report.macs).toBe(518_673_924_096);
  expect(report.conventions.fvcore).toBe(525_365_542_912);
  expect(report.groups[0].rows.map(({ key }: { key: string }) => key)).toEqual([
    "1",
    "1/2",
    "1/4",
    "1/8",
    "1/16",
  ]);
});

test("a convention names its tool and its rule, and counts the breakdown by it", () => {
  const words = ["report", sshUnet, "--tile", "96x96x96", "--convention", "ptflops", "--by", "op"];
  const { output } = folder.slab(words);
  expect(output).toMatch(/^ {2}ptflops \* +289,718,014,464 {2}289\.72 G {2}MACs by ptflops 0\.6\.6$/m);
  expect(output).toMatch(/^ {2}\* rule +\w/m);
  expect(output).toMatch(/^ {2}\* exact +218,815,561,728 MACs/m);
  expect(output).toMatch(/^ {2}total +332 +6,480,208 +289,718,014,464 /m);
});

test("without sizes there are formulas, with the condition under which they are exact", () => {
  const { exitCode, output } = folder.slab(["report", sshUnet]);
  expect(exitCode).toBe(0);
  expect(output).toContain(
    "Exactly, for every size with x divisible by 16, y divisible by 16, z divisible by 16",
  );
  expect(output).toMatch(/^ {2}MACs += 247323 \* n\*x\*y\*z$/m);
  expect(output).toContain("--tile 96x96x96");
  const { macs, divisible_by, formulas } = json([sshUnet]);
  expect({ macs, divisible_by }).toEqual({ macs: null, divisible_by: { x: 16, y: 16, z: 16 } });
  expect(formulas.macs.terms).toEqual([{ numerator: 247_323, denominator: 1, axes: ["n", "x", "y", "z"] }]);
});

test("settings, tiles and files stand side by side, with ratios to the first", () => {
  const { output } = folder.slab(["report", ...small, "--compare", "width=16"]);
  expect(output).toContain("2 networks side by side; ratios are to A");
  expect(output).toMatch(/^ {2}A +width = 8$/m);
  expect(output).toMatch(/^ {2}B +width = 16$/m);
  expect(output).toMatch(/^ {2}all +Small, net\.slab, kernel = 3x3x3, volume 1x1x16x16x8$/m);
  const macs = 256 * 16 * 27 + 256 * 16 * 16 * 8 + 2048 * 16 * 2;
  const ratio = (macs / byHand.macs).toFixed(2);
  expect(output).toMatch(
    new RegExp(`^  MACs +${byHand.macs.toLocaleString("en")} +${macs.toLocaleString("en")} +×${ratio}$`, "m"),
  );
  const several = json([
    ...small,
    "--tile",
    "32x32x8",
    "--compare",
    "width=4,kernel=1x3x3",
    "--compare",
    "width=2",
  ]);
  expect(several.map(({ inputs }: { inputs: { shape: number[] }[] }) => inputs[0]?.shape[2])).toEqual([
    16, 16, 16, 32, 32, 32,
  ]);
  expect(several.map((each: { arguments: { width: string } }) => each.arguments.width)).toEqual([
    ...["8", "4", "2"],
    ...["8", "4", "2"],
  ]);
});

test("networks of a file are named after it", () => {
  folder.write(
    "two.slab",
    ["One", "Two"]
      .map(
        (name, index) =>
          `network ${name} {\n  input v: float[n, c: 1, x]\n  output y = v -> Conv(${index + 1}, 3)\n}\n`,
      )
      .join("\n"),
  );
  const { output } = folder.slab(["report", "two.slab", "One", "Two", "--tile", "8"]);
  expect(output).toMatch(/^ {2}A +One$/m);
  expect(output).toMatch(/^ {2}B +Two$/m);
  expect(output).toMatch(/^ {2}MACs +24 +48 +×2\.00$/m);
});

test("a volume, a spacing and a device add what they ask for", () => {
  const words = [
    ...small,
    "--volume",
    "32x16x8",
    "--overlap",
    "0.5",
    "--spacing",
    "2x1.5x3",
    "--device",
    "a100-80gb",
  ];
  const { volume, roofline, receptive_field, receptive_fields, layers } = json(words);
  expect(volume).toMatchObject({ shape: [32, 16, 8], tile: [16, 16, 8], tiles: 3, macs: 3 * byHand.macs });
  const [{ axes }] = receptive_fields;
  axes.forEach(
    ({ axis, voxels, millimetres }: { axis: string; voxels: number; millimetres: number }, i: number) => {
      expect(receptive_field[axis]).toBe(voxels);
      expect(millimetres).toBeCloseTo(voxels * ([2, 1.5, 3][i] as number));
    },
  );
  const seconds = layers.reduce((sum: number, layer: { seconds: number }) => sum + layer.seconds, 0);
  expect(roofline.seconds).toBeCloseTo(seconds, 12);
  const { output } = folder.slab(["report", ...words]);
  expect(output).toContain("A volume of 32x16x8 in tiles of 16x16x8, overlap 0.5");
  expect(output).toContain("Least time on a device (a bound, not a forecast): NVIDIA A100 SXM4 80 GB");
});

test("a budget that is kept is said, and the exit code is 0", () => {
  const { exitCode, output, errors } = folder.slab([
    "report",
    ...small,
    "--budget",
    "macs<1M,parameters<=746",
  ]);
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
  expect(output).toMatch(/^ {2}macs<1M +\d[\d,]* +[\d.]+ k +kept$/m);
  expect(output).toMatch(/^ {2}parameters<=746 +746 +746 +kept$/m);
});

test("a budget that is exceeded gives exit code 1, and says by how much, after the whole report", () => {
  const words = ["report", ...small, "--budget", "parameters<=700,macs<1M", "--budget", "peak<1kB"];
  const { exitCode, output, errors } = folder.slab(words);
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^ {2}parameters<=700 +746 +746 +EXCEEDED by 46 \(46\), 6\.6 % of the limit$/m);
  expect(output).toContain("0 unknown");
  expect(errors.match(/^error\[SLAB7020\]/gm)).toHaveLength(2);
  expect(errors).toContain("Small does not keep the budget parameters<=700");
  expect(errors).toContain("= exceeds  by 46 (46), 6.6 % of the limit");
  expect(errors).not.toContain("macs<1M");
});

test("CSV has one line for each network, whole numbers throughout", () => {
  const { output } = folder.slab(["report", ...small, "--compare", "width=16", "--format", "csv"]);
  const [head = "", ...lines] = output.trimEnd().split("\n");
  expect(head).toMatch(/^file,network,settings,input,parameters,applied_parameters,macs,flops,/);
  expect(lines[0]).toMatch(
    new RegExp(`^net.slab,Small,"width = 8, kernel = 3x3x3",1x1x16x16x8,746,746,${byHand.macs},\\d+,`),
  );
  expect(lines).toHaveLength(2);
});

test("a file that is written is of the format that its name tells", () => {
  const { exitCode, output } = folder.slab(["report", ...small, "-o", "report.svg"]);
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: "" });
  const texts = checkMarkup(readFileSync(folder.path("report.svg"), "utf8")).map(({ text }) => text);
  expect(texts).toContain("MACs");
  expect(texts).toContain("1/2");
  for (const [name, begin] of [
    ["report.html", "<!doctype html>"],
    ["report.md", "## Small · net.slab"],
    ["report.json", "{\n"],
    ["report.csv", "file,network"],
    ["report.txt", "Small · net.slab"],
  ] as const) {
    expect(folder.slab(["report", ...small, "-o", name]).exitCode).toBe(0);
    expect(readFileSync(folder.path(name), "utf8").startsWith(begin)).toBe(true);
  }
  expect(folder.slab(["report", ...small, "-o", "report.png"]).exitCode).toBe(0);
  const image = readFileSync(folder.path("report.png"));
  expect(image.subarray(1, 4).toString()).toBe("PNG");
  expect(image.readUInt32BE(16)).toBe(1600);
});

test("a figure calls networks by their names where these tell them apart", () => {
  const tile = ["--tile", "16x16x16", "--format", "svg"];
  const textsOf = (args: readonly string[]) => {
    const { output } = folder.slab(["report", ...args, ...tile]);
    return checkMarkup(output).map(({ text }) => text);
  };
  const vNet = repositoryFile("examples/vnet/vnet.slab");
  const apart = textsOf([sshUnet, vNet]);
  for (const name of ["SSHUNet", "VNet"]) expect(apart).toContain(name);
  expect(apart).not.toContain("A");
  const alike = textsOf([sshUnet, "--compare", "width=[8,16,32]"]);
  for (const letter of ["A", "B"]) expect(alike.some((text) => text.startsWith(letter))).toBe(true);
});

test("a difference names the layers that changed, what changed in them, and what it costs", () => {
  const { exitCode, output } = folder.slab(["diff", ...small, "--set-b", "width=16"]);
  expect(exitCode).toBe(0);
  expect(output).toContain("Small: of 5 layers 5 changed, 0 added, 0 removed");
  const parameters = 16 * 27 + 16 * 16 * 8 + 16 * 2 + 2;
  expect(output).toMatch(
    new RegExp(
      `^  parameters +746 +${parameters.toLocaleString("en")} +\\+${(parameters - 746).toLocaleString("en")} `,
      "m",
    ),
  );
  expect(output).toMatch(/^ {2}~ {2}low +Conv +\+216 +\+55,296 /m);
  expect(output).toMatch(/^ {2}low +out 8 → 16; output \[n: 1, c: 8, /m);
  const same = folder.slab(["diff", ...small, "--set-b", "width=8"]);
  expect(same.output).toContain("Every layer is the same.");
});

test.each<[string, readonly string[], number, readonly string[]]>([
  [
    "an unknown convention, with the one that was meant",
    [...small, "--convention", "fvcor"],
    1,
    [
      "error[SLAB5118]: unknown value `fvcor` for --convention",
      "exact, fvcore, ptflops or torch",
      "did you mean --convention fvcore?",
    ],
  ],
  [
    "an unknown format",
    [...small, "--format", "xlsx"],
    1,
    ["error[SLAB5118]", "table, markdown, json, csv, html, svg or png"],
  ],
  ["an unknown part", [...small, "--by", "levels"], 1, ["did you mean --by level?"]],
  ["an unknown device", [...small, "--device", "rtx4090"], 1, ["did you mean --device rtx-4090?", "measure"]],
  [
    "an impossible tile",
    [sshUnet, "--tile", "100x96x96"],
    1,
    ["error[SLAB3", "tile 100x96x96 is not divisible by 16"],
  ],
  ["a tile of the wrong rank", ["net.slab", "--tile", "16x16"], 1, ["error[SLAB2221]", "x, y, z"]],
  ["a malformed tile", ["net.slab", "--tile", "16,16,16"], 1, ["error[SLAB6006]: --tile takes sizes"]],
  ["a malformed volume", [...small, "--volume", "big"], 1, ["error[SLAB6006]: --volume takes sizes"]],
  ["a volume of the wrong rank", [...small, "--volume", "64x64"], 1, ["error[SLAB7005]"]],
  [
    "an overlap of a whole tile",
    [...small, "--volume", "64x64x64", "--overlap", "1"],
    1,
    ["error[SLAB5117]"],
  ],
  ["an unknown schedule", [...small, "--schedule", "cpy"], 1, ["error[SLAB5118]", "--schedule cpu?"]],
  ["a malformed budget", [...small, "--budget", "macs=3"], 1, ["error[SLAB7002]"]],
  ["a budget of nothing", [...small, "--budget", ""], 1, ["error[SLAB7001]"]],
  [
    "a budget of an unknown quantity",
    [...small, "--budget", "mac<3"],
    1,
    ["error[SLAB7003]", "did you mean macs?"],
  ],
  ["a malformed spacing", [...small, "--spacing", "1,1,1"], 1, ["error[SLAB7023]"]],
  [
    "a spacing of the wrong rank",
    [...small, "--spacing", "1x2"],
    1,
    ["error[SLAB7024]", "each of x, y and z"],
  ],
  ["a depth of levels", [...small, "--by", "level", "--depth", "2"], 1, ["error[SLAB7022]", "--by layer"]],
  ["a breakdown without sizes", ["net.slab", "--by", "level"], 1, ["error[SLAB2222]", "--tile 96x96x96"]],
  ["a figure without sizes", ["net.slab", "--format", "svg"], 1, ["error[SLAB2222]"]],
  ["a PNG without a file", [...small, "--format", "png"], 1, ["error[SLAB7027]", "-o report.png"]],
  ["a file name that tells no format", [...small, "-o", "report.xlsx"], 1, ["error[SLAB7021]"]],
  ["an output over the input", [...small, "--format", "json", "-o", "net.slab"], 1, ["error[SLAB6008]"]],
  ["an unknown setting to compare", [...small, "--compare", "widht=3"], 1, ["width"]],
  ["a missing file", ["nets.slab"], 1, ["error[SLAB6001]", "net.slab"]],
  ["no file", [], 2, ["missing required argument"]],
])("%s is refused with a clear message", (_, words, code, messages) => {
  const { exitCode, output, errors } = folder.slab(["report", ...words]);
  expect({ exitCode, output }).toEqual({ exitCode: code, output: "" });
  for (const message of messages) expect(errors).toContain(message);
});

test("a difference of one network with itself is refused, with ways to name a second", () => {
  const { exitCode, errors } = folder.slab(["diff", ...small]);
  expect(exitCode).toBe(1);
  expect(errors).toContain("error[SLAB7025]: there is only one network to compare");
  expect(errors).toContain("--set-b fold=0");
});
