import fc from "fast-check";
import { expect, test } from "vitest";
import { cell, type Document } from "../../src/reports/document.js";
import { renderHtml } from "../../src/reports/render/html.js";
import { renderMarkdown } from "../../src/reports/render/markdown.js";
import { renderText } from "../../src/reports/render/text.js";
import { checkMarkup } from "./markup.js";

const small: Document = {
  title: "Net · net.slab",
  subtitle: "A network.",
  blocks: [
    {
      kind: "facts",
      facts: [
        { name: "settings", text: "classes = 16, width = [32, 64]" },
        { name: "MACs", exact: "1,024", short: "1.02 k", text: "multiply-accumulates" },
        { name: "parameters", exact: "7", text: "" },
      ],
    },
    {
      kind: "table",
      title: "By level",
      columns: [
        { title: "level", align: "left" },
        { title: "MACs", align: "right" },
      ],
      rows: [
        [cell("1"), cell("1,000", 1000)],
        [cell("1/2"), cell("24", 24)],
      ],
      total: [cell("total"), cell("1,024", 1024)],
      remark: "Exact.",
    },
    { kind: "remark", text: "All is counted." },
  ],
};

test("a document as text has its columns aligned", () => {
  expect(renderText(small)).toBe(
    [
      "Net · net.slab",
      "A network.",
      "",
      "  settings    classes = 16, width = [32, 64]",
      "  MACs        1,024  1.02 k  multiply-accumulates",
      "  parameters      7",
      "",
      "By level",
      "  level   MACs",
      "  ────────────",
      "  1      1,000",
      "  1/2       24",
      "  ────────────",
      "  total  1,024",
      "  Exact.",
      "",
      "All is counted.",
    ].join("\n"),
  );
});

test("long texts are wrapped within the width, beside their name and not at an equals sign", () => {
  const setting = fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.integer()).map((pair) => pair.join(" = "));
  fc.assert(
    fc.property(
      fc.array(setting, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 60, max: 120 }),
      (all, width) => {
        const text = all.join(", ");
        const lines = renderText(
          { title: "", blocks: [{ kind: "facts", facts: [{ name: "settings", text }] }] },
          width,
        ).split("\n");
        expect(
          lines
            .slice(2)
            .map((line) => line.trim())
            .join(" "),
        ).toBe(`settings  ${text}`);
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/=$/);
        }
      },
    ),
  );
});

test("a document as Markdown is tables, with what Markdown would read escaped", () => {
  expect(renderMarkdown(small)).toBe(
    [
      "## Net · net.slab",
      "",
      "A network.",
      "",
      "|  | exact | short |  |",
      "| --- | ---: | ---: | --- |",
      "| settings |  |  | classes = 16, width = \\[32, 64\\] |",
      "| MACs | 1,024 | 1.02 k | multiply-accumulates |",
      "| parameters | 7 |  |  |",
      "",
      "### By level",
      "",
      "| level | MACs |",
      "| --- | ---: |",
      "| 1 | 1,000 |",
      "| 1/2 | 24 |",
      "| **total** | **1,024** |",
      "",
      "Exact.",
      "",
      "All is counted.",
    ].join("\n"),
  );
});

test("whatever a cell says, a Markdown table keeps its columns", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const table: Document = {
        title: "",
        blocks: [
          {
            kind: "table",
            title: "t",
            columns: [
              { title: "a", align: "left" },
              { title: "b", align: "left" },
            ],
            rows: [[cell(text), cell("x")]],
          },
        ],
      };
      const line = renderMarkdown(table).split("\n").at(-1) as string;
      expect(line.replace(/\\./gs, "").match(/\|/g)?.length).toBe(3);
    }),
  );
});

test("a document as HTML is well-formed, whatever its texts are, and needs no other file", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (title, text) => {
      const html = renderHtml({ ...small, title, blocks: [...small.blocks, { kind: "remark", text }] });
      checkMarkup(html.replace("<!doctype html>", "").replace(/<meta [^>]*>/g, ""));
      expect(html).not.toMatch(/(src|href)=|@import|url\(/);
    }),
  );
});
