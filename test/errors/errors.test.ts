import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkFile, checkNetwork, type NetworkOptions } from "../../src/compiler/compile.js";
import { SlabFailure } from "../../src/compiler/diagnostics/diagnostic.js";
import { renderDiagnostics } from "../../src/compiler/diagnostics/render.js";
import { folderHost } from "./host.js";

/**
 * Wrong programs and the whole text that a user sees for each. The first line of a program may be a comment that says
 * how it is checked: `// --set classes=0`, `// --tile 100x100x100`, `// --checkpoint authors`, `// NETWORK`.
 * UPDATE_ERRORS=1 writes the texts anew; read what changed.
 */
const folder = new URL("./", import.meta.url);
const programs = readdirSync(folder).filter((name) => name.endsWith(".slab"));
const host = folderHost(folder);

interface Command extends NetworkOptions {
  readonly checkpoint?: string;
}

function commandOf(text: string): Command {
  const line = /^\/\/ (--\S.*|[A-Z]\w*)$/m.exec(text.slice(0, text.indexOf("\n")))?.[1] ?? "";
  const settings = [...line.matchAll(/--set (\S+)/g)].map(([, setting]) => setting as string);
  const tile = /--tile (\S+)/.exec(line)?.[1]?.split("x").map(Number);
  const checkpoint = /--checkpoint (\S+)/.exec(line)?.[1];
  const network = line.startsWith("--") || line === "" ? undefined : line;
  return {
    ...(settings.length > 0 ? { settings } : {}),
    ...(tile ? { tile } : {}),
    ...(checkpoint ? { checkpoint } : {}),
    ...(network ? { network } : {}),
  };
}

/** What a user is shown for a program, or nothing where it is right. Anything but a `SlabFailure` is thrown on. */
function messageFor(name: string): string {
  const { checkpoint, ...options } = commandOf(readFileSync(new URL(name, folder), "utf8"));
  try {
    if (checkpoint !== undefined) {
      const checked = checkNetwork(name, host, options);
      for (const { path } of checked.graph.parameters) checked.foreignName(checkpoint, path);
    } else if (options.settings || options.network) {
      checkNetwork(name, host, options);
    } else {
      checkFile(name, host, options);
    }
    return "";
  } catch (failure) {
    if (failure instanceof SlabFailure) return `${renderDiagnostics(failure.diagnostics)}\n`;
    throw failure;
  }
}

test.each(programs)("%s", (name) => {
  const found = messageFor(name);
  expect(found, "the program is accepted").not.toBe("");
  const expected = new URL(name.replace(/\.slab$/, ".txt"), folder);
  if (process.env.UPDATE_ERRORS) writeFileSync(expected, found);
  expect(existsSync(expected), `${expected.pathname} is missing`).toBe(true);
  expect(found).toBe(readFileSync(expected, "utf8"));
});

test("every expected text belongs to a program", () => {
  const texts = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  expect(texts.filter((name) => !programs.includes(name.replace(/\.txt$/, ".slab")))).toEqual([]);
});
