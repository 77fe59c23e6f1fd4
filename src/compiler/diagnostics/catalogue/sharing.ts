import { kind } from "../diagnostic.js";

/** SLAB228x: layers that are one instance wherever they are applied. */

export const notSharable = kind<{ name: string; found: string; isTensor: boolean }>("SLAB2280", {
  title: ({ name }) => `shared ${name} must be a layer`,
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "a layer or an operation that is not applied yet, such as Conv(8, 3x3x3)" },
  ],
  help: ({ name, isTensor }) =>
    isTensor ? `without shared, ${name} is computed once and can be used in several places` : undefined,
});

export const labelOnShared = kind<{ label: string; name: string }>("SLAB2281", {
  title: ({ name }) => `${name} is one shared instance, whose weights are called after it`,
  notes: ({ label }) => [{ label: "found", text: `the label ${label}` }],
  help: ({ label, name }) =>
    `leave the label out, or define it as shared ${label} = …; its weights are ${name}.…`,
});

export const argumentOfShared = kind<{ argument: string; callee: string; name: string; first: string }>(
  "SLAB2282",
  {
    title: ({ argument, callee, name }) =>
      `${argument} of ${callee} cannot be given here: ${name} is one shared instance`,
    notes: ({ first }) => [{ label: "shared", text: first }],
    help: ({ argument }) =>
      `give ${argument} where it is shared; only tensors can differ from one application to the next`,
  },
);
