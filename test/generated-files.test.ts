import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { slabParser } from "../grammar/parser.js";
import * as t from "../grammar/tokens.js";
import { generatedFiles } from "../src/cli/generated-files.js";
import { operations } from "../src/compiler/ops/index.js";

const root = new URL("../", import.meta.url);
const textOf = (path: string) => generatedFiles().find((file) => file.path === path)?.text ?? "";

describe("the generated files", () => {
  test.each(generatedFiles())("$path is up to date (npm run generate writes it)", ({ path, text }) => {
    const url = new URL(path, root);
    expect(existsSync(url)).toBe(true);
    expect(readFileSync(url, "utf8")).toBe(text);
  });

  test("document every operation with every argument", () => {
    const page = textOf("docs/ops.md");
    for (const { name, arguments: specifications, axisArguments } of operations) {
      const section = page.split(`\n### ${name}\n`)[1]?.split("\n### ")[0] ?? "";
      expect(section, name).toContain("ONNX");
      if (axisArguments) expect(section, name).toContain("| *axis* |");
      for (const argument of specifications) expect(section, name).toContain(`| \`${argument.name}\` |`);
    }
  });
});

describe("the EBNF", () => {
  const lines = textOf("grammar/slab.generated.ebnf").split("\n");
  const defined = lines.flatMap((line) => /^(\w+) +::=/.exec(line)?.[1] ?? []);

  test("defines each rule of the parser once", () => {
    const rules = Object.keys(slabParser.getGAstProductions());
    expect(defined.filter((name) => rules.includes(name))).toEqual(rules);
  });

  test("uses nothing that it does not define", () => {
    const bodies = lines
      .slice(lines.findIndex((line) => line.includes("::=")))
      .filter((line) => !line.includes("::= /"))
      .map((line) => line.replace(/^\w+ +::=/, "").replace(/'[^']*'/g, ""));
    const used = new Set(bodies.join(" ").match(/\w+/g));
    expect([...used].filter((name) => !defined.includes(name))).toEqual([]);
  });
});

describe("the TextMate grammar", () => {
  const grammar = textOf("grammar/slab.tmLanguage.json");
  const patterns: string[] = [];
  JSON.parse(grammar, (key, value) => {
    if (key === "match" || key === "begin" || key === "end") patterns.push(value);
    return value;
  });

  test("has only regular expressions that can be compiled", () => {
    expect(patterns.length).toBeGreaterThan(15);
    for (const pattern of patterns) expect(() => new RegExp(pattern)).not.toThrow();
  });

  test("colours every word of the language", () => {
    const statements = new Map([
      [t.Input, "  input volume: float[n]"],
      [t.Param, "  param scale: float[c]"],
      [t.Init, "] init zeros"],
    ]);
    for (const word of [...t.declarationWords, ...t.reservedWords, ...statements.keys()]) {
      const own = String(word.PATTERN).slice(1, -1);
      const text = statements.get(word) ?? own;
      const isColoured = patterns.some((pattern) => pattern.includes(own) && new RegExp(pattern).test(text));
      expect(isColoured, text).toBe(true);
    }
  });
});
