import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB60xx: what the command line is given: its files, and options whose values don't fit. */

export const inputMissing = kind<{ similar: readonly string[] }>("SLAB6001", {
  title: () => "there is no such file",
  help: ({ similar }) =>
    similar.length > 0
      ? `did you mean ${alternatives(similar)}?`
      : "check the path, it is relative to the folder you are in",
});

export const inputNotFile = kind<{ found: string; expected: string }>("SLAB6002", {
  title: ({ found }) => `this is ${found}, not a file`,
  notes: ({ expected }) => [{ label: "expected", text: expected }],
});

export const inputUnreadable = kind<{ reason: string }>("SLAB6003", {
  title: () => "the file cannot be read",
  notes: ({ reason }) => [{ label: "found", text: reason }],
  help: () => "check who may read it",
});

export const sourceTooLarge = kind<{ bytes: number; limit: number }>("SLAB6004", {
  title: () => "this is too large for a Slab file",
  notes: ({ bytes, limit }) => [
    { label: "found", text: `${bytes.toLocaleString("en")} bytes` },
    { label: "expected", text: `at most ${limit.toLocaleString("en")} bytes` },
  ],
});

export const sourceNotText = kind<{ found: string }>("SLAB6005", {
  title: () => "this is not a text file",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "Slab text, in UTF-8" },
  ],
});

export const malformedTile = kind<{ option: string; found: string; reason?: string; limit: number }>(
  "SLAB6006",
  {
    title: ({ option, reason }) =>
      reason ? `${option} is too large` : `${option} takes sizes with an x between them`,
    notes: ({ found, limit, reason }) => [
      { label: "found", text: found },
      { label: "expected", text: reason ?? `whole numbers from 1 to ${limit.toLocaleString("en")}` },
    ],
    help: ({ option }) => `one size for each axis of the volume, for example ${option} 96x96x96`,
  },
);

export const malformedCount = kind<{ option: string; found: string; limit: number }>("SLAB6007", {
  title: ({ option }) => `${option} takes a whole number`,
  notes: ({ found, limit }) => [
    { label: "found", text: found },
    { label: "expected", text: `1 to ${limit.toLocaleString("en")}` },
  ],
});

export const outputIsInput = kind<{ input: string }>("SLAB6008", {
  title: () => "this would write over an input",
  notes: ({ input }) => [{ label: "input", text: input }],
  help: () => "give the output another name",
});

export const outputsCollide = kind<{ other: string }>("SLAB6009", {
  title: () => "two outputs would be written to the same file",
  notes: ({ other }) => [{ label: "other", text: other }],
  help: () => "give each its own name",
});

export const outputEnding = kind<{ what: string; endings: readonly string[]; example: string }>("SLAB6010", {
  title: ({ what, endings }) => `the name of ${what} must end in ${alternatives(endings)}`,
  help: ({ example }) => `for example ${example}`,
});

export const fileExists = kind<Record<never, never>>("SLAB6011", {
  title: () => "there is a file of this name already",
  help: () => "choose another name; `slab new` never writes over a file",
});

export const optionNeedsSource = kind<{ options: readonly string[] }>("SLAB6012", {
  title: ({ options }) => `${alternatives(options, "and")} cannot change a compiled model`,
  notes: () => [{ label: "expected", text: "a .slab file, which these options are for" }],
  help: () => "compile the network again with them: slab compile network.slab -o model.onnx …",
});

export const tileFixed = kind<{ found: string; model: string }>("SLAB6013", {
  title: () => "the model was compiled for tiles of another size",
  notes: ({ found, model }) => [
    { label: "found", text: `--tile ${found}` },
    { label: "model", text: model },
  ],
  help: () => "leave --tile out, or compile the network again with it",
});

export const outOfMemory = kind<{ message: string }>("SLAB6015", {
  title: () => "there is not enough memory for this",
  notes: ({ message }) => [{ label: "found", text: message }],
  help: () => "are the sizes (--tile, --batch, --set) meant to be so large?",
});

export const outputLost = kind<{ reason: string }>("SLAB6017", {
  title: ({ reason }) => `results can't be written to the standard output: ${reason}`,
});

export const brokenModel = kind<{ reason: string }>("SLAB6016", {
  title: () => "this is not an ONNX model",
  notes: ({ reason }) => [{ label: "found", text: reason }],
});

export const folderNeeded = kind<{ option: string; scans: number }>("SLAB6020", {
  title: ({ option }) => `several scans need a folder for ${option}`,
  notes: ({ scans }) => [{ label: "found", text: `a file's name, for ${scans} scans` }],
  help: ({ option }) => `for example ${option} results/`,
});

export const scansOfOneName = kind<{ other: string; result: string }>("SLAB6021", {
  title: () => "two scans would have one result",
  notes: ({ other, result }) => [
    { label: "other", text: other },
    { label: "result", text: result },
  ],
  help: () => "results are called as their scans: rename one, or run them apart, with a folder each",
});

export const resumeNeedsFolder = kind<Record<never, never>>("SLAB6022", {
  title: () => "--resume continues a batch, whose results lie in a folder",
  notes: () => [{ label: "expected", text: "-o with a folder" }],
  help: () => "for example -o results/",
});

export const logUnwritable = kind<{ reason: string }>("SLAB6023", {
  title: () => "the log cannot be written",
  notes: ({ reason }) => [{ label: "found", text: reason }],
  help: () => "name another file with --log; scans that are done stay done, --resume goes on with the rest",
});
