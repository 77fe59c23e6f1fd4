import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { repositoryFile, workFolder } from "./program.js";

const folder = workFolder();
const sshUnet = repositoryFile("examples/ssh-unet/ssh-unet.slab");

test("slab draw writes a picture as SVG or PNG", () => {
  expect(folder.slab(["draw", sshUnet, "--tile", "96x96x96", "-o", "a.svg"]).exitCode).toBe(0);
  expect(readFileSync(folder.path("a.svg"), "utf8")).toMatch(/^<svg .*<\/svg>\n$/s);
  expect(folder.slab(["draw", sshUnet, "SSHUNet", "--depth", "1", "-o", "b.png"]).exitCode).toBe(0);
  expect([...readFileSync(folder.path("b.png")).subarray(1, 4)]).toEqual([...Buffer.from("PNG")]);
});

test.each([
  ["a file that is no picture", ["-o", "picture.txt"], "error[SLAB7026]"],
  ["a depth that is no number", ["--depth", "deep", "-o", "c.svg"], "--depth"],
  ["a tile that does not work", ["--tile", "97x96x96", "-o", "c.svg"], "divisible by 16"],
  ["a folder that is not there", ["-o", "nowhere/c.svg"], "nowhere"],
  ["an unknown setting", ["--set", "widht=3", "-o", "c.svg"], "width"],
])("%s is refused, and nothing is written", (_, words, message) => {
  const before = folder.names();
  const { exitCode, output, errors } = folder.slab(["draw", sshUnet, ...words]);
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
  expect(errors).toContain(message);
  expect(folder.names()).toEqual(before);
});
