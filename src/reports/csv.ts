/** Lines of comma-separated values as RFC 4180 has them, the first with the columns' names. Ends without a line break. */
export function csvText(
  columns: readonly string[],
  rows: readonly (readonly (string | bigint | number | undefined)[])[],
): string {
  return [columns, ...rows].map(csvLine).join("\n");
}

/** One line, without its line break. */
export function csvLine(row: readonly (string | bigint | number | undefined)[]): string {
  return row.map((each) => field(String(each ?? ""))).join(",");
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
