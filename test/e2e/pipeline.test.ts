import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeVolume, makePhantom, readNiftiFile } from "../../src/runtime/index.js";
import { workFolder } from "./program.js";

const folder = workFolder();

const network = `network Net(classes: int = 3) {
  input volume: float[n, c: 1, x, y, z]
  output logits = volume -> conv1: Conv(4, 3x3x3) -> LeakyReLU -> head: Conv(classes, 1x1x1, bias: true)
}
`;

const pipeline = (name: string, more = "") => `
pipeline ${name} for Net(classes: 3) {
  modality: ct
  orientation: RAS
  spacing: (4, 4, 5) mm
  intensity: window(-991, 362) -> (0, 1)
  tile: 16x16x16
  overlap: 0.25
${more}  labels {
    0: "background"
    1: "one" "#ff0000"
    2: "two"
  }
}
`;

beforeAll(() => {
  folder.write("one.slab", network + pipeline("scan"));
  folder.write("two.slab", network + pipeline("scan") + pipeline("probable", "  restoring: probabilities\n"));
  folder.write("none.slab", network);
  const { data, grid } = makePhantom([20, 24, 22]);
  // The same phantom, as a scanner may store it: axes P, I and R, oblique.
  const [c, s] = [Math.cos(0.2), Math.sin(0.2)];
  const affine = [
    [3 * s, 0, 3 * c, -30],
    [-3 * c, 0, 3 * s, 20],
    [0, -3, 0, 7],
    [0, 0, 0, 1],
  ];
  writeFileSync(folder.path("scan.nii.gz"), encodeVolume(data, { ...grid, affine }, true));
  const scaled = Float32Array.from(data, (value) => (value + 1024) / 2000);
  writeFileSync(folder.path("scaled.nii.gz"), encodeVolume(scaled, grid, true));
  expect(folder.slab(["compile", "one.slab", "-o", "one.onnx", "--init", "seeded"]).errors).toBe("");
});

describe("a model with a pipeline", () => {
  test("needs nothing else, and gives labels on the scan's own grid", () => {
    const { exitCode, output, errors } = folder.slab([
      "run",
      "one.onnx",
      "scan.nii.gz",
      "-o",
      "labels.nii.gz",
    ]);
    expect(errors).not.toContain("error");
    expect(exitCode).toBe(0);
    expect(output).toContain("pipeline scan: ct, RAS, 4x4x5 mm (linear), window(-991, 362) -> (0, 1)");
    expect(output).toMatch(/background|one|two/);
    const [scan, labels] = ["scan.nii.gz", "labels.nii.gz"].map((name) => readNiftiFile(folder.path(name)));
    expect(labels?.grid).toEqual(scan?.grid);
    expect(scan?.grid.orientation).toBe("PIR");
  });

  test("gives the same from its text as from the compiled file", () => {
    folder.slab(["run", "one.onnx", "scan.nii.gz", "-o", "a.nii"]);
    folder.slab(["run", "one.slab", "scan.nii.gz", "-o", "b.nii", "--init", "seeded"]);
    expect(readFileSync(folder.path("a.nii"))).toEqual(readFileSync(folder.path("b.nii")));
  });

  test("lets options come first, and says so", () => {
    const words = [
      "run",
      "one.onnx",
      "scan.nii.gz",
      "-o",
      "c.nii",
      "--restore",
      "probabilities",
      "--overlap",
      "0.5",
    ];
    const { output, exitCode } = folder.slab(words);
    expect(exitCode).toBe(0);
    expect(output).toContain("--restore comes before what the pipeline says");
    expect(output).toContain("--overlap comes before what the pipeline says");
    expect(output).not.toContain("--spacing comes");
    const other = ["compile", "one.slab", "-o", "other.onnx", "--init", "seeded", "--tile", "8x8x8"];
    expect(folder.slab(other).output).toContain("--tile 8x8x8 comes before what pipeline scan says");
  });

  test("gives pictures its labels' names and colours and its window, as slab picture takes them from the model", () => {
    folder.slab(["run", "one.onnx", "scan.nii.gz", "-o", "p.nii", "--picture", "run.png"]);
    const draw = (name: string, more: readonly string[]) => {
      const words = ["picture", "scan.nii.gz", "p.nii", "-o", name, "--slices", "1", ...more];
      expect(folder.slab(words).exitCode).toBe(0);
      return readFileSync(folder.path(name));
    };
    const [names, window] = [["--names", "one.onnx"], ["--window=-991,362"]];
    const drawn = readFileSync(folder.path("run.png"));
    expect(draw("both.png", [...names, ...window])).toEqual(drawn);
    expect(draw("names.png", names)).not.toEqual(drawn);
    expect(draw("window.png", window)).not.toEqual(drawn);
    folder.slab(["compile", "none.slab", "-o", "bare.onnx", "--init", "seeded", "--tile", "8x8x8"]);
    const bare = folder.slab(["picture", "scan.nii.gz", "p.nii", "-o", "n.png", "--names", "bare.onnx"]);
    expect(bare.exitCode).toBe(1);
    expect(bare.errors).toContain("a model without a pipeline");
  });

  test("names labels for slab metrics", () => {
    folder.slab(["run", "one.onnx", "scan.nii.gz", "-o", "m.nii"]);
    const words = ["metrics", "m.nii", "m.nii", "--names", "one.onnx", "--format", "csv", "--labels"];
    const { exitCode, output } = folder.slab([...words, "two,one"]);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/two/);
    expect(folder.slab([...words, "tow"]).errors).toContain("two");
  });

  test("is mirrored unless told otherwise", () => {
    folder.write("mirrored.slab", network + pipeline("scan", "  mirroring: (x, y)\n"));
    folder.slab(["compile", "mirrored.slab", "-o", "mirrored.onnx", "--init", "seeded"]);
    const labels = (model: string, name: string, ...more: string[]) => {
      expect(folder.slab(["run", model, "scan.nii.gz", "-o", name, ...more]).exitCode).toBe(0);
      return readNiftiFile(folder.path(name)).data;
    };
    const plain = labels("one.onnx", "plain.nii");
    expect(labels("mirrored.onnx", "none.nii", "--mirror", "none")).toEqual(plain);
    const mirrored = labels("mirrored.onnx", "mirrored.nii");
    expect(mirrored).not.toEqual(plain);
    expect(labels("one.onnx", "xy.nii", "--mirror", "x,y")).toEqual(mirrored);
  });

  test("warns of a scan of the wrong range, and goes on", () => {
    const { exitCode, errors } = folder.slab(["run", "one.onnx", "scaled.nii.gz", "-o", "d.nii"]);
    expect(exitCode).toBe(0);
    expect(errors).toContain("warning[SLAB5040]: this does not look like CT");
    expect(errors).toContain("expects Hounsfield units");
  });
});

