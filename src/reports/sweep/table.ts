import { quantities } from "../../compiler/index.js";
import { exact, short, shortBytes, threeDigits } from "../numbers.js";
import type { SweepRow } from "./files.js";

/** A quantity as people read it: `518.67 G`, `2.56 GB`, `0.871`; of what has a unit, the number in full where it is asked for. */
export function showColumn(column: string, value: bigint | number): string {
  const unit = quantities.find(({ name }) => name === column)?.unit;
  if (unit === "bytes") return shortBytes(value);
  return unit === undefined ? threeDigits(Number(value)) : short(value);
}

/** Variants as lines of text: settings to the left, numbers to the right. */
export function sweepTable(
  rows: readonly SweepRow[],
  names: readonly string[],
  columns: readonly string[],
): string {
  const cells = rows.map(({ values, numbers }) => [
    ...values,
    ...numbers.map((value, index) => (value === undefined ? "" : cell(columns[index] as string, value))),
  ]);
  const lines = [[...names, ...columns], ...cells];
  const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((text, at) => {
          const wide = widths[at] as number;
          return at < names.length ? text.padEnd(wide) : text.padStart(wide);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Counts in full: a table is what people copy from. */
function cell(column: string, value: bigint | number): string {
  return typeof value === "bigint" ? exact(value) : showColumn(column, value);
}
