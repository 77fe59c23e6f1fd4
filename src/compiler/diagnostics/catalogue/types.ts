import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB22xx: values and arguments. */

export const wrongType = kind<{ what: string; found: string; expected: string; help?: string }>("SLAB2201", {
  title: ({ what, expected }) => `${what} must be ${expected}`,
  notes: ({ found }) => [{ label: "found", text: found }],
  help: ({ help }) => help,
});

export const unknownType = kind<{ found: string; suggestion?: string }>("SLAB2202", {
  title: ({ found }) => `${found} is not a type`,
  notes: () => [
    {
      label: "expected",
      text: "int, float, ratio, bool, string, size, view, layer, tensor, or a list such as [int]",
    },
  ],
  help: ({ suggestion }) => suggestion && `did you mean ${suggestion}?`,
});

export const unknownArgument = kind<{
  name: string;
  callee: string;
  known: readonly string[];
  suggestion?: string;
}>("SLAB2203", {
  title: ({ name, callee }) => `${callee} has no argument ${name}`,
  notes: ({ known }) => [{ label: "arguments", text: known.join(", ") || "none" }],
  help: ({ suggestion }) => suggestion && `did you mean ${suggestion}?`,
});

export const missingArgument = kind<{ name: string; callee: string; expected: string }>("SLAB2204", {
  title: ({ name, callee }) => `${callee} needs the argument ${name}`,
  notes: ({ expected }) => [{ label: "expected", text: expected }],
});

export const tooManyArguments = kind<{
  callee: string;
  found: number;
  known: readonly string[];
  /** Those that a partial application has bound. */
  already?: readonly string[];
}>("SLAB2205", {
  title: ({ callee, found, known, already = [] }) =>
    `${callee} takes ${known.length === 0 ? "no" : `at most ${known.length}`} ${already.length > 0 ? "more " : ""}argument${known.length === 1 ? "" : "s"}, found ${found}`,
  notes: ({ known, already = [] }) => [
    { label: "arguments", text: known.join(", ") || "none" },
    already.length > 0 ? { label: "bound already", text: already.join(", ") } : undefined,
  ],
});

export const duplicateArgument = kind<{ name: string; callee: string }>("SLAB2206", {
  title: ({ name, callee }) => `${callee} is given the argument ${name} twice`,
  help: () => "arguments without names fill the first places",
});

export const boundArgument = kind<{ name: string; callee: string; first: string }>("SLAB2240", {
  title: ({ name, callee }) => `${name} of ${callee} is bound already`,
  notes: ({ first }) => [{ label: "bound", text: first }],
  help: () => "give an argument once: where the layer is made a value, or where it is applied",
});

export const severalOutputs = kind<{ what: string; layer: string; outputs: readonly string[] }>("SLAB2241", {
  title: ({ what, layer }) => `${what} must be a tensor, and ${layer} has several outputs`,
  notes: ({ outputs }) => [{ label: "outputs", text: outputs.join(", ") }],
  help: ({ layer, outputs }) => `take one by its name: u = x -> ${layer}(…), then u.${outputs[0]}`,
});

export const unknownOutput = kind<{
  layer: string;
  name: string;
  outputs: readonly string[];
  suggestion?: string;
}>("SLAB2242", {
  title: ({ layer, name }) => `${layer} has no output ${name}`,
  notes: ({ outputs }) => [{ label: "outputs", text: outputs.join(", ") }],
  help: ({ suggestion }) => suggestion && `did you mean ${suggestion}?`,
});

export const positionalAfterNamed = kind<{ callee: string }>("SLAB2207", {
  title: ({ callee }) => `${callee}: an argument without a name stands after one with a name`,
  help: () => "arguments without names come first, in order",
});

export const notCallable = kind<{ name: string; found: string; help?: string }>("SLAB2208", {
  title: ({ name }) => `${name} cannot be called`,
  notes: ({ found }) => [{ label: "found", text: found }],
  help: ({ help }) => help,
});

export const notAStage = kind<{ name: string; found: string; help: string }>("SLAB2225", {
  title: ({ name }) => `${name} cannot follow an arrow`,
  notes: ({ found }) => [{ label: "found", text: found }],
  help: ({ help }) => help,
});

export const labelOnView = kind<{ view: string }>("SLAB2226", {
  title: ({ view }) => `view ${view} takes no label`,
  help: () => "labels name instances that can hold weights: layers and operations",
});

export const integerTooLarge = kind<{ operator: string; left: string; right: string }>("SLAB2227", {
  title: () => "this number is too large to be exact",
  notes: ({ operator, left, right }) => [
    { label: "found", text: `${left} ${operator} ${right}` },
    { label: "expected", text: `at most ${Number.MAX_SAFE_INTEGER}` },
  ],
});

export const namedArgument = kind<{ callee: string }>("SLAB2228", {
  title: ({ callee }) => `${callee} takes values without names`,
});

export const needsInput = kind<{ name: string; found?: string }>("SLAB2209", {
  title: ({ name }) => `${name} needs an input`,
  notes: ({ found }) => [found === undefined ? undefined : { label: "found", text: found }],
  help: ({ name }) => `put it after an arrow: x -> ${name}(…)`,
});

