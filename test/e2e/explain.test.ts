import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { missingFor } from "../../src/runtime/index.js";
import { softwareVulkan } from "../support/webgpu.js";
import { repositoryFile, workFolder } from "./program.js";

const folder = workFolder();
const sshUnet = repositoryFile("examples/ssh-unet/ssh-unet.slab");

test("explain says what a schedule did, to how many operations and to which", () => {
  const words = ["explain", sshUnet, "--tile", "32x32x32", "--schedule", "norm=reductions"];
  const { exitCode, output, errors } = folder.slab(words);
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
  expect(output).toContain("SSHUNet, volume 1x1x32x32x32: schedule norm=reductions");
  expect(output).toMatch(/done 78 x statistics .*: unet\.enc\.0\.norm1@sagittal, .* and 75 more/);
});

test.each([
  ["a misspelt schedule", ["--schedule", "portble"], "did you mean portable?"],
  ["a misspelt option", ["--schedule", "norm=natve"], "did you mean native?"],
  ["a misspelt device", ["--device", "webgup"], "did you mean --device webgpu?"],
  ["no tile", [], "SLAB"],
])("%s is said, with exit code 1", (_, words, message) => {
  const tile = words.length > 0 ? ["--tile", "32x32x32"] : [];
  const { exitCode, output, errors } = folder.slab(["explain", sshUnet, ...tile, ...words]);
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
  expect(errors).toContain(message);
});

test("explain says what webgpu does not compute in the portable schedule, and nothing of that in its own", () => {
  const words = ["explain", sshUnet, "--tile", "32x32x32", "--device", "webgpu"];
  expect(folder.slab([...words, "--schedule", "portable"]).output).toContain(
    "fails 12 x ConvTranspose over three axes",
  );
  const own = folder.slab(words).output;
  expect(own).toMatch(/schedule webgpu$/m);
  expect(own).toContain("webgpu: nothing that is known to fail");
  expect(folder.slab([...words, "--device", "cuda"]).output).toMatch(/schedule gpu$/m);
});

test("tune measures, prints a table and writes a file that compile takes", () => {
  folder.write(
    "net.slab",
    "network Net {\n  input a: float[n, c: 1, x, y, z]\n  output b = a -> k: Conv(2, 1x3x3)\n}\n",
  );
  const words = [
    "tune",
    "net.slab",
    "--tile",
    "6x6x6",
    "-o",
    "tuned.json",
    "--seconds",
    "1",
    "--threads",
    "1",
  ];
  const { exitCode, output, errors } = folder.slab(words);
  expect({ exitCode, output }).toMatchObject({
    exitCode: 0,
    output: expect.stringMatching(/^schedule +median s/),
  });
  expect(errors).toMatch(/^turn 1: portable /);
  // Nothing in this network is shifted: once is enough.
  expect(output).toContain("\ncpu,shift=pad computes this network as cpu does\n");
  expect(errors).not.toContain("shift=pad");
  const compiled = ["compile", "net.slab", "-o", "a.onnx", "--tile", "6x6x6", "--init", "seeded"];
  expect(folder.slab([...compiled, "--schedule", "tuned.json"])).toMatchObject({ exitCode: 0, errors: "" });
  folder.write("broken.json", '{ "format": 1, "schedule": { "norm": "natve" } }');
  expect(folder.slab([...compiled, "--schedule", "broken.json"])).toMatchObject({
    exitCode: 1,
    errors: expect.stringContaining("did you mean native?"),
  });
  expect(folder.slab([...compiled, "--schedule", "absent.json"])).toMatchObject({ exitCode: 1 });
});

test("tune measures the first schedule however short the time is", () => {
  const swin = repositoryFile("examples/swin-unetr/swin-unetr.slab");
  const words = ["tune", swin, "--tile", "32x32x32", "-o", "short.json", "--seconds", "1", "--set"];
  const { exitCode, output } = folder.slab([...words, "feature_size=12"]);
  expect({ exitCode, output }).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining("not measured"),
  });
});

test.skipIf(softwareVulkan === undefined)("tune stops where nothing runs on the device", () => {
  const env = { VK_DRIVER_FILES: folder.path("net.slab") };
  // Were it to go on, the test would not end in time.
  const { exitCode, errors } = folder.slab([...onDevice.with(-2, "3600"), "webgpu"], { env });
  expect({ exitCode, errors }).toMatchObject({ exitCode: 1, errors: expect.stringContaining("error[SLAB") });
});

const onDevice = ["tune", "net.slab", "--tile", "6x6x6", "-o", "device.json", "--seconds", "1", "--device"];

test.skipIf(softwareVulkan === undefined)("tune measures on the device that is named", () => {
  const env = { VK_DRIVER_FILES: softwareVulkan };
  const { exitCode, output, errors } = folder.slab([...onDevice, "webgpu"], { env });
  expect({ exitCode, errors }).toMatchObject({
    exitCode: 0,
    errors: expect.stringMatching(/^turn 1: webgpu /m),
  });
  expect(output).toMatch(/^wrote device.json: /m);
  expect(JSON.parse(readFileSync(folder.path("device.json"), "utf8"))).toMatchObject({ device: "webgpu" });
});

test.skipIf(missingFor("cuda").length === 0)("tune says what a device lacks before it measures", () => {
  const { exitCode, errors } = folder.slab([...onDevice, "cuda"]);
  expect({ exitCode, errors }).toMatchObject({
    exitCode: 1,
    errors: expect.stringMatching(/^error\[SLAB5202\]: cuda can't be used on this machine/),
  });
});
