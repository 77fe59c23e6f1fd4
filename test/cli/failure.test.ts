import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { explainFailure } from "../../src/cli/failure.js";
import { sourceNotText } from "../../src/compiler/diagnostics/catalogue/cli.js";
import { diagnose, SlabFailure } from "../../src/compiler/diagnostics/diagnostic.js";
import { InvariantViolation } from "../../src/compiler/support/invariant.js";
import { compilerVersion } from "../../src/compiler/version.js";

function explain(error: unknown, details = false) {
  const lines: string[] = [];
  const terminal = {
    print: () => expect.unreachable("a failure is not a result"),
    remark: (text: string) => lines.push(text),
    colour: false,
    progress: { write: () => undefined },
  };
  return { exitCode: explainFailure(error, terminal, details), text: lines.join("\n") };
}

const mistake = diagnose(sourceNotText, { found: "a zero byte" }, { path: "a.slab" });

test("a user's mistake is its message, several are counted", () => {
  expect(explain(new SlabFailure([mistake]))).toEqual({
    exitCode: 1,
    text: expect.stringMatching(/^error\[SLAB6005\]/),
  });
  expect(explain(new SlabFailure([mistake])).text).not.toContain("1 error");
  expect(explain(new SlabFailure([mistake, mistake]))).toMatchObject({
    exitCode: 1,
    text: expect.stringMatching(/\n\nerror\[SLAB6005\][\s\S]+\n\n2 errors$/),
  });
});

test("a bug of ours is one line with the version and how to report it, and its stack on request only", () => {
  const bug = new InvariantViolation("two nodes\nshare a name");
  const { exitCode, text } = explain(bug);
  expect(exitCode).toBe(70);
  expect(text.split("\n")).toHaveLength(2);
  expect(text).toContain(`Slab ${compilerVersion}`);
  expect(text).toContain("two nodes share a name");
  expect(text).toContain("SLAB_DEBUG=1");
  expect(text).not.toContain("    at ");
  expect(explain(bug, true).text).toContain("    at ");
  expect(explain("thrown text").exitCode).toBe(70);
});

test("too little memory for what was asked is the user's to change", () => {
  const failure = () => new Float32Array(2 ** 53 - 1);
  let error: unknown;
  try {
    failure();
  } catch (thrown) {
    error = thrown;
  }
  expect(explain(error)).toMatchObject({ exitCode: 1, text: expect.stringContaining("not enough memory") });
});

test("a wrong use, which Commander has explained, adds nothing", () => {
  expect(explain(new CommanderError(1, "commander.unknownOption", "unknown"))).toEqual({
    exitCode: 2,
    text: "",
  });
  expect(explain(new CommanderError(0, "commander.version", "0.1.0"))).toEqual({ exitCode: 0, text: "" });
});
