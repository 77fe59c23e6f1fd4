import { kind } from "../diagnostic.js";

/** SLAB3190 to 3199: sampling at positions that a network computes. */

export const sampledAxes = kind<{ over: readonly string[]; type: string }>("SLAB3190", {
  title: ({ over }) => `GridSample cannot sample along ${over.length === 0 ? "no axis" : over.join(", ")}`,
  notes: ({ type }) => [
    { label: "found", text: type },
    { label: "expected", text: "two or three axes of the tensor that is sampled, each once" },
  ],
  help: () => "name them in the order of the coordinates: over: (x, y, z)",
});

export const coordinateAxis = kind<{
  along: string;
  over: readonly string[];
  operands: readonly { readonly name: string; readonly type: string }[];
}>("SLAB3191", {
  title: ({ along, over }) => `axis ${along} does not hold a coordinate for each of ${over.join(", ")}`,
  notes: ({ operands }) => operands.map(({ name, type }) => ({ label: name, text: type })),
  help: ({ along, over }) =>
    `the second tensor has the axis ${along}, of ${over.length}, and the first does not have it`,
});

export const sampledSizesDiffer = kind<{
  axis: string;
  operands: readonly { readonly name: string; readonly type: string }[];
}>("SLAB3192", {
  title: ({ axis }) => `the operands of GridSample differ along axis ${axis}`,
  notes: ({ operands }) => operands.map(({ name, type }) => ({ label: name, text: type })),
  help: () =>
    "an axis of both that is not sampled along is matched, position by position; rename one of them",
});
