import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB31xx: axes and sizes that do not fit. */

export const concatSizesDiffer = kind<{
  /** Concatenated or stacked. */
  verb: string;
  along: string;
  axis: string;
  operands: readonly { name: string; type: string }[];
}>("SLAB3107", {
  title: ({ verb, along, axis }) => `these cannot be ${verb} along ${along}: axis ${axis} differs`,
  notes: ({ operands }) => operands.map(({ name, type }) => ({ label: name, text: type })),
});

export const noSuchAxis = kind<{
  axis: string;
  type: string;
  axes: readonly string[];
  /** The argument that may have been meant. */
  suggestion?: string;
}>("SLAB3101", {
  title: ({ axis }) => `there is no axis ${axis} here`,
  notes: ({ type }) => [{ label: "found", text: type }],
  help: ({ axes, suggestion }) =>
    suggestion ? `did you mean the argument ${suggestion}?` : `the axes are ${alternatives(axes, "and")}`,
});

export const wrongExtentLength = kind<{
  operation: string;
  argument: string;
  found: string;
  axes: readonly string[];
}>("SLAB3102", {
  title: ({ operation, argument }) =>
    `${operation}: ${argument} does not match the number of axes it runs over`,
  notes: ({ argument, found, axes }) => [
    { label: "found", text: `${argument} ${found}` },
    { label: "expected", text: `${axes.length} sizes, for ${axes.join(", ")}` },
  ],
  help: ({ argument, axes }) =>
    `write ${axes.map(() => "3").join("x")} or one number for all axes as ${argument}`,
});

/** An argument whose value an operation cannot work with; `found` and `expected` are as the language writes them. */
export const argumentOutOfRange = kind<{
  operation: string;
  argument: string;
  found: string;
  expected: string;
  help?: string;
}>("SLAB3103", {
  title: ({ operation, argument, found }) => `${operation}: ${argument} cannot be ${found}`,
  notes: ({ argument, expected }) => [{ label: "expected", text: `${argument} ${expected}` }],
  help: ({ help }) => help,
});

export const evenKernelNeedsPadding = kind<{ operation: string; axis: string; kernel: number }>("SLAB3104", {
  title: ({ operation, axis, kernel }) => `${operation}: a kernel of ${kernel} along ${axis} has no middle`,
  notes: ({ kernel }) => [
    { label: "found", text: `kernel ${kernel} without a padding` },
    { label: "expected", text: "an odd kernel, or a padding" },
  ],
  help: () => "without a padding, half the kernel is padded on each side; write padding: 0 for none",
});

export const wrongKernelAxes = kind<{
  operation: string;
  axes: readonly string[];
  type: string;
  minimum: number;
  maximum: number | undefined;
}>("SLAB3105", {
  title: ({ operation, axes }) =>
    axes.length === 0
      ? `${operation} has no axis to run over`
      : `${operation} cannot run over ${axes.length} axes`,
  notes: ({ type, minimum, maximum }) => [
    { label: "found", text: type },
    {
      label: "expected",
      text: `${maximum === undefined ? `at least ${minimum}` : `${minimum} to ${maximum}`} besides n and c`,
    },
  ],
});

export const groupsDoNotDivide = kind<{
  operation: string;
  what: "input" | "output";
  channels: number;
  groups: number;
}>("SLAB3106", {
  title: ({ operation, what, channels, groups }) =>
    `${operation}: ${groups} groups do not divide ${channels} ${what} channels`,
  help: ({ channels, groups }) => {
    const divisors = [groups - 1, groups + 1, ...Array.from({ length: 12 }, (_, i) => i + 1)]
      .filter((candidate) => candidate > 0 && channels % candidate === 0)
      .sort((a, b) => a - b);
    return `${channels} can be divided by ${alternatives([...new Set(divisors)].map(String), "and")}`;
  },
});

export const axesDiffer = kind<{
  operation: string;
  operands: readonly { name: string; type: string }[];
  missing: readonly string[];
}>("SLAB3108", {
  title: ({ operation }) => `the operands of ${operation} have different axes`,
  notes: ({ operands }) => operands.map(({ name, type }) => ({ label: name, text: type })),
  help: ({ missing }) =>
    missing.length === 0 ? undefined : `${alternatives(missing, "and")}: not an axis of every operand`,
});

