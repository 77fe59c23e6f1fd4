import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const everywhere = ["support", "diagnostics"];

/** What a folder of the compiler imports of others: the table in docs/architecture.md. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  grammar: [],
  support: [],
  diagnostics: everywhere,
  graph: everywhere,
  schedule: everywhere,
  weights: everywhere,
  syntax: [...everywhere, "grammar"],
  ops: [...everywhere, "graph"],
  analyze: [...everywhere, "graph"],
  emit: [...everywhere, "graph"],
  elaborate: [...everywhere, "syntax", "graph", "ops"],
  pipeline: [...everywhere, "syntax", "graph", "elaborate"],
  passes: [...everywhere, "graph", "ops", "schedule", "analyze"],
  documentation: [...everywhere, "grammar", "syntax", "graph", "ops"],
};

/** The folder that a path belongs to: `ops`, `grammar`, or `compiler` for the compiler's own files. */
function folderOf(path: string): string {
  const parts = relative(root, path).split("/");
  if (parts[0] === "grammar") return "grammar";
  if (parts[1] !== "compiler") return parts.slice(0, 2).join("/");
  return parts.length > 3 ? (parts[2] as string) : "compiler";
}

interface Import {
  readonly file: string;
  readonly from: string;
  /** The folder, or the package. */
  readonly to: string;
}

const imports: readonly Import[] = ["grammar", "src/compiler"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => {
      const path = join(root, folder, name);
      const targets = readFileSync(path, "utf8").matchAll(/^(?:import|export|\})[^"\n]* from "([^"]+)";$/gm);
      return [...targets].map(([, target]): Import => {
        const to = target?.startsWith(".") ? folderOf(join(dirname(path), target)) : (target as string);
        return { file: relative(root, path), from: folderOf(path), to };
      });
    }),
);

test("folders of the compiler import what the table allows, and the table has all folders", () => {
  const folders = [...new Set(imports.map(({ from }) => from))].filter((folder) => folder !== "compiler");
  expect(folders.sort()).toEqual(Object.keys(allowed).sort());
  const inside = new Set([...folders, "compiler"]);
  const others = imports.filter(({ from, to }) => from !== "compiler" && from !== to && inside.has(to));
  expect(others.length).toBeGreaterThan(500);
  expect(others.filter(({ from, to }) => !allowed[from]?.includes(to))).toEqual([]);
});

test("the table is that of docs/architecture.md", () => {
  const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const section = page.split("## Who may import whom\n")[1]?.split("\n## ")[0] ?? "";
  const wordsIn = (cell = "") => [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word as string);
  const rows = section.split("\n").map((line) => line.split("|").slice(1).map(wordsIn));
  for (const [folder, targets] of Object.entries(allowed)) {
    if (folder === "grammar") continue;
    const row = rows.find(([folders]) => folders?.includes(folder));
    const special = (names: readonly string[] = []) =>
      names.filter((name) => !everywhere.includes(name)).sort();
    expect(row && special(row[1]), folder).toEqual(special(targets));
  }
});

test("protobufs are known to the emitter alone", () => {
  expect([...new Set(imports.filter(({ to }) => to === "onnx-proto").map(({ from }) => from))]).toEqual([
    "emit",
  ]);
});
