import { expect, test } from "vitest";
import { repositoryFile, workFolder } from "./program.js";

const folder = workFolder();
const sshUnet = repositoryFile("examples/ssh-unet/ssh-unet.slab");

test("explain says what a schedule did, to how many operations and to which", () => {
  const words = ["explain", sshUnet, "--tile", "32x32x32", "--schedule", "norm=reductions"];
  const { exitCode, output, errors } = folder.slab(words);
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
  expect(output).toContain("SSHUNet, volume 1x1x32x32x32: schedule norm=reductions");
  expect(output).toMatch(/done 81 x statistics .*: unet\.enc\.0\.norm1@sagittal, .* and 78 more/);
});

test.each([
  ["a misspelt schedule", ["--schedule", "portble"], "did you mean portable?"],
  ["a misspelt option", ["--schedule", "norm=natve"], "did you mean native?"],
  ["no tile", [], "SLAB"],
])("%s is said, with exit code 1", (_, words, message) => {
  const tile = words.length > 0 ? ["--tile", "32x32x32"] : [];
  const { exitCode, output, errors } = folder.slab(["explain", sshUnet, ...tile, ...words]);
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
  expect(errors).toContain(message);
});
