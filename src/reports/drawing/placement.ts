import type { Graph } from "../../compiler/index.js";
import { textWidth } from "../svg/text.js";
import type { Item, ItemLink } from "./items.js";
import { shapeText } from "./shapes.js";
import { lineSize, titleSize } from "./text-sizes.js";

/** A shape with its place on the canvas: the middle, and its size. */
export interface Placed {
  readonly item: Item;
  x: number;
  y: number;
  readonly width: number;
  readonly height: number;
}

/** An arrow along points, with what stands beside it. */
export interface Arrow {
  readonly from: Placed;
  readonly to: Placed;
  readonly link: ItemLink;
  readonly points: readonly (readonly [number, number])[];
  /** Where the shape of what flows is written, if there is room. */
  readonly label?: { readonly x: number; readonly y: number; readonly anchor: "start" | "middle" };
}

/** Where everything of a drawing stands. */
export interface Placement {
  readonly shapes: readonly Placed[];
  readonly arrows: readonly Arrow[];
}

export const circleSize = 22;

/** The size that an item's captions need. */
export function sizeOf({ kind, captions, repeats }: Item): {
  readonly width: number;
  readonly height: number;
} {
  const [only] = captions;
  if (kind === "join" && only?.title.length === 1) return { width: circleSize, height: circleSize };
  const widths = captions.flatMap(({ title, lines }) => [
    textWidth(title, titleSize) + 18,
    ...lines.map((line) => textWidth(line, lineSize) + 16),
  ]);
  const lines = captions.reduce((sum, caption) => sum + caption.lines.length, 0);
  const repeated = repeats > 1 ? textWidth(`× ${repeats}`, titleSize) + 6 : 0;
  return { width: Math.max(70, ...widths) + repeated, height: 12 + captions.length * 17 + lines * 14 };
}

/** What stands beside an arrow: the shape of what flows, and from how many elements of a comprehension. */
export function linkText({ value, times }: ItemLink, bindings: Graph["bindings"]): string {
  const shape = shapeText(value.type, bindings);
  return times > 1 ? `${times} times ${shape}` : shape;
}

/** Between what is drawn inside of a frame and the frame. */
export const framePadding = 18;
/** Frames of copies lie behind one another, so far apart; of many only the first ones are drawn. */
export const copyOffset = 6;
export const shownCopies = 3;

export const left = (shape: Placed) => shape.x - shape.width / 2;
export const right = (shape: Placed) => shape.x + shape.width / 2;
export const top = (shape: Placed) => shape.y - shape.height / 2;
export const bottom = (shape: Placed) => shape.y + shape.height / 2;
