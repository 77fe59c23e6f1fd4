import { kind } from "../diagnostic.js";

/** SLAB2310 to 2319: sizes that a view cannot read. */

export const sizeNotInView = kind<{
  view: string;
  size: string;
  axes: readonly string[];
  missing: readonly string[];
}>("SLAB2310", {
  title: ({ view, size }) => `view ${view} cannot read the size ${size}`,
  notes: ({ axes, missing }) => [
    { label: "axes", text: axes.length > 0 ? axes.join(", ") : "none" },
    ...(missing.length > 0 ? [{ label: "missing", text: missing.join(", ") }] : []),
  ],
  help: ({ axes, missing }) =>
    missing.length > 0
      ? "the view is of axes that the network's input does not have"
      : `a size that goes through a view has a number for each axis of the network's input but n and c: ${axes.length}`,
});
