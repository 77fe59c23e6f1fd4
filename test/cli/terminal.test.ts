import fc from "fast-check";
import { expect, test } from "vitest";
import { harmless } from "../../src/cli/terminal.js";

test("what could command a terminal is taken out of texts; colours, lines and tabs stay", () => {
  expect(harmless("a\u001b]0;title\u0007b\u001b[2J\u009b1m")).toBe("a?]0;title?b?[2J?1m");
  expect(harmless("\u001b[1;31merror\u001b[0m\ta\r\nb\rc\n")).toBe("\u001b[1;31merror\u001b[0m\ta\r\nb?c\n");
});

test("other text stays as it is", () => {
  const text = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  });
  fc.assert(fc.property(text, (plain) => harmless(`ä→🧠${plain}`) === `ä→🧠${plain}`));
});
