import { kind } from "../diagnostic.js";

/** SLAB226x: arguments under the names of axes, groups and slices. */

export const missingAxisArgument = kind<{ callee: string; example: string; minimum: number }>("SLAB2260", {
  title: ({ callee, minimum }) =>
    minimum === 1 ? `${callee} must name an axis` : `${callee} must name at least ${minimum} axes`,
  notes: ({ example }) => [{ label: "expected", text: example }],
});

export const positionalForAxis = kind<{ callee: string; found: string; example: string }>("SLAB2261", {
  title: ({ callee }) => `${callee} takes its arguments under the names of axes`,
  notes: ({ found, example }) => [
    { label: "found", text: found },
    { label: "expected", text: `an axis, a colon and a value, as in ${example}` },
  ],
});

export const wrongAxisArgument = kind<{
  axis: string;
  callee: string;
  found: string;
  expected: string;
  example: string;
  suggestion?: string;
}>("SLAB2262", {
  title: ({ axis, callee, expected }) => `${axis} of ${callee} must be ${expected}`,
  notes: ({ found, example }) => [
    { label: "found", text: found },
    { label: "expected", text: example },
  ],
  help: ({ suggestion }) => suggestion && `or did you mean the argument ${suggestion}?`,
});

export const misplacedGroup = kind<{ found: string }>("SLAB2263", {
  title: () => "several values in parentheses are no value of their own",
  notes: ({ found }) => [{ label: "found", text: found }],
  help: () => "they belong in an argument, as in merge(t: (wx, wy)); a list is written [1, 2]",
});

export const axisTwice = kind<{ axis: string; callee: string }>("SLAB2264", {
  title: ({ axis, callee }) => `${callee} is given axis ${axis} twice`,
});

export const negativePosition = kind<{ axis: string; found: number; fromEnd?: string }>("SLAB2265", {
  title: ({ axis }) => `a position along ${axis} cannot be negative`,
  notes: ({ found }) => [
    { label: "found", text: String(found) },
    { label: "expected", text: "positions counted from 0" },
  ],
  help: ({ fromEnd }) => fromEnd && `counted from the end it is ${fromEnd}`,
});

export const unnamedSlice = kind<{ found: string; axis: string; index: string }>("SLAB2266", {
  title: () => "which axis of this tensor is meant?",
  notes: ({ found }) => [{ label: "found", text: found }],
  help: ({ axis, index }) => `a slice names its axis: [${axis}: ${index}]`,
});

export const slicedLayer = kind<{ found: string }>("SLAB2267", {
  title: () => "what is sliced must be a tensor",
  notes: ({ found }) => [{ label: "found", text: found }],
  help: () => "an arrow binds loosest: put the pipeline in parentheses, as in (x -> ReLU)[c: 0]",
});

export const tooManyAxes = kind<{ found: number; limit: number }>("SLAB2268", {
  title: ({ found, limit }) => `one argument names ${found} axes; no more than ${limit} are read`,
});
