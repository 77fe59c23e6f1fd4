import { expect, test } from "vitest";
import { workFolder } from "./program.js";

const folder = workFolder();

test("without a name it lists words, operations and the standard library", () => {
  const { exitCode, output, errors } = folder.slab(["docs"]);
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
  for (const name of ["shared", "ratio", "Conv", "concat", "PlainBlock", "axial"]) {
    expect(output).toMatch(new RegExp(`^  ${name} `, "m"));
  }
});

test("a layer of the standard library has its signature, its module and its parameters", () => {
  const { exitCode, output } = folder.slab(["docs", "PlainBlock"]);
  expect(exitCode).toBe(0);
  expect(output).toContain("layer PlainBlock(\n  out: int,\n  kernel: size = 3,\n");
  expect(output).toContain("use std.blocks { PlainBlock }");
  expect(output).toMatch(/^ {2}out: int +Channels of the output\.$/m);
});

test("a file of one's own is documented from its comments, and control characters do not reach the terminal", () => {
  folder.write(
    "own.slab",
    "/// Mine\u001b[31m.\n\n/// Half of it.\nfn halve(\n  /// A count.\n  n: int) = n / 2\n",
  );
  const { exitCode, output } = folder.slab(["docs", "own.slab"]);
  expect(exitCode).toBe(0);
  expect(output).toContain("Mine?[31m.");
  expect(output).toContain("fn halve(n: int) = n / 2\n\nHalf of it.\n\nParameters\n  n: int  A count.");
  expect(folder.slab(["docs", "./own.slab"]).exitCode).toBe(0);
});

test.each([
  ["a misspelt name", ["docs", "Cnov"], "did you mean Conv"],
  ["a file that is not there", ["docs", "none.slab"], "there is no such file"],
])("%s is a mistake that says what to do: exit code 1", (_, words, message) => {
  const { exitCode, output, errors } = folder.slab(words);
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
  expect(errors).toContain(message);
});
