/** Rows below their headings, for a terminal or as Markdown. A row that is shorter says something about its first cell. */
export function table(format, headings, rows) {
  const all = [headings, ...rows];
  if (format === "markdown") {
    const lines = all.map(
      (row) => `| ${[...row, ...headings.slice(row.length).map(() => "")].join(" | ")} |`,
    );
    return lines.toSpliced(1, 0, `|${" --- |".repeat(headings.length)}`).join("\n");
  }
  const whole = all.filter(({ length }) => length === headings.length);
  const widths = headings.map((_, column) =>
    Math.max(...(column === 0 ? all : whole).map((row) => row[column].length)),
  );
  const pad = (row) => (cell, column) => {
    if (column === 0) return cell.padEnd(widths[0]);
    return row.length < headings.length ? cell : cell.padStart(widths[column]);
  };
  return all.map((row) => row.map(pad(row)).join("  ")).join("\n");
}
