import type { Block, Document, Facts, Table } from "../document.js";

/** Wide enough for a table with exact totals, and narrow enough for half of a screen. */
export const textWidth = 110;

const margin = "  ";

/** A document for a terminal, at most `width` columns wide where its words allow it. Ends without a line break. */
export function renderText({ title, subtitle, blocks }: Document, width = textWidth): string {
  const head = subtitle === undefined ? title : `${title}\n${wrap(subtitle, width).join("\n")}`;
  return [head, ...blocks.map((block) => renderBlock(block, width))].join("\n\n");
}

function renderBlock(block: Block, width: number): string {
  switch (block.kind) {
    case "heading":
      return block.text;
    case "remark":
      return wrap(block.text, width).join("\n");
    case "facts":
      return renderFacts(block, width);
    case "table":
      return renderTable(block, width);
  }
}

function renderFacts({ title, facts }: Facts, width: number): string {
  const names = longest(facts.map(({ name }) => name));
  const counts = facts.filter(({ exact }) => exact !== undefined);
  const exactWidth = longest(counts.map(({ exact = "" }) => exact));
  const shortWidth = longest(counts.map(({ short = "" }) => short));
  const lines = facts.map(({ name, exact, short = "", text = "" }) => {
    const value =
      exact === undefined
        ? ""
        : `${exact.padStart(exactWidth)}${shortWidth > 0 ? `  ${short.padStart(shortWidth)}` : ""}  `;
    const start = `${margin}${name.padEnd(names)}  ${value}`;
    const [first = "", ...more] = wrap(text, Math.max(30, width - start.length));
    return [`${start}${first}`, ...more.map((line) => " ".repeat(start.length) + line)]
      .map((line) => line.trimEnd())
      .join("\n");
  });
  return [...(title === undefined ? [] : [title]), ...lines].join("\n");
}

function renderTable({ title, columns, rows, total, remark }: Table, width: number): string {
  const all = [columns.map(({ title }) => title), ...[...rows, ...(total ? [total] : [])].map(texts)];
  const widths = columns.map((_, column) => longest(all.map((row) => row[column] ?? "")));
  const line = (row: readonly string[]) =>
    margin +
    columns
      .map(({ align }, column) => {
        const text = row[column] ?? "";
        return align === "right"
          ? text.padStart(widths[column] as number)
          : text.padEnd(widths[column] as number);
      })
      .join("  ")
      .trimEnd();
  const rule = margin + "─".repeat(widths.reduce((sum, each) => sum + each + 2, -2));
  return [
    title,
    line(columns.map(({ title }) => title)),
    rule,
    ...rows.map((row) => line(texts(row))),
    ...(total ? [rule, line(texts(total))] : []),
    ...(remark === undefined ? [] : wrap(remark, width - margin.length).map((text) => margin + text)),
  ].join("\n");
}

function texts(row: readonly { readonly text: string }[]): string[] {
  return row.map(({ text }) => text);
}

function longest(words: readonly string[]): number {
  return words.reduce((length, word) => Math.max(length, word.length), 0);
}

/** Lines of at most `width` columns, cut between words but not beside an equals sign. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<!=) (?!=)/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
