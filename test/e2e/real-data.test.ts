import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readNiftiFile } from "../../src/runtime/index.js";
import { roundingHalves } from "../support/half-rounding.js";
import { repositoryFile, workFolder } from "./program.js";

const data = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const present = existsSync(data);
if (!present)
  process.stderr.write("skipped: tests on real scans, whose folder ../shared/data is not there\n");

/** Much longer than the two minutes that all of it takes on two cores. */
const timeLimit = 20 * 60_000;

const hippocampusScans = ["001", "019", "037", "049", "065", "088"];

const folder = workFolder();
const { slab } = folder;

function counts(file: string): number[] {
  const found: number[] = [];
  for (const label of readNiftiFile(file).data) found[label] = (found[label] ?? 0) + 1;
  return Array.from(found, (count) => count ?? 0);
}

/** Compiles a network in the schedule for a card, in float16, and rounds as a card does. */
function compileInHalves(name: string, words: readonly string[]): void {
  const schedule = ["--schedule", "gpu", "--precision", "float16"];
  const compiled = slab(["compile", ...words, "-o", "half.onnx", ...schedule]);
  expect(compiled).toMatchObject({ exitCode: 0 });
  folder.write(name, roundingHalves(readFileSync(folder.path("half.onnx"))));
}

/** The share of voxels with the same label. */
function agreement(file: string, reference: string): number {
  const [found, expected] = [readNiftiFile(file).data, readNiftiFile(reference).data];
  return found.filter((label, voxel) => label === expected[voxel]).length / found.length;
}

describe.skipIf(!present)("real scans with trained networks", () => {
  // What PyTorch counts in float32, from the README beside the data.
  test.each([
    ["model5_gw_ae", "classes=3,channels=5,activation=relu", [15_523_464, 518_540, 735_212]],
    ["model18cls", "classes=18", [15_494_152, 487_327, 551_559, 20_442, undefined, 23_167, 113_856, 18_985]],
  ])(
    "MeshNet %s labels a brain as its authors' code does",
    (model, settings, expected) => {
      const words = ["run", repositoryFile("examples/meshnet/meshnet.slab"), `${data}t1_crop.nii.gz`];
      const weights = ["--set", settings, "--weights", `${data}${model}/model.pth`];
      const outcome = slab([...words, "-o", `${model}.nii.gz`, ...weights]);
      expect(outcome).toMatchObject({ exitCode: 0 });
      expect(outcome.output).toContain('through checkpoint "brainchop"');
      const found = counts(folder.path(`${model}.nii.gz`));
      for (const [label, count] of expected.entries()) {
        if (count === undefined) continue;
        expect(Math.abs((found[label] ?? 0) - count) / count, `label ${label}`).toBeLessThan(0.001);
      }
      expect(readNiftiFile(folder.path(`${model}.nii.gz`)).grid).toEqual(
        readNiftiFile(`${data}t1_crop.nii.gz`).grid,
      );
    },
    timeLimit,
  );

  test.each(hippocampusScans)(
    "SSH-UNet labels hippocampus %s as PyTorch with MONAI does, by its pipeline",
    (number) => {
      const scan = `${data}hippocampus/hippocampus_${number}`;
      if (!folder.names().includes("hippocampus.onnx")) {
        const source = repositoryFile("examples/ssh-unet/hippocampus.slab");
        const weights = ["--weights", `${data}hippocampus/ssh-unet.safetensors`];
        const compiled = slab(["compile", source, "-o", "hippocampus.onnx", ...weights]);
        expect(compiled.output).toContain('through checkpoint "authors"');
      }
      const outcome = slab(["run", "hippocampus.onnx", `${scan}.nii.gz`, "-o", `${number}.nii.gz`]);
      expect(outcome).toMatchObject({ exitCode: 0 });
      expect(outcome.output).toContain("head");
      const found = readNiftiFile(folder.path(`${number}.nii.gz`));
      const expected = readNiftiFile(`${scan}_expected.nii.gz`);
      expect(found.grid).toEqual(readNiftiFile(`${scan}.nii.gz`).grid);
      expect(found.data.filter((label, voxel) => label !== expected.data[voxel]).length).toBe(0);
    },
    timeLimit,
  );

  test.each(hippocampusScans)(
    "in float16 SSH-UNet labels hippocampus %s as in float32 but for one voxel in five thousand",
    (number) => {
      const scan = `${data}hippocampus/hippocampus_${number}`;
      if (!folder.names().includes("hippocampus16.onnx")) {
        const source = repositoryFile("examples/ssh-unet/hippocampus.slab");
        compileInHalves("hippocampus16.onnx", [
          source,
          "--weights",
          `${data}hippocampus/ssh-unet.safetensors`,
        ]);
      }
      expect(slab(["run", "hippocampus16.onnx", `${scan}.nii.gz`, "-o", "half.nii.gz"]).exitCode).toBe(0);
      expect(agreement(folder.path("half.nii.gz"), `${scan}_expected.nii.gz`)).toBeGreaterThan(0.9998);
    },
    timeLimit,
  );

  test(
    "in float16 MeshNet labels a brain as in float32 but for one voxel in five thousand",
    () => {
      const words = ["--set", "classes=3,channels=5,activation=relu", "--tile", "128x128x128"];
      const weights = ["--weights", `${data}model5_gw_ae/model.pth`];
      const network = [repositoryFile("examples/meshnet/meshnet.slab"), ...words, ...weights];
      compileInHalves("meshnet16.onnx", network);
      expect(slab(["compile", ...network, "-o", "meshnet32.onnx"]).exitCode).toBe(0);
      for (const bits of [16, 32]) {
        const run = ["run", `meshnet${bits}.onnx`, `${data}t1_crop.nii.gz`, "-o", `meshnet${bits}.nii.gz`];
        expect(slab([...run, "--overlap", "0"]).exitCode).toBe(0);
      }
      const share = agreement(folder.path("meshnet16.nii.gz"), folder.path("meshnet32.nii.gz"));
      expect(share).toBeGreaterThan(0.9998);
    },
    timeLimit,
  );

  test(
    "a CT goes through the AMOS pipeline, with a narrow network, back to its own grid",
    () => {
      const scan = `${data}example_ct.nii.gz`;
      const words = ["run", repositoryFile("examples/ssh-unet/abdomen.slab"), scan, "-o", "organs.nii.gz"];
      const how = [
        "--pipeline",
        "amos_ct",
        "--init",
        "seeded",
        "--set",
        "width=[4,8,16,16,16]",
        "--overlap",
        "0",
      ];
      const outcome = slab([...words, ...how]);
      expect(outcome).toMatchObject({ exitCode: 0 });
      expect(outcome.errors).not.toContain("warning");
      expect(readNiftiFile(folder.path("organs.nii.gz")).grid).toEqual(readNiftiFile(scan).grid);
    },
    timeLimit,
  );
});
