import { kind } from "../diagnostic.js";

/** SLAB227x: free parameters. */

export const badParameterType = kind<{ found: string }>("SLAB2270", {
  title: ({ found }) => `${found} cannot be the type of a parameter`,
  help: () => "parameters are float, 32 bit",
});

export const parameterAxisTwice = kind<{ name: string; axis: string }>("SLAB2271", {
  title: ({ name, axis }) => `parameter ${name} would have two axes ${axis}`,
  help: () => "give one of them another name",
});

export const parameterSizeMissing = kind<{ name: string; axis: string }>("SLAB2272", {
  title: ({ name, axis }) => `axis ${axis} of parameter ${name} has no size`,
  help: ({ axis }) =>
    `write one, as in ${axis}: 8; in a layer whose input has an axis ${axis} it can be left out`,
});

export const openParameterSize = kind<{ name: string; axis: string; size: string }>("SLAB2273", {
  title: ({ name, axis, size }) =>
    `axis ${axis} of parameter ${name} would be ${size}, which is not known yet`,
  notes: () => [{ label: "expected", text: "a number: a weight is stored, so its shape is fixed" }],
  help: () => "give the size of the input with --tile, for example --tile 96x96x96",
});

export const unknownInit = kind<{ found: string; suggestion?: string }>("SLAB2274", {
  title: ({ found }) => `there is no init ${found}`,
  notes: () => [{ label: "expected", text: "zeros, ones, normal(standard deviation) or uniform(bound)" }],
  help: ({ suggestion }) => suggestion && `did you mean ${suggestion}?`,
});

export const initArgument = kind<{ name: string; wanted?: string }>("SLAB2275", {
  title: ({ name, wanted }) => (wanted ? `init ${name} needs its ${wanted}` : `init ${name} takes no number`),
  help: ({ name, wanted }) => (wanted ? `write ${name}(0.02)` : `write ${name} alone`),
});
