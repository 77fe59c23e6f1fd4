import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allTokens } from "../../../grammar/tokens.js";
import { renderDiagnostics } from "../../../src/compiler/diagnostics/render.js";
import type { LayerDeclaration } from "../../../src/compiler/syntax/ast.js";
import { parse, parseSetting } from "../../../src/compiler/syntax/parse.js";
import { program, repositoryFiles } from "./programs.js";

const read = (text: string) => parse({ path: "net.slab", text });
/** Each diagnostic as `line: code title`. */
const mistakes = (text: string) =>
  read(text).diagnostics.map(({ code, title, place }) => {
    const line = place && "span" in place ? text.slice(0, place.span.start).split("\n").length : 0;
    return `${line}: ${code} ${title}`;
  });

describe("mistakes", () => {
  test("in one file are each reported once, at their lines", () => {
    const text = [
      "cnst a = 1",
      "layer First {",
      "  a = input -> ",
      "  b = = 2",
      "  output input.",
      "}",
      "fn f(n: int) = n +",
      "layer Second(x int) {",
      "  output input",
      "}",
      "const fine = 3",
      'const text = "never closed',
    ].join("\n");
    expect(
      mistakes(text)
        .map((mistake) => mistake.split(" ").slice(0, 2).join(" "))
        .sort(),
    ).toEqual(
      [
        "12: SLAB1002",
        "1: SLAB1102",
        "3: SLAB1101",
        "4: SLAB1101",
        "5: SLAB1101",
        "7: SLAB1101",
        "8: SLAB1101",
      ].sort(),
    );
  });

  test("in one declaration do not hide the declarations around it", () => {
    const { module } = read("const a = 1\nlayer L {\n  a = \n}\nconst b = 2\n");
    expect(module.declarations.map((declaration) => declaration.kind)).toEqual(["const", "const"]);
  });

  test.each([
    ["layer L {\n  output input\n\nconst a = 1", ["1: SLAB1103 the { of layer L is never closed"]],
    ["layr L {\n  output input\n}", ["1: SLAB1102 layr does not begin a declaration"]],
    ["", ["0: SLAB1105 this file declares nothing"]],
    ["// nothing but this\n", ["0: SLAB1105 this file declares nothing"]],
    ["/// nothing but this\n", ["0: SLAB1105 this file declares nothing"]],
    ["const a = 3abc", ["1: SLAB1003 3abc is not a number"]],
    ["const if = 3", ["1: SLAB1104 if is a word of the language and can't be a name"]],
    ["const a = 99999999999999999999", ["1: SLAB1004 99999999999999999999 is too large a number"]],
    ['const a = "{}"', ["1: SLAB1101 expected a value, found the end"]],
    ['const a = "{1 +}"', ["1: SLAB1101 expected a value, found the end"]],
  ])("%j gives %j", (text, expected) => {
    expect(mistakes(text)).toEqual(expected);
  });

  test("inside text point at the place in the file", () => {
    const text = 'const b = 1\n\nconst a = "value {1 + * 2}"\n';
    const [diagnostic] = read(text).diagnostics;
    const place = diagnostic?.place;
    expect(place && "span" in place && text.slice(place.span.start)).toMatch(/^\* 2/);
  });

  test("beyond a hundred are counted", () => {
    const { diagnostics } = read("#\n".repeat(1000));
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)?.title).toBe("this file has 900 more mistakes, not listed");
  });
});

describe("documentation", () => {
  test("belongs to the declaration, parameter or statement below it", () => {
    const { module, diagnostics } = read(
      "/// One\n/// two.\nlayer L(\n  /// Three.\n  n: int,\n) {\n  /// Four.\n  a = input\n  // not this\n  output a\n}\n",
    );
    expect(diagnostics).toEqual([]);
    const layer = module.declarations[0] as LayerDeclaration;
    expect(layer.documentation).toBe("One\ntwo.");
    expect(layer.parameters[0]?.documentation).toBe("Three.");
    expect(layer.body[0]).toMatchObject({ documentation: "Four." });
    expect(layer.body[1]).toMatchObject({ documentation: "" });
  });
});

