import type { Block, Document, Facts, Table } from "../document.js";

/** A document as Markdown with tables as GitHub, GitLab and Pandoc read them. Ends without a line break. */
export function renderMarkdown({ title, subtitle, blocks }: Document): string {
  const head = [`## ${escapeText(title)}`, ...(subtitle === undefined ? [] : [escapeText(subtitle)])];
  return [...head, ...blocks.map(renderBlock)].join("\n\n");
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `## ${escapeText(block.text)}`;
    case "remark":
      return escapeText(block.text);
    case "facts":
      return renderFacts(block);
    case "table":
      return renderTable(block);
  }
}

function renderFacts({ title, facts }: Facts): string {
  const numbers = facts.some(({ exact }) => exact !== undefined);
  const shorts = facts.some(({ short }) => short !== undefined);
  const head = numbers ? ["", "exact", ...(shorts ? ["short"] : []), ""] : ["", ""];
  const rule = numbers ? ["---", "---:", ...(shorts ? ["---:"] : []), "---"] : ["---", "---"];
  const rows = facts.map(({ name, exact = "", short = "", text = "" }) =>
    numbers ? [name, exact, ...(shorts ? [short] : []), text] : [name, text],
  );
  return heading(title, [line(head), line(rule), ...rows.map((row) => line(row.map(escapeText)))]);
}

function renderTable({ title, columns, rows, total, remark }: Table): string {
  const lines = [
    line(columns.map(({ title }) => escapeText(title))),
    line(columns.map(({ align }) => (align === "right" ? "---:" : "---"))),
    ...rows.map((row) => line(row.map(({ text }) => escapeText(text)))),
    ...(total ? [line(total.map(({ text }) => (text === "" ? "" : `**${escapeText(text)}**`)))] : []),
  ];
  return heading(title, [...lines, ...(remark === undefined ? [] : ["", escapeText(remark)])]);
}

function heading(title: string | undefined, lines: readonly string[]): string {
  return [...(title === undefined ? [] : [`### ${escapeText(title)}`, ""]), ...lines].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Text as Markdown shows it; names with underscores and stars are common in networks. */
function escapeText(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~]/g, (character) => `\\${character}`);
}
