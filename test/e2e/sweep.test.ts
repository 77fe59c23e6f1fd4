import { expect, test } from "vitest";
import { repositoryFile, workFolder } from "./program.js";

const { slab } = workFolder();
const sshUnet = repositoryFile("examples/ssh-unet/ssh-unet.slab");

test("a sweep whose tile fits no variant says which tiles do", () => {
  const words = ["sweep", sshUnet, "--set", "classes=3..5", "--tile", "40x40x40"];
  const { exitCode, output, errors } = slab(words);
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
  expect(errors).toContain("tile 40x40x40 is not divisible by 16; 32x32x32 and 48x48x48 are");
  expect(errors).toContain("none of the 3 variants is right");
});

test("a sweep leaves out variants that are wrong, and says what is wrong with the first", () => {
  const { exitCode, output, errors } = slab(["sweep", sshUnet, "--set", "fold=[1/4,3/4,1]"]);
  expect(exitCode).toBe(0);
  expect(output).toMatch(/^1\/4 +6,480,208$/m);
  expect(errors).toContain("fold cannot be 3/4");
  expect(errors).toContain("2 of 3 variants are not right and left out");
});
