import { describe, expect, test } from "vitest";
import * as t from "../../grammar/tokens.js";
import { renderDiagnostics } from "../../src/compiler/diagnostics/render.js";
import { describeFile } from "../../src/compiler/documentation/declarations.js";
import { showSignature } from "../../src/compiler/documentation/entry.js";
import { describeLibrary, lookUp } from "../../src/compiler/documentation/library.js";
import { builtins } from "../../src/compiler/elaborate/functions.js";
import { parameterTypes } from "../../src/compiler/elaborate/types.js";
import { SlabFailure } from "../../src/compiler/index.js";
import { namedOperations } from "../../src/compiler/ops/index.js";
import { repositoryHost } from "../support/host.js";

const library = describeLibrary(repositoryHost);
const described = (text: string) => describeFile({ path: "own.slab", text });

function failureOf(act: () => unknown): string {
  try {
    act();
  } catch (failure) {
    if (failure instanceof SlabFailure) return renderDiagnostics(failure.diagnostics, { colour: false });
    throw failure;
  }
  throw new Error("nothing was refused");
}

describe("what is explained", () => {
  const namesOf = (kind: string) =>
    library.language.filter((entry) => entry.kind === kind).map(({ name }) => name);

  test("is every word of the language, and no other", () => {
    const words = t.allTokens.filter(
      ({ name, PATTERN }) =>
        name !== "Identifier" && PATTERN instanceof RegExp && /^[a-z]+$/.test(PATTERN.source),
    );
    expect(words.length).toBeGreaterThan(20);
    expect(namesOf("word").sort()).toEqual(words.map(({ PATTERN }) => (PATTERN as RegExp).source).sort());
  });

  test("is every type of a parameter and every function of the language", () => {
    expect([...namesOf("word"), ...namesOf("type")]).toEqual(
      expect.arrayContaining(Object.keys(parameterTypes)),
    );
    expect(namesOf("type").filter((name) => !(name in parameterTypes))).toEqual([]);
    expect(namesOf("builtin").sort()).toEqual([...builtins].sort());
  });

  test("has a text for each name, ending as a sentence does", () => {
    for (const { name, documentation } of [...library.language, ...library.operations]) {
      expect(documentation, name).toMatch(/\S\.$/);
    }
  });

  test("is every declaration and every parameter of the standard library", () => {
    expect(library.modules.map(({ name }) => name)).toEqual(
      [...repositoryHost.standardModules()].sort().map((name) => `std.${name}`),
    );
    for (const module of library.modules) {
      expect(module.documentation, module.name).not.toBe("");
      expect(module.entries.length, module.name).toBeGreaterThan(0);
      for (const { name, documentation, parameters } of module.entries) {
        expect(documentation, `${module.name}.${name}`).not.toBe("");
        for (const parameter of parameters) {
          expect(parameter.documentation, `${name}, ${parameter.name}`).not.toBe("");
        }
      }
    }
  });
});

describe("a name", () => {
  const found = (name: string) => {
    const result = lookUp(name, library);
    return result.kind === "entries"
      ? result.entries.map(({ entry, module }) => [entry.kind, module?.name, entry.name])
      : [[result.kind]];
  };

  test.each([
    ["shared", [["word", undefined, "shared"]]],
    ["Conv", [["operation", undefined, "Conv"]]],
    ["PlainBlock", [["layer", "std.blocks", "PlainBlock"]]],
    ["std.blocks.PlainBlock", [["layer", "std.blocks", "PlainBlock"]]],
    ["std.views", [["module"]]],
    ["std", [["library"]]],
  ])("%s is found", (name, expected) => {
    expect(found(name)).toEqual(expected);
  });

  test("that means two things is found as both", () => {
    expect(found("sum").map(([kind]) => kind)).toEqual(["builtin", "implied"]);
  });

  test.each([
    ["Covn", "did you mean Conv"],
    ["leakyrelu", "did you mean LeakyReLU"],
    ["std.block", "did you mean std.blocks"],
    ["PlainBlok", "did you mean PlainBlock"],
    ["requires", "did you mean require"],
    ["Zzzzzzzzz", "slab docs lists every name"],
    ["constructor", "nothing is called constructor"],
  ])("%s is refused with a way out", (name, message) => {
    const shown = failureOf(() => lookUp(name, library));
    expect(shown).toContain(`SLAB6101`);
    expect(shown).toContain(message);
  });

  test("of any operation that is written is found, with a signature that has every argument", () => {
    for (const { name, arguments: specifications } of namedOperations) {
      const result = lookUp(name, library);
      if (result.kind !== "entries") throw new Error(name);
      const signature = showSignature(
        result.entries.at(-1)?.entry.signature ?? { head: "", parameters: [], tail: "" },
        100,
      );
      for (const argument of specifications) expect(signature).toContain(`${argument.name}: `);
    }
  });
});

