import { kind } from "../diagnostic.js";

/** SLAB229x: weights that a network holds though it does not compute with them. */

export const usesUnused = kind<{ name: string }>("SLAB2290", {
  title: ({ name }) => `${name} is declared to be unused, but it is used here`,
  help: ({ name }) => `define it without the word: ${name} = …`,
});

export const unusedWithoutWeights = kind<{ name: string }>("SLAB2291", {
  title: ({ name }) => `${name} is unused and has no weights to hold`,
  help: () => "leave the definition out: an unused one is there for the weights that files hold",
});
