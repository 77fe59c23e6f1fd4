import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Diagnostic,
  diagnose,
  fail,
  kind,
  SlabFailure,
} from "../../../src/compiler/diagnostics/diagnostic.js";
import { diagnosticToJson } from "../../../src/compiler/diagnostics/json.js";
import { renderDiagnostic, renderDiagnostics } from "../../../src/compiler/diagnostics/render.js";

const file = { path: "net.slab", text: "first\n\tsecond line\r\nthird" };
const second = { file, start: 7, end: 13 };
const mistake = kind<{ found: string }>("SLAB9999", {
  title: ({ found }) => `wrong: ${found}`,
  notes: ({ found }) => [{ label: "found", text: found }, undefined, { label: "longer", text: "b" }],
  help: () => "do it otherwise",
});
const diagnostic = diagnose(mistake, { found: "a" }, { span: second, remark: "for i = 2" });

describe("a diagnostic as text", () => {
  test("shows its place under the source line, notes in a column, and help", () => {
    expect(renderDiagnostic(diagnostic)).toBe(
      [
        "error[SLAB9999]: wrong: a",
        "  ┌─ net.slab:2:2",
        "2 │ \tsecond line",
        "  │ \t^^^^^^ for i = 2",
        "  = found   a",
        "  = longer  b",
        "  = help: do it otherwise",
      ].join("\n"),
    );
  });

  test("without colour has no escape sequences, and with colour the same words", () => {
    const coloured = renderDiagnostic(diagnostic, { colour: true });
    expect(coloured).toContain("\u001b[");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of a terminal
    expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(renderDiagnostic(diagnostic));
  });

  test("underlines only the first line of what goes on over several", () => {
    const text = renderDiagnostic({
      ...diagnostic,
      place: { span: { file, start: 7, end: file.text.length } },
    });
    expect(text.split("\n")[3]).toBe(`  │ \t${"^".repeat("second line".length)}`);
  });

  test("names a file that is not Slab text, and no place where there is none", () => {
    const { place: _, ...placeless } = diagnostic;
    expect(renderDiagnostic({ ...diagnostic, place: { path: "a.nii" } })).toContain("  ┌─ a.nii\n");
    expect(renderDiagnostic(placeless)).not.toContain("┌─");
  });

  test("is separated from the next by a blank line", () => {
    expect(renderDiagnostics([diagnostic, diagnostic]).split("\n\n")).toHaveLength(2);
  });
});

test("a diagnostic as data counts lines and columns from 1", () => {
  expect(diagnosticToJson(diagnostic)).toMatchObject({
    code: "SLAB9999",
    severity: "error",
    file: "net.slab",
    start: { line: 2, column: 2 },
    end: { line: 2, column: 8 },
    help: ["do it otherwise"],
  });
});

test("failing carries the diagnostic to whoever shows it", () => {
  let caught: readonly Diagnostic[] = [];
  try {
    fail(mistake, { found: "b" });
  } catch (failure) {
    if (failure instanceof SlabFailure) caught = failure.diagnostics;
  }
  expect(caught.map(({ title }) => title)).toEqual(["wrong: b"]);
});

describe("the catalogue", () => {
  const folder = new URL("../../../src/compiler/diagnostics/catalogue/", import.meta.url);
  const declared = readdirSync(folder).flatMap((name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    return [...text.matchAll(/export const (\w+) = kind[^"]*?"(SLAB\d+)"/gs)].map(([, constant, code]) => ({
      constant: constant as string,
      code: code as string,
    }));
  });

  test("gives every kind of mistake a code of its own", () => {
    expect(declared.length).toBeGreaterThan(100);
    const codes = declared.map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });
});
