import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { repositoryFile } from "./program.js";

vi.setConfig({ testTimeout: 60_000 });

/** Pages whose `console` blocks show commands (`$ slab …`) with exactly what they print. */
const pages = ["docs/reports.md", "docs/paper-tables.md"];

const console = /```console\n(.*?)```/gs;

/** A block, with the output of each of its commands put below it. */
function run(block: string): string {
  const commands = [...block.matchAll(/^\$ (slab (?:[^\\\n]|\\[\s\S])*)/gm)].map(([line, command]) => {
    const { status, stdout, stderr } = spawnSync(
      "sh",
      ["-c", `slab() { '${process.execPath}' '${repositoryFile("bin/slab.js")}' "$@"; }\n${command}`],
      { cwd: repositoryFile("."), encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
    );
    const failed = status === 0 ? "" : `${stderr}(exit code ${status})\n`;
    return `${line}\n${stdout}${failed}`;
  });
  return commands.join("\n");
}

const blocks = pages.flatMap((page) => {
  const text = readFileSync(repositoryFile(page), "utf8");
  return [...text.matchAll(console)].map(([, block = ""]) => ({
    page,
    block,
    name: block.split("\n", 1)[0],
  }));
});

// UPDATE_DOCS=1 writes what the commands print into the pages instead; look at what it wrote.
if (process.env.UPDATE_DOCS) {
  test.each(pages)("the commands of %s are run again", (page) => {
    const path = repositoryFile(page);
    const text = readFileSync(path, "utf8");
    writeFileSync(
      path,
      text.replace(console, (_, block: string) => `\`\`\`console\n${run(block)}\`\`\``),
    );
  });
} else {
  test.each(blocks)("$page: $name prints what the page shows", ({ block }) => {
    expect(run(block)).toBe(block);
  });
}

test("the pages have such commands", () => {
  for (const page of pages) expect(blocks.filter((block) => block.page === page).length).toBeGreaterThan(2);
});

test("every figure of the paper that a table states is printed by a command of its page", () => {
  const text = readFileSync(repositoryFile("docs/paper-tables.md"), "utf8");
  const printed = blocks.filter(({ page }) => page === "docs/paper-tables.md").map(({ block }) => block);
  const figures = [...text.replace(console, "").matchAll(/\*\*([\d,]{5,})\*\*/g)].map(([, figure]) => figure);
  expect(figures.length).toBeGreaterThan(8);
  for (const figure of figures) expect(printed.join("\n")).toContain(figure);
});
