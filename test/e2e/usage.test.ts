import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { repositoryFile, workFolder } from "./program.js";

const folder = workFolder();
const commands = [
  "check",
  "fmt",
  "compile",
  "run",
  "metrics",
  "picture",
  "view",
  "inspect",
  "explain",
  "tune",
  "report",
  "diff",
  "docs",
  "new",
];

test("the version is that of the package", () => {
  const { version } = JSON.parse(readFileSync(repositoryFile("package.json"), "utf8"));
  expect(folder.slab(["--version"])).toEqual({ exitCode: 0, output: `slab ${version}\n`, errors: "" });
});

test("the general help names every command and the exit codes", () => {
  const { exitCode, output, errors } = folder.slab(["--help"]);
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
  for (const command of commands) expect(output).toMatch(new RegExp(`^  ${command} `, "m"));
  expect(output).toContain("70 a bug in Slab");
});

test.each(commands)("slab %s --help ends with examples of the command", (command) => {
  const { exitCode, output, errors } = folder.slab([command, "--help"]);
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
  expect(output).toMatch(new RegExp(`Examples:\\n  \\$ slab ${command} `));
});

test.each([
  ["no command", [], "Usage: slab"],
  ["an unknown command, with the one that was meant", ["chekc"], "Did you mean check?"],
  [
    "an unknown option, with the one that was meant",
    ["check", "a.slab", "--tilee", "8x8x8"],
    "Did you mean --tile?",
  ],
  ["a missing argument", ["check"], "missing required argument 'files'"],
  ["too many arguments", ["new", "a.slab", "b.slab"], "too many arguments"],
  ["an option without its value", ["check", "a.slab", "--set"], "argument missing"],
  ["a missing output", ["compile", "a.slab", "--init", "seeded"], "--output <model.onnx>"],
  ["an unknown way to make weights", ["compile", "a.slab", "-o", "a.onnx", "--init", "random"], "seeded"],
  ["no weights", ["compile", "a.slab", "-o", "a.onnx"], "--init seeded"],
  [
    "weights given twice",
    ["compile", "a.slab", "-o", "a.onnx", "--init", "seeded", "--weights", "w"],
    "cannot be used with",
  ],
])("%s is a wrong use: exit code 2, said on standard error", (_, words, message) => {
  const { exitCode, output, errors } = folder.slab(words);
  expect({ exitCode, output }).toEqual({ exitCode: 2, output: "" });
  expect(errors).toContain(message);
});
