import { measuredColumns } from "../compiler/diagnostics/catalogue/sweep.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import { readSource } from "./files.js";

/** What was measured for variants, such as accuracies. */
export interface Measurements {
  /** The names of what was measured. */
  readonly columns: readonly string[];
  /** The measured values of a variant, by the values of what varies; undefined for a variant that the file does not have. */
  of(values: readonly string[]): readonly (number | undefined)[] | undefined;
}

/**
 * Reads a CSV file with a column for each of `settings`, in any order, and further columns of numbers. Fails with
 * SLAB7050.
 */
export function readMeasurements(path: string, settings: readonly string[]): Measurements {
  const refuse = (reason: string): never => fail(measuredColumns, { reason, settings }, { path });
  const [header, ...lines] = readSource(path)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map(fieldsOf);
  if (!header) return refuse("the file is empty");
  const missing = settings.find((setting) => !header.includes(setting));
  if (missing !== undefined) refuse(`there is no column ${missing}`);
  const columns = header.filter((column) => !settings.includes(column));
  if (columns.length === 0) refuse("nothing was measured: all columns are settings");
  const rows = new Map<string, readonly (number | undefined)[]>();
  lines.forEach((fields, index) => {
    if (fields.length !== header.length) {
      refuse(`row ${index + 2} has ${fields.length} fields, the first line ${header.length}`);
    }
    const field = (column: string) => fields[header.indexOf(column)] as string;
    const values = columns.map((column) => {
      const text = field(column);
      if (text === "") return undefined;
      return Number.isFinite(Number(text))
        ? Number(text)
        : refuse(`${column} is "${text}" in row ${index + 2}`);
    });
    const key = keyOf(settings.map(field));
    if (rows.has(key)) refuse(`row ${index + 2} is about the same variant as one before it`);
    rows.set(key, values);
  });
  return { columns, of: (values) => rows.get(keyOf(values)) };
}

/** One text for one variant, however its values are spaced. */
function keyOf(values: readonly string[]): string {
  return JSON.stringify(values.map((value) => value.replaceAll(/\s/g, "")));
}

/** The fields of a line of CSV (RFC 4180; without line breaks in fields). */
function fieldsOf(line: string): string[] {
  const fields = [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(?=,|$)/g)];
  return fields.map(([, quoted, plain = ""]) => quoted?.replaceAll('""', '"') ?? plain.trim());
}
