import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { readNiftiFile } from "../../src/runtime/index.js";
import { repositoryFile, workFolder } from "./program.js";

const folder = workFolder();
const { slab } = folder;
const seeded = ["--init", "seeded"];

beforeAll(() => {
  slab(["new", "liver.slab"]);
  slab(["compile", "liver.slab", "-o", "liver.onnx", "--tile", "12x12x12", ...seeded]);
  folder.writeScan("scan.nii.gz", [20, 16, 12]);
  folder.write("text.nii.gz", "no scan at all");
  folder.write("text.onnx", "version https://git-lfs.github.com/spec/v1\n");
  folder.write("empty.onnx", "");
  mkdirSync(folder.path("folder.nii.gz"));
});

describe("slab run", () => {
  test("segments a whole scan with a network compiled for its size", () => {
    const words = [
      "run",
      "liver.slab",
      "scan.nii.gz",
      "-o",
      "whole.nii.gz",
      ...seeded,
      "--picture",
      "whole.png",
    ];
    const { exitCode, output, errors } = slab(words);
    expect(exitCode).toBe(0);
    expect(errors).toMatch(/^segmenting: 1 tile to do\nsegmenting: 1 tile in /);
    expect(output).toMatch(/^label +voxels +% +ml$/m);
    expect(output).toContain("wrote whole.nii.gz and whole.png");
    const counts = [...output.matchAll(/^ +\d+ +([\d,]+) +[\d.]+ +[\d.]+$/gm)].map(([, count]) =>
      Number(count?.replaceAll(",", "")),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20 * 16 * 12);
    const [labels, scan] = ["whole.nii.gz", "scan.nii.gz"].map((name) => readNiftiFile(folder.path(name)));
    expect(labels?.grid).toEqual(scan?.grid);
    expect(readFileSync(folder.path("whole.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  test("cuts a scan into the tiles of a compiled model, which gives what compiling in passing does", () => {
    expect(slab(["run", "liver.onnx", "scan.nii.gz", "-o", "model.nii"]).exitCode).toBe(0);
    const words = ["run", "liver.slab", "scan.nii.gz", "-o", "source.nii", "--tile", "12x12x12", ...seeded];
    expect(slab(words).exitCode).toBe(0);
    expect(readFileSync(folder.path("model.nii"))).toEqual(readFileSync(folder.path("source.nii")));
  });

  test("takes a model that gives labels where tiles do not overlap, and gives the same", () => {
    const compile = (tile: string, ...more: string[]) =>
      slab(["compile", "liver.slab", "-o", "labels.onnx", "--tile", tile, ...seeded, "--labels", ...more]);
    expect(compile("20x16x12").exitCode).toBe(0);
    expect(slab(["inspect", "labels.onnx"]).output).toMatch(
      /^output +labels uint8\[n: 1, x: 20, y: 16, z: 12\], classes: \d+$/m,
    );
    expect(slab(["run", "labels.onnx", "scan.nii.gz", "-o", "labelled.nii"]).exitCode).toBe(0);
    expect(
      slab(["compile", "liver.slab", "-o", "scores.onnx", "--tile", "20x16x12", ...seeded]).exitCode,
    ).toBe(0);
    expect(slab(["run", "scores.onnx", "scan.nii.gz", "-o", "scored.nii"]).exitCode).toBe(0);
    expect(readFileSync(folder.path("labelled.nii"))).toEqual(readFileSync(folder.path("scored.nii")));

    expect(compile("12x12x12").exitCode).toBe(0);
    const tiled = slab(["run", "labels.onnx", "scan.nii.gz", "-o", "never.nii"]);
    expect(tiled.exitCode).toBe(1);
    expect(tiled.errors).toContain("error[SLAB5072]: this model gives labels, and scores are needed");
    expect(tiled.errors).toContain("tiles of 12x12x12 overlap in a scan of 20x16x12");
  });

  test("takes a way to scale, overlap, blend and pad, and is quiet if asked to", () => {
    const ways = [
      "--intensity",
      "window(-200,300)",
      "--overlap",
      "0.25",
      "--blend",
      "constant",
      "--pad",
      "edge",
    ];
    const words = [
      "run",
      "liver.onnx",
      "scan.nii.gz",
      "-o",
      "ways.nii.gz",
      ...ways,
      "--threads",
      "1",
      "--quiet",
    ];
    expect(slab(words)).toEqual({ exitCode: 0, output: "", errors: "" });
    expect(statSync(folder.path("ways.nii.gz")).size).toBeGreaterThan(0);
  });

  test.each([
    ["a model that is text", ["text.onnx", "scan.nii.gz", "-o", "no.nii"], "SLAB5102"],
    ["a model that is empty", ["empty.onnx", "scan.nii.gz", "-o", "no.nii"], "an empty file"],
    ["a scan that is not there", ["liver.onnx", "scn.nii.gz", "-o", "no.nii"], "did you mean scan.nii.gz"],
    ["a scan that is none", ["liver.onnx", "text.nii.gz", "-o", "no.nii"], "SLAB5006"],
    ["a scan that is a folder", ["liver.onnx", "folder.nii.gz", "-o", "no.nii"], "this is a folder"],
    ["a network that is not there", ["livr.onnx", "scan.nii.gz", "-o", "no.nii"], "did you mean"],
    [
      "a label map of another ending",
      ["liver.onnx", "scan.nii.gz", "-o", "no.png"],
      "must end in .nii or .nii.gz",
    ],
    [
      "a picture of another ending",
      ["liver.onnx", "scan.nii.gz", "-o", "no.nii", "--picture", "no.jpg"],
      ".png",
    ],
    ["an output that is the scan", ["liver.onnx", "scan.nii.gz", "-o", "scan.nii.gz"], "SLAB6008"],
    [
      "an output folder that is not there",
      ["liver.onnx", "scan.nii.gz", "-o", "gone/no.nii"],
      "mkdir -p gone",
    ],
    [
      "an unknown way to scale",
      ["liver.onnx", "scan.nii.gz", "-o", "no.nii", "--intensity", "minmx"],
      "minmax",
    ],
    ["an overlap of everything", ["liver.onnx", "scan.nii.gz", "-o", "no.nii", "--overlap", "1"], "SLAB5117"],
    [
      "an unknown blend",
      ["liver.onnx", "scan.nii.gz", "-o", "no.nii", "--blend", "gausian"],
      "--blend gaussian",
    ],
    [
      "no thread",
      ["liver.onnx", "scan.nii.gz", "-o", "no.nii", "--threads", "0"],
      "--threads takes a whole number",
    ],
    ["settings for a model", ["liver.onnx", "scan.nii.gz", "-o", "no.nii", "--set", "classes=3"], "SLAB6012"],
    [
      "another tile for a model",
      ["liver.onnx", "scan.nii.gz", "-o", "no.nii", "--tile", "8x8x8"],
      "12x12x12",
    ],
  ])("refuses %s and writes nothing", (_, words, message) => {
    const before = folder.names();
    const { exitCode, output, errors } = slab(["run", ...words]);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
    expect(errors).toContain(message);
    expect(folder.names()).toEqual(before);
  });

  test("a .slab file without weights is a wrong use", () => {
    const { exitCode, errors } = slab(["run", "liver.slab", "scan.nii.gz", "-o", "no.nii"]);
    expect(exitCode).toBe(2);
    expect(errors).toContain("--init seeded");
  });

  test("a scan whose size the network can't take names sizes that it can", () => {
    const network = repositoryFile("examples/ssh-unet/ssh-unet.slab");
    const { exitCode, errors } = slab(["run", network, "scan.nii.gz", "-o", "no.nii", ...seeded]);
    expect(exitCode).toBe(1);
    expect(errors).toContain("20x16x12");
    expect(errors).toContain("32x16x16");
  });

  test("leaves nothing behind when it is interrupted", async () => {
    folder.writeScan("large.nii.gz", [64, 64, 64]);
    const words = ["run", "liver.onnx", "large.nii.gz", "-o", "interrupted.nii.gz", "--overlap", "0.9"];
    const child = spawn(process.execPath, [repositoryFile("bin/slab.js"), ...words], {
      cwd: folder.path("."),
    });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    child.kill("SIGINT");
    const signal = await new Promise((resolve) => child.on("close", (_, ended) => resolve(ended)));
    expect(signal).toBe("SIGINT");
    expect(existsSync(folder.path("interrupted.nii.gz"))).toBe(false);
    expect(folder.names().filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});
