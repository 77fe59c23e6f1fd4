import { readdirSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../../../src/compiler/diagnostics/catalogue/", import.meta.url);

test("every kind of diagnostic has a code of its own", async () => {
  const kinds: [string, string][] = [];
  for (const file of readdirSync(folder)) {
    const found: Record<string, { code?: string }> = await import(new URL(file, folder).href);
    for (const [name, { code }] of Object.entries(found)) if (code) kinds.push([code, `${file} ${name}`]);
  }
  expect(kinds.length).toBeGreaterThan(200);
  const twice = kinds.filter(([code], index) => kinds.findIndex(([other]) => other === code) !== index);
  expect(twice).toEqual([]);
});
