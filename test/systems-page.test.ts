import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkNetwork, measure } from "../src/compiler/index.js";
import { repositoryHost } from "./support/host.js";

const root = new URL("../", import.meta.url);
const page = readFileSync(new URL("docs/systems.md", root), "utf8");

/** The cells of the table's rows whose first one links to an example. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ["))
  .map((line) => line.split("|").slice(1, -1))
  .map((cells) => cells.map((cell) => cell.trim().replaceAll("`", "")));

/** Lines that hold more than a comment. */
function linesOf(path: string): number {
  return countLines(readFileSync(new URL(path, root), "utf8"));
}

function countLines(text: string): number {
  return text.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("//")).length;
}

/** Lines after a file's network: `checkpoint` blocks and the functions that they use. */
function linesOfNames(path: string): number {
  const text = readFileSync(new URL(path, root), "utf8");
  return countLines(text.slice(text.indexOf("\n}\n", text.indexOf("\nnetwork ")) + 3));
}

/** The modules of the standard library that a file uses, with those that they use. */
function modulesOf(path: string, found = new Set<string>()): ReadonlySet<string> {
  const text = readFileSync(new URL(path, root), "utf8");
  for (const [, name] of text.matchAll(/^use std\.(\w+)/gm)) {
    const module = `std/${name}.slab`;
    if (found.has(module)) continue;
    found.add(module);
    modulesOf(module, found);
  }
  return found;
}

const shown = (value: unknown) => (value as bigint).toLocaleString("en");

describe("the page of all systems", () => {
  test("has a row for each", () => expect(rows.length).toBe(15));

  test.each(rows)("%s, %s, %s", (system, settings = "", tile = "", lines, std, _python, ...counts) => {
    const [, folder = ""] = /examples\/([\w-]+)/.exec(system ?? "") ?? [];
    const file = `examples/${folder}/${folder}.slab`;
    const modules = [...modulesOf(file)].map(linesOf).reduce((a, b) => a + b, 0);
    expect([lines, std]).toEqual([String(linesOf(file)), String(modules)]);

    const network = folder === "cost" ? { network: "CoSTResNet50" } : {};
    const given = settings === "" ? [] : settings.split(", ");
    const checked = checkNetwork(file, repositoryHost, {
      ...network,
      settings: given,
      tile: tile.split("x").map(Number),
    });
    const measured = measure(checked, ["parameters", "macs", "fvcore"]);
    expect(counts).toEqual([...measured.values()].map(shown));
  });
});

test.each(readdirSync(new URL("examples", root)))(
  "the page of examples/%s says how many lines it has",
  (name) => {
    const readme = readFileSync(new URL(`examples/${name}/README.md`, root), "utf8");
    const [, lines, names] =
      /\*\*Lines of code\*\*: (\d+)[^.;]*?(?:\((\d+) of them for tensor names\)|[.;,])/.exec(readme) ?? [];
    expect(Number(lines)).toBe(linesOf(`examples/${name}/${name}.slab`));
    if (names) expect(Number(names)).toBe(linesOfNames(`examples/${name}/${name}.slab`));
  },
);

test("the transformers' rows of the page on the paper's tables have the numbers of this page's", () => {
  const tables = readFileSync(new URL("docs/paper-tables.md", root), "utf8");
  for (const name of ["UNETR", "Swin UNETR", "nnFormer", "CoTr"]) {
    const [, settings, , , , , parameters, macs, fvcore] =
      rows.find(([link]) => link?.startsWith(`[${name}]`)) ?? [];
    const line = tables.split("\n").find((each) => each.startsWith(`| ${name} |`));
    const [, , given, , ...counts] = (line ?? "")
      .split("|")
      .map((cell) => cell.trim().replaceAll(/[`*]/g, ""));
    expect([given, counts[0], counts[2], counts[3]]).toEqual([settings, parameters, fvcore, macs]);
  }
});
