import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkFile, type Host } from "../src/compiler/index.js";
import { parse } from "../src/compiler/syntax/parse.js";
import { repositoryHost } from "./support/host.js";

const pages = [
  "README.md",
  "docs/language.md",
  "docs/transformers.md",
  "docs/weights.md",
  "docs/pipelines.md",
];

const blocks = pages.flatMap((page) => {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), "utf8");
  return [...text.matchAll(/```slab\n(.*?)```/gs)].map((match, index) => ({
    name: `${page}#${index + 1}`,
    source: match[1] as string,
  }));
});

test.each(blocks)("the Slab text in $name is right", ({ name, source }) => {
  const file = { path: `${name}.slab`, text: source };
  expect(parse(file).diagnostics).toEqual([]);
  if (!/^network /m.test(source)) return;
  const host: Host = { ...repositoryHost, read: (path) => (path === file.path ? source : undefined) };
  expect(checkFile(file.path, host).length).toBeGreaterThan(0);
});

test("the pages have Slab texts", () => {
  expect(blocks.length).toBeGreaterThan(2);
});

const examples = readdirSync(new URL("../examples/", import.meta.url));

test.each(examples)("the page of %s counts its lines of code", (name) => {
  const read = (path: string) =>
    readFileSync(new URL(`../examples/${name}/${path}`, import.meta.url), "utf8");
  const lines = read(`${name}.slab`)
    .split("\n")
    .filter((line) => !/^\s*(\/\/.*)?$/.test(line));
  expect(read("README.md")).toContain(`**Lines of code**: ${lines.length}`);
});
