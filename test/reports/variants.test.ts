import fc from "fast-check";
import { expect, test } from "vitest";
import { legendOf } from "../../src/reports/variants.js";

const base = {
  file: "net.slab",
  network: "Net",
  settings: { classes: "3", fold: "1/4" },
  input: "v 1x1x8x8",
};

test("a legend says what differs, and what all have in common", () => {
  const other = { ...base, settings: { classes: "3", fold: "0" } };
  expect(legendOf([base, other])).toEqual({
    entries: [
      { letter: "A", text: "fold = 1/4" },
      { letter: "B", text: "fold = 0" },
    ],
    common: "Net, net.slab, classes = 3, v 1x1x8x8",
  });
});

test("a setting that one network does not have is no common one", () => {
  const { entries, common } = legendOf([base, { ...base, settings: { classes: "3" } }]);
  expect(entries.map(({ text }) => text)).toEqual(["fold = 1/4", "the same as the others"]);
  expect(common).not.toContain("fold");
});

test("networks that differ are told apart, however many there are", () => {
  const word = fc.constantFrom("a", "b", "c");
  const variant = fc.record({
    file: word,
    network: word,
    settings: fc.dictionary(word, word, { minKeys: 1, maxKeys: 3 }),
    input: word,
  });
  fc.assert(
    fc.property(fc.array(variant, { minLength: 1, maxLength: 60 }), (variants) => {
      const { entries, common } = legendOf(variants);
      expect(new Set(entries.map(({ letter }) => letter)).size).toBe(variants.length);
      const shown = entries.map(({ text }) => text);
      const canonical = (each: (typeof variants)[number]) =>
        JSON.stringify({ ...each, settings: Object.entries(each.settings).sort() });
      variants.forEach((a, i) => {
        variants.slice(0, i).forEach((b, j) => {
          // Settings stand in an order of their own, so texts of equal networks need not be equal.
          if (canonical(a) !== canonical(b))
            expect(`${shown[i]} ${common}`).not.toBe(`${shown[j]} ${common}`);
        });
      });
    }),
    { numRuns: 50 },
  );
});
