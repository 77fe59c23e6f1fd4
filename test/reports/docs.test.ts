import { expect, test } from "vitest";
import { describeFile, describeLibrary } from "../../src/compiler/index.js";
import { standardLibraryPage } from "../../src/reports/docs/markdown.js";
import { firstSentence, renderEntry, renderLibrary, renderModule } from "../../src/reports/docs/terminal.js";
import { repositoryHost } from "../support/host.js";

const library = describeLibrary(repositoryHost);

test("nothing that Slab says of itself is wider than 100 columns", () => {
  const texts = [
    renderLibrary(library),
    ...library.modules.map(renderModule),
    ...[...library.language, ...library.operations].map((entry) => renderEntry(entry)),
  ];
  const wide = texts.flatMap((text) => text.split("\n")).filter((line) => line.length > 100);
  expect(wide).toEqual([]);
});

test("the list names everything once in its section", () => {
  const list = renderLibrary(library);
  const names = [
    ...library.language,
    ...library.operations,
    ...library.modules.flatMap(({ entries }) => entries),
  ];
  for (const { name } of names) expect(list, name).toMatch(new RegExp(`^  ${name} +\\S`, "m"));
});

test("wrapping loses no word", () => {
  for (const module of library.modules) {
    const shown = renderModule(module).replace(/\s+/g, " ");
    for (const { documentation } of module.entries) {
      expect(shown).toContain(documentation.replace(/\s+/g, " "));
    }
  }
});

test.each([
  ["A block (He et al., 2016). More.", "A block (He et al., 2016)."],
  ["As Xia et al. Xia show it. More.", "As Xia et al. Xia show it."],
  ["Version 1.5 of it. `out` is more.", "Version 1.5 of it."],
  ["No stop", "No stop"],
  ["First paragraph\n\nSecond.", "First paragraph"],
  ["", ""],
])("the first sentence of %j", (text, expected) => {
  expect(firstSentence(text)).toBe(expected);
});

test("a name of the standard library says how it is used, one of the user's own file does not", () => {
  const [module] = library.modules;
  if (!module) throw new Error("no module");
  expect(renderModule(module)).toContain(`use ${module.name} { ${module.entries[0]?.name} }`);
  const own = describeFile({ path: "own.slab", text: "/// Half.\nfn halve(n: int) = n / 2\n" });
  expect(renderModule(own)).not.toContain("use ");
});

test("the page has each signature, each parameter and no broken cell", () => {
  const page = standardLibraryPage(library.modules);
  for (const { entries } of library.modules) {
    for (const { name, parameters } of entries) {
      const section = page.split(`\n### ${name}\n`)[1]?.split("\n### ")[0] ?? "";
      for (const parameter of parameters) expect(section).toContain(`| \`${parameter.name}\` |`);
    }
  }
  for (const row of page.split("\n").filter((line) => line.startsWith("| "))) {
    // Two cells or four, between bars.
    expect([4, 6], row).toContain(row.replaceAll("\\|", "").split("|").length);
  }
});
