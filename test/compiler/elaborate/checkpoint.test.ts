import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isIgnored } from "../../../src/compiler/elaborate/checkpoint.js";
import { emitModel } from "../../../src/compiler/index.js";
import type { PatternPart } from "../../../src/compiler/syntax/ast.js";
import {
  elementCount,
  type StoredTensor,
  type TensorFile,
} from "../../../src/compiler/weights/tensor-file.js";
import { check, network } from "./programs.js";

const body = `
  a[0] = volume
  a[i] = a[i-1] -> block: conv: Conv(1, 3) for i in 1..2
  output logits = a[2] -> head: Conv(2, 1, bias: true)`.replace("block: conv:", "conv:");

/** The other framework's names of a network's weights, by a checkpoint block of these lines. */
function names(lines: string, inside = body): string[] {
  const checked = check(`${network(inside)}\ncheckpoint other for Net {\n${lines}\n}\n`);
  return checked.graph.parameters.map(({ path }) => checked.foreignName("other", path));
}

function fileOf(shapes: Record<string, readonly number[]>): TensorFile {
  const tensors = Object.entries(shapes).map(([name, shape]): [string, StoredTensor] => {
    const read = () => Float32Array.from({ length: elementCount(shape) }, (_, index) => index);
    return [name, { name, shape, dtype: "float32", read }];
  });
  return { format: "safetensors", tensors: new Map(tensors) };
}

describe("a rule with a capture of several segments", () => {
  test("takes at the end of its pattern all that is left", () => {
    expect(names('  {rest*} = "module.{rest}"')).toEqual([
      "module.a.1.conv.weight",
      "module.a.2.conv.weight",
      "module.head.weight",
      "module.head.bias",
    ]);
  });

  test("takes inside its pattern as few as it can, also none", () => {
    const lines = '  {before*}.conv = "x.{before}.y"\n  {before*}.head = "{before}.out"';
    expect(names(lines)).toEqual(["x.a.1.y.weight", "x.a.2.y.weight", "out.weight", "out.bias"]);
  });

  test("stands beside captures of a part", () => {
    expect(names('  head = "head"\n  {name}.{i}.{rest*} = "{name}{2 * i}.{rest}"')).toEqual([
      "a2.conv.weight",
      "a4.conv.weight",
      "head.weight",
      "head.bias",
    ]);
  });

  test("leaves other paths to the next rule", () => {
    expect(names('  a.1.{rest*} = "first.{rest}"\n  {rest*} = "{rest}"')).toEqual([
      "first.conv.weight",
      "a.2.conv.weight",
      "head.weight",
      "head.bias",
    ]);
  });
});

describe("a checkpoint block that ignores", () => {
  const text = `${network("  output logits = volume -> head: Conv(2, 1x3x3)")}
checkpoint other for Net {
  head = "seg.0"
  ignore "seg.{i}.weight"
  ignore "encoder.{rest*}"
  ignore "old[{k}].{{x}"
}
`;
  const ignored = ["seg.1.weight", "encoder.a", "encoder.a.b.c", "encoder", "old[2].{x}"];

  test("passes over what its patterns match whole", () => {
    const checked = check(text);
    for (const name of ignored) expect(checked.ignores("other", name), name).toBe(true);
    for (const name of ["seg.1.bias", "seg.1.weight.x", "seg..weight", "my.encoder.a", "old2.{x}", ""])
      expect(checked.ignores("other", name), name).toBe(false);
  });

  test("loads a file with more in it, and a 2D kernel for one of depth one", () => {
    const checked = check(text, { tile: [4, 4, 4] });
    const shapes = {
      "seg.0.weight": [2, 1, 3, 3],
      ...Object.fromEntries(ignored.map((name) => [name, [7]])),
    };
    const { mapping, emitted } = emitModel(
      checked,
      { kind: "file", file: fileOf(shapes), path: "model.pth" },
      "net.data",
    );
    expect(mapping).toMatchObject({
      checkpoint: "other",
      pairs: [{ path: "head.weight", name: "seg.0.weight" }],
      reshaped: [{ file: [2, 1, 3, 3], network: [2, 1, 1, 3, 3] }],
      ignored,
    });
    expect(emitted.model.length).toBeGreaterThan(0);
  });

  test("matches as a regular expression of the same meaning does", () => {
    const part = fc.constantFrom("a", "b", "{x}", "{rest*}");
    const name = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 6 });
    const nameOf = (text: string) => ({ text, span: { file: { path: "", text: "" }, start: 0, end: 0 } });
    const parsed = (text: string): PatternPart =>
      text === "{rest*}"
        ? { kind: "rest", name: nameOf("rest") }
        : text === "{x}"
          ? { kind: "capture", name: nameOf("x") }
          : { kind: "literal", text };
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), name, (parts, segments) => {
        const source = parts.map((text) =>
          text === "{rest*}" ? "(?:[^.]+[.])*" : text === "{x}" ? "[^.]+[.]" : `${text}[.]`,
        );
        const expected = new RegExp(`^${source.join("")}$`).test(`${segments.join(".")}.`);
        const declaration = { ignored: [parts.map((text) => [parsed(text)])] };
        expect(isIgnored(segments.join("."), declaration as never)).toBe(expected);
      }),
    );
  });
});

test("a pattern with many captures of several segments is matched before the test's time is over", () => {
  const pattern = [...Array(30).keys()].flatMap((i) => [`{r${i}*}`, "a"]).join(".");
  const text = `${network("  output logits = volume -> head: Conv(2, 1)")}
checkpoint other for Net {
  head = "seg"
  ignore "${pattern}.z"
}
`;
  const checked = check(text);
  expect(checked.ignores("other", Array(200).fill("a").join("."))).toBe(false);
});
