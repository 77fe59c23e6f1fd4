import { kind } from "../diagnostic.js";

/** SLAB1xxx: text that is not Slab. */

export const unexpectedCharacter = kind<{ character: string; help?: string }>("SLAB1001", {
  title: ({ character }) =>
    `unexpected character ${JSON.stringify(character).replace(/[\u007f-\uffff]/g, shownInvisible)}`,
  help: ({ help }) => help,
});

/** What cannot be seen as its number; anything else as it is. */
function shownInvisible(character: string): string {
  if (!/^[\p{White_Space}\p{Cf}\p{Cc}]$/u.test(character)) return character;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

export const unclosedText = kind<Record<never, never>>("SLAB1002", {
  title: () => "this text is not closed",
  help: () => 'end it with " on the same line',
});

export const malformedNumber = kind<{ found: string; help?: string }>("SLAB1003", {
  title: ({ found }) => `${found} is not a number`,
  help: ({ help }) => help ?? "a name begins with a letter; a number ends before one",
});

export const numberTooLarge = kind<{ found: string; largest: number }>("SLAB1004", {
  title: ({ found }) => `${found} is too large a number`,
  notes: ({ largest }) => [{ label: "expected", text: `at most ${largest}` }],
});

export const unexpectedToken = kind<{ found: string; expected: string; help?: string }>("SLAB1101", {
  title: ({ found, expected }) => `expected ${expected}, found ${found}`,
  help: ({ help }) => help,
});

export const strayText = kind<{ found: string; suggestion?: string; help?: string }>("SLAB1102", {
  title: ({ found }) => `${found} does not begin a declaration`,
  notes: () => [
    {
      label: "expected",
      text: "use, const, fn, view, layer, network, checkpoint or pipeline, at the start of a line",
    },
  ],
  help: ({ suggestion, help }) => help ?? (suggestion && `did you mean ${suggestion}?`),
});

export const unclosedBlock = kind<{ declaration: string; open: string; close: string }>("SLAB1103", {
  title: ({ declaration, open }) => `the ${open} of ${declaration} is never closed`,
  help: ({ close }) => `add the missing ${close}`,
});

export const reservedName = kind<{ word: string }>("SLAB1104", {
  title: ({ word }) => `${word} is a word of the language and can't be a name`,
  help: ({ word }) => `call it ${word}_ or something that says what it is`,
});

export const emptyFile = kind<Record<never, never>>("SLAB1105", {
  title: () => "this file declares nothing",
  help: () => "`slab new NAME.slab` writes a network to start from",
});

export const malformedSetting = kind<{ found: string; list?: string }>("SLAB1106", {
  title: ({ found }) => `${found || "an empty text"} is not a setting`,
  notes: () => [{ label: "expected", text: "name=value, for example classes=14 or width=[8,16,24,32,40]" }],
  help: ({ list }) =>
    list === undefined ? undefined : `a comma begins another setting; a list has brackets: ${list}`,
});

export const rangeForSetting = kind<{ name: string }>("SLAB1113", {
  title: ({ name }) => `${name} takes one value here, not a range`,
  help: () => "slab sweep goes through ranges and lists of values",
});

export const tooDeep = kind<{ limit: number }>("SLAB1107", {
  title: ({ limit }) => `brackets and conditions are nested more than ${limit} deep`,
  help: () => "give the inner parts names of their own",
});

export const tooLong = kind<{ limit: number }>("SLAB1108", {
  title: ({ limit }) => `one value is made in more than ${limit} steps`,
  help: () => "give some of the steps names of their own",
});

export const moreMistakes = kind<{ more: number }>("SLAB1109", {
  title: ({ more }) => `this file has ${more} more mistake${more === 1 ? "" : "s"}, not listed`,
});

export const unclosedBrace = kind<Record<never, never>>("SLAB1110", {
  title: () => "the { in this text is not closed",
  help: () => "write {{ for a brace itself",
});

export const malformedCapture = kind<{ found: string }>("SLAB1111", {
  title: ({ found }) => `${found} is not a capture`,
  notes: () => [
    { label: "expected", text: "{i} for a part of a name, or {rest*} for any number of parts between dots" },
  ],
});

export const restNotAlone = kind<{ name: string }>("SLAB1112", {
  title: ({ name }) => `{${name}*} stands for whole parts of a path, and cannot be a piece of one`,
  help: ({ name }) => `put it between dots, a.{${name}*}.b, or write {${name}} for a piece`,
});

export const wrongCase = kind<{ name: string; what: string; style: string; suggestion: string }>("SLAB1201", {
  title: ({ name, what, style }) => `${what} ${name} should be written in ${style}`,
  help: ({ suggestion }) => `${suggestion}`,
});

/** SLAB1210 to SLAB1219: pipelines. */

export const propertyWithoutColon = kind<{ name: string; found: string }>("SLAB1210", {
  title: ({ name, found }) => `expected : after ${name}, found ${found}`,
  help: ({ name }) => `a property of a pipeline is written ${name}: value`,
});
