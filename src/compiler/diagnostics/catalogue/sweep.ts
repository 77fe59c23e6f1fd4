import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB7040 to 7059: what `slab sweep` is asked for. */

export const nothingVaries = kind<{ settings: readonly string[] }>("SLAB7040", {
  title: () => "nothing varies in this sweep",
  notes: ({ settings }) => [
    { label: "settings", text: settings.length > 0 ? settings.join(", ") : "the network has none" },
  ],
  help: () => "give a setting several values, for example --set fold=[1/2,1/4] or --set width[0]=16..64:16",
});

export const noAlternatives = kind<{ setting: string; found: string }>("SLAB7041", {
  title: ({ setting }) => `${setting} has no value to try`,
  notes: ({ found }) => [{ label: "found", text: found }],
  help: () => "write values in brackets with commas between them: [1/2,1/4,0]",
});

export const malformedRange = kind<{ setting: string; found: string; reason: string }>("SLAB7042", {
  title: ({ setting }) => `this is not a range of ${setting}`,
  notes: ({ found, reason }) => [
    { label: "found", text: found },
    { label: "because", text: reason },
  ],
  help: () => "a range is first..last with a step behind a colon: 16..64:16 is 16, 32, 48, 64",
});

export const bracketsTooDeep = kind<{ setting: string; type: string; found: string }>("SLAB7043", {
  title: ({ setting }) => `the values of ${setting} have too many brackets`,
  notes: ({ found, type }) => [
    { label: "found", text: found },
    { label: "expected", text: `a value of type ${type}, or several in one pair of brackets around them` },
  ],
});

export const variedTwice = kind<{ setting: string }>("SLAB7044", {
  title: ({ setting }) => `${setting} is given twice`,
  help: ({ setting }) => `write all its values in one option: --set ${setting}=[…,…]`,
});

export const notAList = kind<{ setting: string; type: string }>("SLAB7045", {
  title: ({ setting, type }) => `${setting} has no elements, it is of type ${type}`,
  help: ({ setting }) => `write --set ${setting}=[…,…] to try several values`,
});

export const noSuchElement = kind<{ setting: string; index: number; length: number }>("SLAB7046", {
  title: ({ setting, index }) => `${setting} has no element ${index}`,
  notes: ({ length }) => [
    { label: "elements", text: length === 0 ? "none" : `${length}, counted from 0 to ${length - 1}` },
  ],
});

export const tooManyVariants = kind<{ found: number; limit: number }>("SLAB7047", {
  title: ({ found }) => `${found.toLocaleString("en")} variants are too many for one sweep`,
  notes: ({ limit }) => [{ label: "limit", text: limit.toLocaleString("en") }],
  help: () => "take larger steps, or sweep one part after the other",
});

export const allVariantsFailed = kind<{ count: number }>("SLAB7048", {
  title: ({ count }) => `none of the ${count.toLocaleString("en")} variants is right`,
  help: () => "what is wrong with the first is said above",
});

export const unknownColumn = kind<{
  option: string;
  found: string;
  known: readonly string[];
  suggestion?: string;
}>("SLAB7049", {
  title: ({ found }) => `there is no column ${found}`,
  notes: ({ option, known }) => [
    { label: "option", text: option },
    { label: "columns", text: known.join(", ") },
  ],
  help: ({ suggestion }) => (suggestion ? `did you mean ${suggestion}?` : undefined),
});

export const measuredColumns = kind<{ reason: string; settings: readonly string[] }>("SLAB7050", {
  title: () => "these measurements can't be joined with the sweep",
  notes: ({ reason }) => [{ label: "because", text: reason }],
  help: ({ settings }) =>
    `the first line names the columns: ${alternatives(settings, "and")} as in the sweep, then what was measured`,
});

export const nothingToDraw = kind<{ x: string; y: string }>("SLAB7051", {
  title: ({ x, y }) => `no variant has both ${x} and ${y}`,
  help: () => "a picture needs at least one",
});

export const sweepOutput = kind<{ formats: readonly string[] }>("SLAB7052", {
  title: () => "the file's name does not tell what to write",
  notes: ({ formats }) => [{ label: "formats", text: formats.join(", ") }],
  help: () => "-o writes a table, .csv or .json; --picture draws one, .svg or .png",
});