export const operandSizesDiffer = kind<{
  operation: string;
  axis: string;
  operands: readonly { name: string; type: string }[];
}>("SLAB3109", {
  title: ({ operation, axis }) => `the operands of ${operation} differ along axis ${axis}`,
  notes: ({ operands }) => operands.map(({ name, type }) => ({ label: name, text: type })),
  help: () => "only an axis that an operand does not have is repeated; sizes of a shared axis must be equal",
});

export const sizeNotKnown = kind<{ operation: string; axis: string; type: string; reason: string }>(
  "SLAB3110",
  {
    title: ({ operation, axis }) => `${operation} must know the size of axis ${axis}`,
    notes: ({ axis, type, reason }) => [
      { label: "found", text: type },
      { label: "expected", text: `a number for ${axis}: ${reason}` },
    ],
    help: ({ axis }) => `give it a size where the network's input is declared, as in ${axis}: 1`,
  },
);

export const nothingLeft = kind<{ operation: string; axis: string; input: string; size: string }>(
  "SLAB3111",
  {
    title: ({ operation, axis }) => `${operation} leaves nothing of axis ${axis}`,
    notes: ({ input, size, axis }) => [
      { label: "input", text: input },
      { label: "output", text: `${axis}: ${size}` },
      { label: "expected", text: `${axis} of at least 1` },
    ],
    help: () => "give a larger tile, a smaller kernel or more padding",
  },
);

export const axisNotAllowed = kind<{ operation: string; axis: string; reason: string }>("SLAB3112", {
  title: ({ operation, axis, reason }) => `${operation} cannot run along axis ${axis}: ${reason}`,
});

export const weightTooLarge = kind<{
  operation: string;
  role: string;
  shape: readonly number[];
  limit: number;
}>("SLAB3113", {
  title: ({ operation, role }) => `${operation}: its ${role} would be too large`,
  notes: ({ shape, limit }) => [
    { label: "found", text: `${shape.join(" x ")} values` },
    { label: "expected", text: `at most ${limit} values in one weight` },
  ],
});

export const oneAxisOnly = kind<{ operation: string; axes: readonly string[] }>("SLAB3150", {
  title: ({ operation }) => `${operation} runs along one axis`,
  notes: ({ axes }) => [{ label: "found", text: axes.join(", ") }],
  help: ({ axes }) => `join them first, as in merge(${axes[0]}: (${axes.join(", ")}))`,
});

export const contractedAxisMissing = kind<{
  axis: string;
  operands: readonly { name: string; type: string }[];
  shared: readonly string[];
}>("SLAB3151", {
  title: ({ axis }) => `Contract cannot sum over ${axis}: it is not an axis of both operands`,
  notes: ({ operands }) => operands.map(({ name, type }) => ({ label: name, text: type })),
  help: ({ shared }) =>
    shared.length === 0
      ? "the operands share no axis; a product of every element with every other is written a * b"
      : `the axes of both are ${alternatives(shared, "and")}`,
});

export const resizeTarget = kind<{ found: string; example: string }>("SLAB3152", {
  title: () => "Resize needs either a scale or a size",
  notes: ({ found, example }) => [
    { label: "found", text: found },
    { label: "expected", text: example },
  ],
});

export const alignedNearest = kind<Record<never, never>>("SLAB3153", {
  title: () => 'Resize: align_corners does not go with mode "nearest"',
  help: () => 'write mode: "linear", or leave align_corners out',
});

export const contractedSizesDiffer = kind<{
  axis: string;
  summed: boolean;
  operands: readonly { name: string; type: string }[];
}>("SLAB3154", {
  title: ({ axis }) => `the operands of Contract differ along axis ${axis}`,
  notes: ({ operands }) => operands.map(({ name, type }) => ({ label: name, text: type })),
  help: ({ axis, summed }) =>
    summed
      ? "it is summed over, position by position: both must have as many"
      : `an axis of both is matched position by position; to combine every ${axis} of one with every ${axis} of the ` +
        `other, rename it in one of them: rename(${axis}: ${axis}2)`,
});