describe("spans", () => {
  test("cover exactly what was written, in text literals too", () => {
    const text = 'const b = 1\nconst a = f(x[1], y.c) -> l: G(2) -> undo v\nconst c = "is {a + b}!"\n';
    const written: Record<string, string[]> = {};
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null || !("kind" in value || Array.isArray(value))) return;
      const { kind, span } = value as { kind?: string; span?: { start: number; end: number } };
      if (kind && span) written[kind] = [...(written[kind] ?? []), text.slice(span.start, span.end)];
      for (const [key, inner] of Object.entries(value)) {
        if (key === "span") continue;
        visit(
          key === "arguments" ? (inner as { value: unknown }[]).map((argument) => argument.value) : inner,
        );
      }
    };
    visit(read(text).module.declarations);
    expect(written.index).toEqual(["x[1]"]);
    expect(written.member).toEqual(["y.c"]);
    expect(written.call).toEqual(["f(x[1], y.c)", "G(2)"]);
    expect(written.binary).toEqual(["a + b"]);
    expect(written.text).toEqual(['"is {a + b}!"']);
    expect(written.const?.[0]).toBe("const b = 1");
  });

  test("of every expression lie inside the file, and inside their declaration", () => {
    fc.assert(
      fc.property(program, (text) => {
        for (const declaration of read(text).module.declarations) {
          JSON.stringify(declaration, (key, value) => {
            if (key === "file") return undefined;
            if (key === "span") {
              expect(value.start).toBeGreaterThanOrEqual(declaration.span.start);
              expect(value.end).toBeLessThanOrEqual(declaration.span.end);
              expect(value.start).toBeLessThan(value.end);
            }
            return value;
          });
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("hostile input", () => {
  const deep = 10_000;
  test.each([
    ["parentheses", `const a = ${"(".repeat(deep)}1${")".repeat(deep)}`],
    ["parentheses that are never closed", `const a = ${"(".repeat(deep)}`],
    ["lists", `const a = ${"[".repeat(deep)}${"]".repeat(deep)}`],
    ["braces", `layer L ${"{".repeat(deep)}${"}".repeat(deep)}`],
    ["types", `fn f(a: ${"[".repeat(deep)}int${"]".repeat(deep)}) = 1`],
    ["conditions", `const a = ${"if a then b else ".repeat(deep)}c`],
    ["conditions in conditions", `const a = ${"if ".repeat(deep)}a`],
    ["minus signs", `const a = ${"- ".repeat(deep)}1`],
    ["nots", `const a = ${"not ".repeat(deep)}b`],
    ["sums", `const a = 1${" + 1".repeat(deep)}`],
    ["calls", `const a = f${"(1)".repeat(deep)}`],
    ["arrows", `const a = x${" -> F".repeat(deep)}`],
    ["text inside", `const a = "{${"(".repeat(deep)}1${")".repeat(deep)}}"`],
    ["statements that close nothing", `layer L {\n${`a = )\nb = (((((((((((((((\n`.repeat(deep)}}`],
  ])("nested or chained thousands deep gives a message, not an exhausted stack: %s", (_, text) => {
    const { diagnostics } = read(text);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(renderDiagnostics(diagnostics.slice(0, 1))).toMatch(/SLAB1(1|0)\d\d/);
    expect(diagnostics.length).toBeLessThanOrEqual(101);
  });

  test("as deep as it may be is read", () => {
    const calls = 48;
    const text = `const a = ${"f(if a then b else [".repeat(calls / 3)}1${"])".repeat(calls / 3)}`;
    expect(read(text).diagnostics).toEqual([]);
  });

  // The time that a test has is the bound: what grows with the square of a text's length takes hours here.
  test("a long file is read or refused", { timeout: 300_000 }, () => {
    const views = repositoryFiles.find(({ path }) => path === "std/views.slab");
    const many = repositoryFiles.map(({ text }) => text).join("\n");
    expect(read(many.repeat(Math.ceil(200_000 / many.length))).diagnostics).toEqual([]);
    expect(read(`const a = "${"x{1}".repeat(20_000)}"`).diagnostics).toEqual([]);
    expect(read(`const a = "${"x".repeat(500_000)}"`).diagnostics).toEqual([]);
    expect(read(`// ${"x".repeat(500_000)}\n${views?.text}`).diagnostics).toEqual([]);
    expect(read("\u0000".repeat(500_000)).diagnostics.length).toBeGreaterThan(0);
    expect(read(`"${"\\".repeat(500_001)}`).diagnostics.length).toBeGreaterThan(0);
  });

  test("any soup of tokens gives declarations or diagnostics, and never an exception", () => {
    const images = fc.constantFrom(
      ...allTokens.map((token) => String(token.LABEL ?? "name").replaceAll("'", "")),
      "\n",
      "\n  ",
      " ",
      "1",
      "2.5",
      "1x3",
      '"text {a}"',
      '"{"',
      "/// doc\n",
      "#",
      "\nlayer L {\n",
      "\n}\n",
      "\nconst a = ",
    );
    fc.assert(
      fc.property(fc.array(images, { maxLength: 60 }), fc.constantFrom("", " "), (soup, separator) => {
        const { diagnostics, module } = read(soup.join(separator));
        expect(diagnostics.length + module.declarations.length).toBeGreaterThan(0);
        renderDiagnostics(diagnostics);
      }),
      { numRuns: 2000 },
    );
  });

  test("any characters give declarations or diagnostics, and never an exception", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const { diagnostics, module } = read(text);
        expect(diagnostics.length + module.declarations.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("slices, groups and free parameters", () => {
  const constantValue = (text: string) => {
    const { module, diagnostics } = read(`const a = ${text}\n`);
    expect(diagnostics).toEqual([]);
    const declaration = module.declarations[0];
    return declaration?.kind === "const" ? declaration.value : undefined;
  };

  test("a slice has an axis and bounds, an index has none", () => {
    expect(constantValue("x[c: 0..<k, t: 1.., u: ..3, v: ..<4, w: 0]")).toMatchObject({
      kind: "slice",
      slices: [
        { axis: { text: "c" }, kind: "below", first: { value: 0 }, last: { name: "k" } },
        { axis: { text: "t" }, kind: "through", first: { value: 1 } },
        { axis: { text: "u" }, kind: "through", last: { value: 3 } },
        { axis: { text: "v" }, kind: "below", last: { value: 4 } },
        { axis: { text: "w" }, kind: "position", first: { value: 0 } },
      ],
    });
    expect(constantValue("x[c]")).toMatchObject({ kind: "index", index: { name: "c" } });
    expect(constantValue("x[c: if a then 0 else 1]")).toMatchObject({ slices: [{ first: { kind: "if" } }] });
  });

  test("a group has names, or several values; one value in parentheses is that value", () => {
    expect(constantValue("(a)")).toMatchObject({ kind: "name", name: "a" });
    expect(constantValue("(a, b: 7)")).toMatchObject({
      kind: "group",
      elements: [{ value: { name: "a" } }, { name: { text: "b" }, value: { value: 7 } }],
    });
    expect(constantValue("(b: 7)")).toMatchObject({ kind: "group", elements: [{ name: { text: "b" } }] });
  });

  test("a free parameter is a definition, and its words can be names", () => {
    const text =
      "layer L {\n  /// why\n  param w: float[c, k: 3] init normal(0.02)\n  param = w\n  init = param\n}\n";
    const { module, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    const { body } = module.declarations[0] as LayerDeclaration;
    expect(body).toMatchObject([
      {
        kind: "definition",
        name: { text: "w" },
        documentation: "why",
        value: {
          kind: "param",
          element: { text: "float" },
          axes: [{ name: { text: "c" } }, { name: { text: "k" }, size: { value: 3 } }],
          init: { name: { text: "normal" }, argument: { value: 0.02 } },
        },
      },
      { kind: "definition", name: { text: "param" } },
      { kind: "definition", name: { text: "init" } },
    ]);
  });
});

describe("settings", () => {
  test("are read as name and value", () => {
    expect(parseSetting("width=[8, 16]")).toMatchObject({ name: "width", value: { kind: "list" } });
    expect(parseSetting(" fold = 1/8 ").value).toMatchObject({
      kind: "binary",
      operator: "/",
      span: { start: 8, end: 11 },
    });
  });

  test.each(["", "width", "3=4", "a==3", "a=", "a=1 2", "a=)", `a=${"(".repeat(10_000)}`])(
    "%s is refused with a message",
    (text) => {
      expect(() => parseSetting(text)).toThrow(expect.objectContaining({ name: "SlabFailure" }));
    },
  );
});
