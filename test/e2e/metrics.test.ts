import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { encodeVolume } from "../../src/runtime/index.js";
import { repositoryFile, workFolder } from "./program.js";

const folder = workFolder();
const { slab, path } = folder;

/** A label map of 8 x 6 x 4 voxels: a box of label 1 from the first voxel on, `length` voxels long, and what is added. */
function boxes(length: number, { spacing = 2, shift = 0, others = [] as number[] } = {}): Uint8Array {
  const data = new Float32Array(8 * 6 * 4);
  for (let x = 1; x < 1 + length; x++)
    for (let y = 1; y < 4; y++) for (let z = 1; z < 3; z++) data[(x * 6 + y) * 4 + z] = 1;
  for (const [index, value] of others.entries()) data[data.length - 1 - index] = value;
  const affine = [
    [spacing, 0, 0, shift],
    [0, spacing, 0, 0],
    [0, 0, spacing, 0],
    [0, 0, 0, 1],
  ];
  return encodeVolume(
    data,
    { size: [8, 6, 4], spacing: [spacing, spacing, spacing], affine, orientation: "RAS" },
    false,
  );
}

for (const name of ["predictions", "truths", "empty", "others"]) mkdirSync(path(name));
folder.write("p.nii", boxes(4, { others: [3] }));
folder.write("t.nii", boxes(5, { others: [2] }));
folder.write("predictions/a.nii", boxes(4));
folder.write("truths/a.nii", boxes(5));
folder.write("predictions/b.nii", boxes(5));
folder.write("truths/b.nii", boxes(5));
folder.write("predictions/c.nii", boxes(5, { shift: 1 }));
folder.write("truths/c.nii", boxes(5));
folder.write("predictions/alone.nii", boxes(5));
folder.write("empty/notes.txt", "none");
folder.write("others/z.nii", boxes(5));
folder.write("names.txt", "1 box\n2 dot\n");

test("two label maps are compared in a table, with names and what is missing", () => {
  expect(slab(["metrics", "p.nii", "t.nii", "--names", "names.txt", "--tolerance", "2"])).toEqual({
    exitCode: 0,
    output: `label  name    Dice  NSD 2 mm  HD95 mm  ASD mm  prediction ml  truth ml
    1  box   0.8889    1.0000    2.000   0.202           0.19      0.24
    2  dot   0.0000    0.0000      inf     inf           0.00      0.01
    3        0.0000    0.0000      inf     inf           0.01      0.00
 mean        0.2963    0.3333      inf     inf
missing from the prediction: 2
missing from the truth: 3
`,
    errors: "",
  });
});

const schema = JSON.parse(readFileSync(repositoryFile("docs/metrics.schema.json"), "utf8"));
const isMetrics = new Ajv2020({ strict: true }).compile(schema);

test("JSON is as its schema says, for one case and for folders, with NaN and infinity", () => {
  const one = JSON.parse(slab(["metrics", "p.nii", "t.nii", "--labels", "1,2,9", "--format", "json"]).output);
  expect(isMetrics(one) || isMetrics.errors).toBe(true);
  expect(one.cases[0].labels[1]).toMatchObject({
    label: 2,
    dice: 0,
    hd95_mm: "Infinity",
    asd_prediction_mm: null,
  });
  expect(one.cases[0].labels[2]).toMatchObject({ label: 9, dice: null, hd95_mm: "Infinity" });
  const many = JSON.parse(slab(["metrics", "predictions", "truths", "--format", "json"]).output);
  expect(isMetrics(many) || isMetrics.errors).toBe(true);
  expect(many.means).toMatchObject([{ label: 1, cases: 2, dice: (8 / 9 + 1) / 2 }]);
  expect(many.failed).toMatchObject([{ case: "c", diagnostics: [{ code: "SLAB5302" }] }]);
});

