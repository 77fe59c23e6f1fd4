import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB7020 to 7039: what `slab report` and `slab diff` are asked for. */

export const budgetExceeded = kind<{
  network: string;
  quantity: string;
  limit: string;
  found: string;
  excess: string;
  /** What tells it from other networks beside it. */
  variant?: string;
}>("SLAB7020", {
  title: ({ network, limit }) => `${network} does not keep the budget ${limit}`,
  notes: ({ quantity, found, excess, variant }) => [
    variant === undefined ? undefined : { label: "of", text: variant },
    { label: "found", text: `${quantity} ${found}` },
    { label: "exceeds", text: excess },
  ],
});

export const formatOfName = kind<{ formats: readonly string[] }>("SLAB7021", {
  title: () => "the file's name does not tell a format",
  notes: ({ formats }) => [{ label: "formats", text: formats.join(", ") }],
  help: () => "give --format, or an ending such as .md, .json, .csv or .html",
});

export const depthWithoutLayers = kind<{ by: string }>("SLAB7022", {
  title: () => "--depth gathers layers by their paths",
  notes: ({ by }) => [{ label: "found", text: `--by ${by}` }],
  help: () => "write --by layer with it",
});

export const malformedSpacing = kind<{ found: string }>("SLAB7023", {
  title: () => "--spacing takes millimetres with an x between them",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "numbers above 0" },
  ],
  help: () => "one for each axis of the volume, for example --spacing 0.8x0.8x3, or one for all",
});

export const spacingAxes = kind<{ found: string; axes: readonly string[] }>("SLAB7024", {
  title: () => "--spacing does not fit the network's input",
  notes: ({ found, axes }) => [
    { label: "found", text: found },
    { label: "expected", text: `one number, or one for each of ${alternatives(axes, "and")}` },
  ],
});

export const diffNeedsTwo = kind<Record<never, never>>("SLAB7025", {
  title: () => "there is only one network to compare",
  help: () =>
    "name a second file, or what is different in it: --set-b fold=0, --tile-b 64x64x64, --network-b UNet2D",
});

export const formatOfPicture = kind<Record<never, never>>("SLAB7026", {
  title: () => "the file's name does not tell what kind of picture it is",
  help: () => "give it the ending .svg or .png",
});

export const pictureNeedsFile = kind<Record<never, never>>("SLAB7027", {
  title: () => "a PNG is not printed",
  help: () => "name a file for it: -o report.png",
});
