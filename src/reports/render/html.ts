import type { Block, Document, Facts, Row, Table } from "../document.js";
import { escapeMarkup } from "../svg/text.js";

/**
 * A document as one HTML file that needs no other: its style and the few lines that sort a table at a click are in it.
 *
 * @param figure an SVG that stands before the first table
 */
export function renderHtml({ title, subtitle, blocks }: Document, figure?: string): string {
  const parts = blocks.map(renderBlock);
  const firstTable = blocks.findIndex(({ kind }) => kind === "table");
  if (figure !== undefined)
    parts.splice(firstTable < 0 ? parts.length : firstTable, 0, `<figure>\n${figure}\n</figure>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeMarkup(title)}</h1>
${subtitle === undefined ? "" : `<p class="subtitle">${escapeMarkup(subtitle)}</p>\n`}${parts.join("\n")}
</main>
<script>${script}</script>
</body>
</html>`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<h1>${escapeMarkup(block.text)}</h1>`;
    case "remark":
      return `<p>${escapeMarkup(block.text)}</p>`;
    case "facts":
      return renderFacts(block);
    case "table":
      return renderTable(block);
  }
}

function renderFacts({ title, facts }: Facts): string {
  const numbers = facts.some(({ exact }) => exact !== undefined);
  const rows = facts.map(({ name, exact, short, text = "" }) => {
    const value = numbers
      ? exact === undefined
        ? `<td colspan="3">${escapeMarkup(text)}</td>`
        : `<td class="number">${escapeMarkup(exact)}</td><td class="number short">${escapeMarkup(short ?? "")}</td><td class="remark">${escapeMarkup(text)}</td>`
      : `<td>${escapeMarkup(text)}</td>`;
    return `<tr><th scope="row">${escapeMarkup(name)}</th>${value}</tr>`;
  });
  return `${heading(title)}<table class="facts">\n${rows.join("\n")}\n</table>`;
}

function renderTable({ title, columns, rows, total, remark }: Table): string {
  const head = columns.map(({ title, align, meaning }) => {
    const hint = meaning === undefined ? "" : ` title="${escapeMarkup(meaning)}"`;
    return `<th scope="col"${align === "right" ? ' class="number"' : ""}${hint}>${escapeMarkup(title)}</th>`;
  });
  const line = (row: Row) => {
    const cells = row.map(({ text, order, part }, index) => {
      const kind = columns[index]?.align === "right" ? ' class="number"' : "";
      const sorted = order === undefined ? "" : ` data-order="${order}"`;
      const bar = part === undefined ? "" : ` style="--part:${(100 * part).toFixed(2)}%"`;
      return `<td${kind}${sorted}${bar}>${escapeMarkup(text)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  };
  const foot = total ? `\n<tfoot>${line(total)}</tfoot>` : "";
  return `${heading(title)}<div class="wide"><table class="counts">
<thead><tr>${head.join("")}</tr></thead>
<tbody>
${rows.map(line).join("\n")}
</tbody>${foot}
</table></div>${remark === undefined ? "" : `\n<p class="remark">${escapeMarkup(remark)}</p>`}`;
}

function heading(title: string | undefined): string {
  return title === undefined ? "" : `<h2>${escapeMarkup(title)}</h2>\n`;
}

const style = `
:root { color-scheme: light; --ink: #1c2430; --quiet: #5c6675; --line: #dfe3e8; --bar: #dbe7f4; }
body { margin: 0; background: #fff; color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 24px; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 32px 0 8px; }
.subtitle { color: var(--quiet); margin: 0 0 20px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 0 0 16px; }
th { text-align: left; font-weight: 600; }
td, th { padding: 3px 12px 3px 0; vertical-align: top; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.facts th { color: var(--quiet); font-weight: 500; white-space: nowrap; padding-right: 20px; }
.short { color: var(--quiet); }
.remark { color: var(--quiet); }
.counts { font-size: 13px; min-width: 100%; }
.counts td, .counts th { padding: 4px 8px; border-bottom: 1px solid var(--line); vertical-align: middle; }
.counts thead th { border-bottom: 2px solid var(--ink); cursor: pointer; user-select: none; position: sticky; top: 0; background: #fff; }
.counts thead th[aria-sort=ascending]::after { content: " ↑"; }
.counts thead th[aria-sort=descending]::after { content: " ↓"; }
.counts td[style] { background: linear-gradient(to left, var(--bar) var(--part), transparent var(--part)); }
.counts tbody tr:hover { background: #f5f7fa; }
.counts tfoot td { font-weight: 600; border-top: 2px solid var(--ink); border-bottom: 0; }
figure { margin: 32px 0 0; }
svg { max-width: 100%; height: auto; }
@media print { main { padding: 0; } .counts { font-size: 10px; } }
`;

const script = `
for (const head of document.querySelectorAll(".counts thead th")) {
  head.addEventListener("click", () => {
    const column = head.cellIndex;
    const body = head.closest("table").tBodies[0];
    const sorted = head.getAttribute("aria-sort");
    const down = sorted === "ascending" || (sorted === null && head.classList.contains("number"));
    for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => row.cells[column].dataset.order ?? row.cells[column].textContent;
    const compare = (a, b) => isNaN(key(a)) || isNaN(key(b)) ? key(a).localeCompare(key(b)) : key(a) - key(b);
    [...body.rows].sort((a, b) => (down ? -1 : 1) * compare(a, b)).forEach((row) => body.append(row));
  });
}
`;