test("folders: what fits is compared, a missing partner and a case on another grid are reported; exit code 1", () => {
  const { exitCode, output, errors } = slab(["metrics", "predictions", "truths", "-o", "metrics.csv"]);
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
  expect(errors).toContain(
    "warning[SLAB6054]: this file has no partner, and is not compared\n  ┌─ predictions/alone.nii",
  );
  expect(errors).toContain("error[SLAB5302]: the two files lie up to 1 mm apart");
  expect(errors).toContain("2 compared, 1 failed, 1 without a partner");
  const lines = readFileSync(path("metrics.csv"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(",").slice(0, 4));
  expect(lines).toEqual([
    ["case", "label", "name", "dice"],
    ["a", "1", "", String(8 / 9)],
    ["a", "mean", "", String(8 / 9)],
    ["b", "1", "", "1"],
    ["b", "mean", "", "1"],
    ["mean", "1", "", String((8 / 9 + 1) / 2)],
    ["mean", "mean", "", String((8 / 9 + 1) / 2)],
  ]);
});

folder.write("half.nii", boxes(5, { others: [0.5] }));
folder.write("negative.nii", boxes(5, { others: [-2] }));
folder.write("coarse.nii", boxes(5, { spacing: 3 }));
folder.write("nothing.nii", boxes(0));
folder.write("twice.nii", boxes(5));
mkdirSync(path("double"));
folder.write("double/a.nii", boxes(5));
folder.write("double/a.nii.gz", boxes(5));

test.each([
  ["a map of probabilities", ["half.nii", "t.nii"], "SLAB5300"],
  ["negative labels", ["negative.nii", "t.nii"], "SLAB5301"],
  ["another spacing", ["coarse.nii", "t.nii"], "SLAB5302"],
  [
    "a misspelt name of a label",
    ["p.nii", "t.nii", "--names", "names.txt", "--labels", "bxo"],
    "did you mean box?",
  ],
  [
    "a name without names",
    ["p.nii", "t.nii", "--labels", "box"],
    "give numbers, or a file of names with --names",
  ],
  ["labels that are no labels", ["p.nii", "t.nii", "--labels", "0"], "SLAB5304"],
  ["a negative tolerance", ["p.nii", "t.nii", "--tolerance", "-1"], "SLAB5305"],
  ["an endless tolerance", ["p.nii", "t.nii", "--tolerance", "1e999"], "SLAB5305"],
  ["a file without names", ["p.nii", "t.nii", "--names", "p.nii"], "SLAB5306"],
  ["no labels at all", ["nothing.nii", "nothing.nii"], "SLAB5307"],
  ["an unknown definition", ["p.nii", "t.nii", "--definition", "monia"], "did you mean --definition monai?"],
  ["a missing file", ["q.nii", "t.nii"], "SLAB6001"],
  ["a folder and a file", ["predictions", "t.nii"], "SLAB6050"],
  ["a folder without scans", ["empty", "truths"], "found     notes.txt"],
  ["folders without pairs", ["others", "truths"], "SLAB6052"],
  ["a case that is there twice", ["double", "truths"], "SLAB6053"],
  ["an output over an input", ["p.nii", "names.txt", "--format", "csv", "-o", "names.txt"], "SLAB6008"],
])("%s is explained", (_, words, message) => {
  const before = folder.names();
  const { exitCode, output, errors } = slab(["metrics", ...words]);
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
  expect(errors).toContain(message);
  expect(folder.names()).toEqual(before);
});

const data = fileURLToPath(new URL("../../../shared/data/hippocampus/", import.meta.url));
const absent = existsSync(data) ? "" : " (skipped: the folder shared/data is not beside the repository)";

describe.skipIf(absent !== "")(`six hippocampi${absent}`, () => {
  test("the Dice of what PyTorch computed is, in all digits, what was reported with it", () => {
    const { volumes } = JSON.parse(readFileSync(`${data}expected.json`, "utf8")) as {
      volumes: { name: string; dice: [number, number] }[];
    };
    for (const name of ["found", "experts"]) mkdirSync(path(name));
    for (const { name } of volumes) {
      copyFileSync(data + name.replace(".nii", "_expected.nii"), path(`found/${name}`));
      copyFileSync(data + name.replace(".nii", "_truth.nii"), path(`experts/${name}`));
    }
    const { exitCode, output } = slab(["metrics", "found", "experts", "--format", "json"]);
    expect(exitCode).toBe(0);
    const { cases } = JSON.parse(output) as { cases: { case: string; labels: { dice: number }[] }[] };
    expect(
      cases.map((each) => ({
        name: `${each.case}.nii.gz`,
        dice: each.labels.map(({ dice }) => Number(dice.toFixed(4))),
      })),
    ).toEqual(volumes.map(({ name, dice }) => ({ name, dice })));
  });
});
