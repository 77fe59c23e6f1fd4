import { kind } from "../diagnostic.js";

/** SLAB3160 to 3169: tables of numbers, and what is gathered by them. */

export const tableAxisTwice = kind<{ axis: string }>("SLAB3160", {
  title: ({ axis }) => `a table would have two axes ${axis}`,
  help: ({ axis }) => `call the second one differently: [… for ${axis}: 7, other: 7]`,
});

export const openTableSize = kind<{ axis: string; size: string }>("SLAB3161", {
  title: ({ axis, size }) => `axis ${axis} of this table would be ${size}, which is not known yet`,
  notes: () => [{ label: "expected", text: "a number: a table is computed when the network is compiled" }],
  help: () => "give the size of the input with --tile, for example --tile 96x96x96",
});

export const tableElement = kind<{ found: string; at: string }>("SLAB3162", {
  title: () => "every element of a table must be a number",
  notes: ({ found, at }) => [{ label: "found", text: `${found}, where ${at}` }],
});

export const gatherCount = kind<{ indices: number; axes: readonly string[] }>("SLAB3163", {
  title: ({ indices, axes }) =>
    `Gather along ${axes.join(", ")} needs ${axes.length} ${axes.length === 1 ? "index" : "indices"}, found ${indices}`,
  help: () => "first what is gathered from, then an index for each axis: Gather(x, i, j, along: (h, w))",
});

export const indexNotTable = kind<{ name: string; type: string }>("SLAB3164", {
  title: ({ name }) => `${name} is no table: Gather takes positions that are known`,
  notes: ({ type }) => [{ label: "found", text: type }],
  help: () => "write the positions as a table: [i - j + 6 for i: 7, j: 7]",
});

export const indexNotPosition = kind<{ axis: string; size: number; found: number; at: string; name: string }>(
  "SLAB3165",
  {
    title: ({ name, axis, found }) => `${name} has ${found}, which is no position along ${axis}`,
    notes: ({ axis, size, at }) => [
      { label: "found", text: `where ${at}` },
      { label: "expected", text: `an integer from 0 to ${size - 1}: ${axis} has ${size}` },
    ],
  },
);

export const indexSizesDiffer = kind<{ axis: string; first: number; second: number }>("SLAB3166", {
  title: ({ axis, first, second }) => `the indices have axis ${axis} with sizes ${first} and ${second}`,
  help: () => "an axis that several indices have is one axis: they are read side by side along it",
});
