import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB61xx: looking names up. */

export const unknownName = kind<{ name: string; similar: readonly string[] }>("SLAB6101", {
  title: ({ name }) => `nothing is called ${name}`,
  notes: () => [
    {
      label: "expected",
      text: "a word of the language, an operation, a name or module of the standard library, or a .slab file",
    },
  ],
  help: ({ similar }) =>
    similar.length > 0
      ? `did you mean ${alternatives(similar)}?`
      : "slab docs lists every name that can be looked up",
});
