import { csvLine } from "../csv.js";
import { type JsonValue, jsonText } from "../json-text.js";

/** A variant with its quantities. */
export interface SweepRow {
  /** The values of what varies, in order, as the language writes them. */
  readonly values: readonly string[];
  /** By column; what was not measured is missing. */
  readonly numbers: readonly (bigint | number | undefined)[];
}

/** Rows are written in pieces of about this many characters, so that memory does not grow with their number, and a signal is soon seen. */
const pieceLength = 1 << 12;

/** A line for each variant, after one with the columns' names. */
export function csvChunks(
  rows: Iterable<SweepRow>,
  names: readonly string[],
  columns: readonly string[],
): Generator<Uint8Array> {
  return inPieces(csvLines(rows, names, columns));
}

/** A list with an object for each variant: `settings` as texts, and a number for each column. */
export function jsonChunks(
  rows: Iterable<SweepRow>,
  names: readonly string[],
  columns: readonly string[],
): Generator<Uint8Array> {
  return inPieces(jsonLines(rows, names, columns));
}

function* csvLines(rows: Iterable<SweepRow>, names: readonly string[], columns: readonly string[]) {
  yield `${csvLine([...names, ...columns])}\n`;
  for (const { values, numbers } of rows) yield `${csvLine([...values, ...numbers])}\n`;
}

function* jsonLines(rows: Iterable<SweepRow>, names: readonly string[], columns: readonly string[]) {
  let before = "[\n";
  for (const { values, numbers } of rows) {
    const row: JsonValue = {
      settings: Object.fromEntries(names.map((name, index) => [name, values[index] as string])),
      ...Object.fromEntries(columns.map((column, index) => [column, numbers[index]])),
    };
    yield `${before}  ${jsonText(row, "  ")}`;
    before = ",\n";
  }
  yield "\n]\n";
}

function* inPieces(lines: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length < pieceLength) continue;
    yield encoder.encode(piece);
    piece = "";
  }
  yield encoder.encode(piece);
}