describe("a file's documentation", () => {
  test("says of parameters what is written: type, default and comment", () => {
    const { entries } = described(`layer Block(
  /// Channels
  /// of the output.
  out: int,
  /// Where to go on.
  factor: ratio = (1 + 2) * 2 / 4,
  norm: layer = InstanceNorm(affine: true),
  widths: [int] = [8, // fine
    16],
  share: ratio = 1 / ((2 + 2) * (1 + 1)),
) {
  output input -> Conv(out, 3x3x3)
}
`);
    expect(entries[0]?.parameters).toEqual([
      { name: "out", type: "int", documentation: "Channels\nof the output." },
      { name: "factor", type: "ratio", default: "(1 + 2) * 2 / 4", documentation: "Where to go on." },
      { name: "norm", type: "layer", default: "InstanceNorm(affine: true)", documentation: "" },
      { name: "widths", type: "[int]", default: "[8, 16]", documentation: "" },
      { name: "share", type: "ratio", default: "1 / ((2 + 2) * (1 + 1))", documentation: "" },
    ]);
  });

  test("tells the file's words from those of its first declaration", () => {
    const both = described("/// The file.\n/// More.\n\n/// Sixteen.\nconst a = 16\n");
    expect([both.documentation, both.entries[0]?.documentation]).toEqual(["The file.\nMore.", "Sixteen."]);
    const declaration = described("/// Sixteen.\nconst a = 16\n");
    expect([declaration.documentation, declaration.entries[0]?.documentation]).toEqual(["", "Sixteen."]);
    const file = described("/// The file.\n\nconst a = 16\n");
    expect([file.documentation, file.entries[0]?.documentation]).toEqual(["The file.", ""]);
    const neither = described("const a = 16\n\n/// Eight.\nconst b = 8\n");
    expect([neither.documentation, neither.entries[0]?.documentation]).toEqual(["", ""]);
    const used = described("/// The file.\n\nuse std.views { axial }\n\nconst b = 8\n");
    expect(used.documentation).toBe("The file.");
  });

  test("shows each kind of declaration as it is declared", () => {
    const { entries } = described(`const amos = 16
fn halve(n: int) = n / 2
view axial { s: z, h: y, w: x }
network Net(classes: int = amos) {
  /// A CT scan.
  input volume: float[n, c: 1, x, y, z]
  /// Scores.
  output logits = volume -> head: Conv(classes, 1x1x1)
  output deep[i] = volume -> deep: Conv(i, 1x1x1) for i in 1..2
}
checkpoint theirs for Net {
  head = "out"
}
`);
    expect(entries.map(({ signature }) => showSignature(signature, 100))).toEqual([
      "const amos = 16",
      "fn halve(n: int) = n / 2",
      "view axial { s: z, h: y, w: x }",
      "network Net(classes: int = amos)",
      "checkpoint theirs for Net",
    ]);
    expect(entries[3]?.inputs).toEqual([
      { name: "volume", type: "float[n, c: 1, x, y, z]", documentation: "A CT scan." },
    ]);
    expect(entries[3]?.outputs).toEqual([
      { name: "logits", documentation: "Scores." },
      { name: "deep[i]", documentation: "for i in 1..2" },
    ]);
  });

  test("is not given for a file with mistakes: those are", () => {
    expect(failureOf(() => described("layer Block( {\n"))).toContain("own.slab:1");
  });
});
