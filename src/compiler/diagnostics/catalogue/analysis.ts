import { kind } from "../diagnostic.js";

/** SLAB70xx: analyses and reports: budgets, volumes, formulas. */

export const emptyBudget = kind<{ found: string }>("SLAB7001", {
  title: () => "a budget needs a limit",
  notes: ({ found }) => [{ label: "found", text: found === "" ? "nothing" : found }],
  help: () => "for example --budget 'macs<600G,peak<8GB'",
});

export const malformedLimit = kind<{ found: string; reason: string; example: string }>("SLAB7002", {
  title: ({ reason }) => reason,
  notes: ({ found, example }) => [
    { label: "found", text: found },
    { label: "expected", text: `a quantity, < or <=, and a number: ${example}` },
  ],
});

export const unknownQuantity = kind<{ found: string; known: readonly string[]; suggestion?: string }>(
  "SLAB7003",
  {
    title: ({ found }) => `there is no quantity "${found}"`,
    notes: ({ known }) => [{ label: "known", text: known.join(", ") }],
    help: ({ suggestion }) => (suggestion === undefined ? undefined : `did you mean ${suggestion}?`),
  },
);

export const unknownUnit = kind<{
  limit: string;
  found: string;
  quantity: string;
  units: readonly string[];
  suggestion?: string;
}>("SLAB7004", {
  title: ({ found, quantity }) => `"${found}" is not a unit of ${quantity}`,
  notes: ({ limit, units }) => [
    { label: "found", text: limit },
    { label: "expected", text: `a number alone, or with ${units.join(", ")}` },
  ],
  help: ({ suggestion }) => (suggestion === undefined ? undefined : `did you mean ${suggestion}?`),
});

export const volumeAxes = kind<{ found: string; axes: readonly string[] }>("SLAB7005", {
  title: ({ axes }) => `the volume needs ${axes.length === 1 ? "one size" : `${axes.length} sizes`}`,
  notes: ({ found, axes }) => [
    { label: "found", text: found },
    { label: "expected", text: `a size for ${axes.join(", ")}` },
  ],
});

export const volumeNeedsOneInput = kind<{ network: string; reason: string }>("SLAB7006", {
  title: ({ network }) => `${network} can't be run over a volume in tiles`,
  notes: ({ reason }) => [{ label: "found", text: reason }],
  help: () =>
    "leave --volume out, or give a network of one input, whose scores (the output called logits, else the first) have the input's sizes",
});

export const overlapNeedsVolume = kind<Record<never, never>>("SLAB7009", {
  title: () => "--overlap has nothing to do: no volume is tiled",
  help: () => "add --volume 512x512x300, the size of a scan, or leave --overlap out",
});

export const noFormula = kind<{ network: string; axis: string; limit: number }>("SLAB7007", {
  title: ({ network, axis }) => `the counts of ${network} are no simple formula in ${axis}`,
  notes: ({ axis, limit }) => [
    { label: "found", text: `divisions that only vanish where ${axis} is divisible by more than ${limit}` },
  ],
  help: () => "give the sizes with --tile, and the counts are exact numbers",
});