test("options turn and resample scans for a model without a pipeline, too", () => {
  folder.slab(["compile", "none.slab", "-o", "none.onnx", "--init", "seeded", "--tile", "16x16x16"]);
  const words = [
    "none.onnx",
    "scan.nii.gz",
    "--orientation",
    "RAS",
    "--spacing",
    "4x4x5",
    "--overlap",
    "0.25",
  ];
  const run = folder.slab(["run", ...words, "-o", "e.nii", "--intensity", "window(-991,362)"]);
  expect(run.errors).not.toContain("error");
  folder.slab(["run", "one.onnx", "scan.nii.gz", "-o", "f.nii"]);
  expect(readFileSync(folder.path("e.nii"))).toEqual(readFileSync(folder.path("f.nii")));
});

test.each<[string, readonly string[], string]>([
  ["several pipelines", ["run", "two.slab", "scan.nii.gz", "--init", "seeded"], "SLAB2341"],
  [
    "an unknown pipeline",
    ["run", "two.slab", "scan.nii.gz", "--init", "seeded", "--pipeline", "scam"],
    "did you mean scan?",
  ],
  [
    "a pipeline of a file without one",
    ["run", "none.slab", "scan.nii.gz", "--init", "seeded", "--pipeline", "a"],
    "this file has none",
  ],
  ["a pipeline of a compiled model", ["run", "one.onnx", "scan.nii.gz", "--pipeline", "scan"], "--pipeline"],
  ["an orientation that is none", ["run", "none.onnx", "scan.nii.gz", "--orientation", "RRS"], "SLAB5051"],
  ["a spacing that is none", ["run", "none.onnx", "scan.nii.gz", "--spacing", "1.5,1.5,2"], "SLAB5050"],
  [
    "restoring what is not resampled",
    ["run", "none.onnx", "scan.nii.gz", "--restore", "probabilities"],
    "SLAB5049",
  ],
  [
    "labels unlike the classes",
    ["run", "one.slab", "scan.nii.gz", "--init", "seeded", "--set", "classes=4"],
    "SLAB2336",
  ],
])("%s is a mistake, and nothing is written", (_, words, message) => {
  const { exitCode, errors } = folder.slab([...words, "-o", "never.nii.gz"]);
  expect(errors).toContain(message);
  expect(exitCode).toBe(1);
  expect(folder.names()).not.toContain("never.nii.gz");
});
