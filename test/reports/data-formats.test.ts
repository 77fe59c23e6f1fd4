import fc from "fast-check";
import { expect, test } from "vitest";
import { csvText } from "../../src/reports/csv.js";
import { type JsonValue, jsonText } from "../../src/reports/json-text.js";

test("JSON text means what JSON.stringify's does, for any value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(jsonText(value as JsonValue))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("a whole number beyond 2^53 is written with all its digits, and undefined members are left out", () => {
  expect(jsonText({ macs: 2n ** 70n + 1n, absent: undefined, shape: [1n, 2n] })).toBe(
    '{\n  "macs": 1180591620717411303425,\n  "shape": [1, 2]\n}',
  );
});

test("CSV reads back as it was written, with commas, quotes and line breaks in its fields", () => {
  const field = fc.string({ unit: fc.constantFrom("a", "1", ",", '"', "\n", "\r", " ", "=", "ü") });
  fc.assert(
    fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 2 })), (rows) => {
      expect(readCsv(csvText(["left", "right"], rows))).toEqual([["left", "right"], ...rows]);
    }),
  );
});

test("CSV leaves a field empty that is not known", () => {
  expect(csvText(["a", "b"], [[undefined, 3n]])).toBe("a,b\n,3");
});

/** RFC 4180, read letter by letter. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[""]];
  let quoted = false;
  const add = (letter: string) => {
    const row = rows.at(-1) as string[];
    row.push(`${row.pop()}${letter}`);
  };
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] as string;
    if (quoted && letter === '"' && text[index + 1] === '"') {
      add('"');
      index++;
    } else if (letter === '"') quoted = !quoted;
    else if (letter === "," && !quoted) rows.at(-1)?.push("");
    else if (letter === "\n" && !quoted) rows.push([""]);
    else add(letter);
  }
  return rows;
}
