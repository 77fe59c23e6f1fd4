// Writes the files that are derived from the sources, or with --check compares them.
import { readFileSync, writeFileSync } from "node:fs";
import { generatedFiles } from "../dist/src/cli/generated-files.js";

const checkOnly = process.argv.includes("--check");
let stale = 0;
for (const { path, text } of generatedFiles()) {
  const url = new URL(`../${path}`, import.meta.url);
  let current;
  try {
    current = readFileSync(url, "utf8");
  } catch {
    current = undefined;
  }
  if (current === text) continue;
  if (checkOnly) {
    stale += 1;
    process.stderr.write(`${path} is not up to date: run npm run generate\n`);
  } else {
    writeFileSync(url, text);
    process.stdout.write(`wrote ${path}\n`);
  }
}
process.exitCode = stale > 0 ? 1 : 0;