export const wrongOperands = kind<{ operator: string; left: string; right: string; help?: string }>(
  "SLAB2210",
  {
    title: ({ operator }) => `${operator} does not work between these`,
    notes: ({ left, right }) => [
      { label: "left", text: left },
      { label: "right", text: right },
    ],
    help: ({ help }) => help,
  },
);

export const divisionByZero = kind<Record<never, never>>("SLAB2211", { title: () => "this divides by zero" });

export const outOfList = kind<{ index: number; length: number }>("SLAB2212", {
  title: ({ index }) => `the list has no element ${index}`,
  notes: ({ length }) => [
    { label: "found", text: `${length} element${length === 1 ? "" : "s"}, counted from 0` },
  ],
});

export const unboundSize = kind<{ size: string }>("SLAB2213", {
  title: ({ size }) => `this needs a number, but ${size} is not known yet`,
  help: () => "give the size of the input with --tile, for example --tile 96x96x96",
});

export const requirementFailed = kind<{ message: string }>("SLAB2214", { title: ({ message }) => message });

export const unknownMember = kind<{ member: string; found: string; known: readonly string[] }>("SLAB2215", {
  title: ({ member }) => `this tensor has no axis ${member}`,
  notes: ({ found }) => [{ label: "found", text: found }],
  help: ({ known }) => (known.length > 0 ? `it has ${known.join(", ")}` : undefined),
});

export const limitExceeded = kind<{ what: string; limit: number }>("SLAB2216", {
  title: ({ what, limit }) => `this makes more than ${limit.toLocaleString("en")} ${what}`,
  help: () => "is there a recurrence that does not end?",
});

export const viewMismatch = kind<{ view: string; missing: readonly string[]; type: string; undo: boolean }>(
  "SLAB2217",
  {
    title: ({ view, undo }) => `${undo ? `undo ${view}` : `view ${view}`} does not fit this tensor`,
    notes: ({ missing, type }) => [
      { label: "missing", text: `axis ${missing.join(", ")}` },
      { label: "found", text: type },
    ],
  },
);

export const viewNotBijective = kind<{ view: string; name: string; part: string }>("SLAB2218", {
  title: ({ view, name, part }) => `view ${view} names the ${part} ${name} twice`,
  help: () => "a view gives every axis one role, and every role one axis",
});

export const viewCollision = kind<{ view: string; axis: string; type: string }>("SLAB2219", {
  title: ({ view, axis }) => `view ${view} would give the tensor two axes ${axis}`,
  notes: ({ type }) => [{ label: "found", text: type }],
});

export const badInputType = kind<{ found: string; help: string }>("SLAB2220", {
  title: ({ found }) => `${found} cannot be the type of an input`,
  help: ({ help }) => help,
});

interface Fitting {
  readonly axes: readonly string[];
  readonly sizes: readonly number[];
  readonly largest: number;
  readonly example: number;
  readonly reason: string;
}

const exampleNote = ({ axes, example, reason }: Fitting) => [
  { label: "reason", text: `with ${axes[0]} = ${example}: ${reason}` },
];
const fittingHelp = () =>
  "the parts that meet here come with other sizes: look at the strides, scales and kernels on the way";

/** Open axes for which a network has no size, by what its parts ask of each other. */
export const noSizeFits = kind<Fitting>("SLAB2224", {
  title: ({ axes, largest }) => `no size of ${alternatives(axes, "and")} fits, up to ${largest}`,
  notes: exampleNote,
  help: fittingHelp,
});

/** The same, but for a few. */
export const fewSizesFit = kind<Fitting>("SLAB2229", {
  severity: "warning",
  title: ({ axes, sizes }) =>
    `only ${alternatives(sizes.slice(0, 8).map(String), "and")} fit${sizes.length === 1 ? "s" : ""} as size of ${alternatives(axes, "and")}`,
  notes: exampleNote,
  help: fittingHelp,
});

export const batchFixed = kind<{ found: number; input: string; fixed: string }>("SLAB2223", {
  title: ({ input }) => `--batch cannot change the batch of ${input}: its size is fixed`,
  notes: ({ found, fixed }) => [
    { label: "found", text: String(found) },
    { label: "expected", text: fixed },
  ],
  help: () => "leave --batch out, or write n without a size",
});

export const tileRank = kind<{ found: string; axes: readonly string[] }>("SLAB2221", {
  title: ({ found }) => `tile ${found} does not match the axes of the input`,
  notes: ({ axes }) => [
    {
      label: "expected",
      text:
        axes.length > 0
          ? `sizes for ${axes.join(", ")}, such as ${axes.map(() => 96).join("x")}`
          : "none: every size is fixed",
    },
  ],
});

export const sizesNeeded = kind<{ axes: readonly string[] }>("SLAB2222", {
  title: ({ axes }) => `the size of ${axes.join(", ")} is not known`,
  help: ({ axes }) => `give it with --tile ${axes.map(() => 96).join("x")}`,
});
