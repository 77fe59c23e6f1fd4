import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { slabLexer } from "../../grammar/tokens.js";
import { SlabFailure } from "../../src/compiler/diagnostics/diagnostic.js";
import { renderDiagnostics } from "../../src/compiler/diagnostics/render.js";
import { checkFile, type Host } from "../../src/compiler/index.js";
import { repositoryHost } from "../support/host.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const wrongPrograms = readdirSync(new URL("./", import.meta.url))
  // Those of the 900s are slow: they run until a limit stops them.
  .filter((name) => /^[0-8].*\.slab$/.test(name))
  .map((name) => read(name));
const programs = [
  read("../../examples/ssh-unet/ssh-unet.slab"),
  read("../../examples/meshnet/meshnet.slab"),
  ...wrongPrograms,
];

/** The texts of a program's tokens with the blanks before each. */
function pieces(text: string): string[] {
  const { tokens } = slabLexer.tokenize(text);
  let at = 0;
  return tokens.map(({ startOffset, image }) => {
    const piece = text.slice(at, startOffset + image.length);
    at = startOffset + image.length;
    return piece;
  });
}

const all = programs.map(pieces);
const images = [...new Set(all.flat().map((piece) => piece.trim()))];
const edit = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("remove", "repeat", "replace", "insert", "swap"),
  image: fc.constantFrom(...images),
});

const tile = fc.option(fc.array(fc.constantFrom(1, 2, 3, 7, 16, 100_000), { minLength: 3, maxLength: 3 }), {
  nil: undefined,
});

test("a program that is changed at random is accepted or explained, never a crash", {
  timeout: 60_000,
}, () => {
  const program = fc.constantFrom(...all);
  const edits = fc.array(edit, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(program, edits, tile, (original, edits, tile) => {
      const changed = [...original];
      for (const { at, kind, image } of edits) {
        const index = at % Math.max(1, changed.length);
        const piece = changed[index] ?? "";
        if (kind === "remove") changed.splice(index, 1);
        if (kind === "repeat") changed.splice(index, 0, piece);
        if (kind === "replace") changed[index] = ` ${image}`;
        if (kind === "insert") changed.splice(index, 0, ` ${image}`);
        if (kind === "swap") changed.splice(index, 2, changed[index + 1] ?? "", piece);
      }
      const text = changed.join("");
      const host: Host = { ...repositoryHost, read: (path) => (path === "net.slab" ? text : undefined) };
      try {
        checkFile("net.slab", host, tile ? { tile } : {});
      } catch (failure) {
        if (!(failure instanceof SlabFailure)) throw failure;
        expect(failure.diagnostics.length).toBeGreaterThan(0);
        expect(renderDiagnostics(failure.diagnostics)).not.toMatch(/undefined|\[object|NaN|Infinity/);
      }
    }),
    { numRuns: Number(process.env.HOSTILE_RUNS ?? 500) },
  );
});
