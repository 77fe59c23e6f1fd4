import type { Graph } from "../../compiler/index.js";
import { textWidth } from "../svg/text.js";
import { apart } from "./arrow-labels.js";
import type { Item } from "./items.js";
import {
  type Arrow,
  bottom,
  circleSize,
  copyOffset,
  framePadding,
  left,
  linkText,
  type Placed,
  type Placement,
  right,
  shownCopies,
  sizeOf,
  top,
} from "./placement.js";
import type { Resolutions } from "./resolution.js";
import { type Rows, rowsOf, takersOf } from "./rows.js";
import { lineSize } from "./text-sizes.js";

const gap = 26;
/** Between the arrow down from a shape and what it leads to on the level below. */
const stepDown = 18;
/** Arrows to other levels leave and enter a shape so far from its left end: a U that keeps to the left is narrow. */
const fromEnd = 22;
const rowGap = 78;
/** Between the lines of a row. */
const lineGap = 34;

/**
 * A row for each resolution, the finest on top: what goes down to coarser levels and comes up again is a U. Within a row
 * everything stands in the order in which it is computed; see `rowsOf` for what stands below one another.
 */
export function placeByLevels(
  items: readonly Item[],
  resolutions: Resolutions,
  bindings: Graph["bindings"],
): Placement {
  const rows = rowsOf(items, resolutions);
  const { rowOf, lineOf, lifts } = rows;
  const sizes = new Map(items.map((item) => [item, sizeOf(item)]));
  const sizeIn = (item: Item) => sizes.get(item) as { width: number; height: number };
  const takers = takersOf(items);
  // An input that several levels take stands on the finest of them, the others above what takes them.
  const hovering = new Set(
    items.filter((item) => item.kind === "input" && new Set((takers.get(item) ?? []).map(rowOf)).size < 2),
  );
  const standing = items.filter((item) => !hovering.has(item));
  const heights = heightsOf(standing, rows, sizes);
  const yOf = (item: Item) => heights[rowOf(item)]?.middles[lineOf(item)] as number;

  const placeOf = new Map<Item, Placed>();
  const ends = heights.map(({ middles }) => middles.map(() => Number.NEGATIVE_INFINITY));
  const endOf = (item: Item) => (ends[rowOf(item)]?.[lineOf(item)] as number) + gap;
  /** Where arrows go up beside the column of a coarser row: the first leaves it on top, and each clears the next box. */
  const risesBeside = (row: number): ReadonlyMap<Item, number> => {
    const risers = standing.flatMap((item) => {
      const from = lifts.has(item) ? undefined : rows.riseFrom(item);
      return from && rowOf(from) === row && rows.inColumn(from) ? [{ item, line: lineOf(from) }] : [];
    });
    const column = [...placeOf.values()].filter(({ item }) => rowOf(item) === row && rows.inColumn(item));
    let x = Math.max(...column.map(right));
    return new Map(
      risers
        .sort((a, b) => a.line - b.line)
        .map(({ item }, index) => {
          x += index === 0 ? gap : sizeIn(item).width / 2 + gap / 2;
          return [item, x];
        }),
    );
  };
  const tail = tailOf(items, rowOf);
  /** The middle of a column beside everything that is there. */
  const columnAt = () => {
    const edges = [...placeOf.values()].map((shape) => right(shape) + frameRoom(shape.item.region));
    return Math.max(...edges) + gap + Math.max(...tail.map((item) => sizeIn(item).width)) / 2;
  };
  for (const item of standing) {
    const size = sizeIn(item);
    const row = rowOf(item);
    const sources = item.inputs.flatMap((link) => placeOf.get(link.from) ?? []);
    if (lifts.has(item)) {
      const [source] = sources as [Placed];
      const [taker = item] = takers.get(item) ?? [];
      const ceiling = heights[row]?.bottoms[lineOf(item)] as number;
      const y = (ceiling + (heights[rowOf(source.item)]?.top as number)) / 2;
      if (rows.above(source.item)) {
        const rises = risesBeside(rowOf(source.item)).values();
        const beside = Math.max(right(source), ...rises) + gap + size.width / 2;
        const below = taker.inputs.flatMap(({ from }) => {
          const other = placeOf.get(from);
          return other && rowOf(from) === row ? right(other) + roomFor(other, taker, bindings) : [];
        });
        placeOf.set(item, {
          item,
          x: Math.max(beside, ...below.map((end) => end + sizeIn(taker).width / 2)),
          y,
          ...size,
        });
        continue;
      }
      // An arrow that comes down from the level above has to get by.
      const least =
        rowOf(source.item) > 0 && source.item.inputs.some(({ from }) => rowOf(from) < rowOf(source.item))
          ? left(source) - stepDown / 2 + size.width / 2
          : Number.NEGATIVE_INFINITY;
      const wanted = Math.max(leaveX(source), endOf(item) + circleSize / 2, least);
      placeOf.set(item, {
        item,
        x: Math.min(wanted, Math.max(source.x, right(source) - fromEnd)),
        y,
        ...size,
      });
      continue;
    }
    const before = placeOf.get(tail.at(tail.indexOf(item) - 1) as Item);
    if (tail.indexOf(item) > 0 && before) {
      placeOf.set(item, { item, x: before.x, y: bottom(before) + 34 + size.height / 2, ...size });
      continue;
    }
    const lifting = items.filter((other) => lifts.has(other) && other.inputs[0]?.from === item);
    // What it is lifted to stands beside what is there, above this.
    const lifted = lifting.map((other) => endOf(other) + circleSize / 2);
    const wanted = sources.map((source) => {
      const widest = Math.max(0, ...lifting.map((other) => sizeIn(other).width));
      const down = leaveX(source) + stepDown;
      if (rowOf(source.item) < row)
        return Math.max(down + size.width / 2, down + widest / 2 + fromEnd - size.width / 2);
      if (lifts.has(source.item)) return source.x;
      if (rowOf(source.item) > row)
        return risesBeside(rowOf(source.item)).get(item) ?? right(source) - fromEnd;
      return right(source) + roomFor(source, item, bindings) + size.width / 2;
    });
    const above = placeOf.get(rows.above(item) as Item);
    const x = above
      ? above.x
      : Math.max(
          endOf(item) + size.width / 2,
          0,
          ...wanted,
          ...lifted.map((middle) => middle + fromEnd - size.width / 2),
          ...(tail[0] === item ? [columnAt()] : []),
        );
    placeOf.set(item, { item, x, y: yOf(item), ...size });
    (ends[row] as number[])[lineOf(item)] = x + size.width / 2;
  }
  placeInputs([...hovering], items, placeOf, sizes);
  const shapes = items.flatMap((item) => placeOf.get(item) ?? []);
  return { shapes, arrows: apart(arrowsOf(shapes, placeOf, lifts, bindings), bindings) };
}

/** Where a row begins, and the middles and ends of its lines. */
interface RowHeights {
  readonly top: number;
  readonly middles: readonly number[];
  readonly bottoms: readonly number[];
}

/** The rows below one another, with room for what stands between them. */
function heightsOf(
  items: readonly Item[],
  { count, rowOf, lineOf, lifts }: Rows,
  sizes: ReadonlyMap<Item, { readonly height: number }>,
): readonly RowHeights[] {
  const tallest = (members: readonly Item[]) =>
    Math.max(0, ...members.map((item) => sizes.get(item)?.height ?? 0));
  const rows: RowHeights[] = [];
  let top = 0;
  for (let row = 0; row < count; row++) {
    const members = items.filter((item) => rowOf(item) === row);
    const standing = members.filter((item) => !lifts.has(item));
    const lines = Math.max(0, ...standing.map(lineOf)) + 1;
    const [middles, bottoms]: [number[], number[]] = [[], []];
    let bottom = top;
    for (let line = 0; line < lines; line++) {
      const height = Math.max(40, tallest(standing.filter((item) => lineOf(item) === line)));
      const start = line === 0 ? top : bottom + lineGap;
      middles.push(start + height / 2);
      bottom = start + height;
      bottoms.push(bottom);
    }
    rows.push({ top, middles, bottoms });
    top = bottom + Math.max(rowGap, tallest(members.filter((item) => lifts.has(item))) + 52);
  }
  return rows;
}

/** Where arrows to other levels leave a shape; a narrow one in its middle. */
function leaveX(shape: Placed): number {
  return Math.min(shape.x, left(shape) + fromEnd);
}

/** What comes last, one after another at one resolution: it stands in a column where the U leaves room. */
function tailOf(items: readonly Item[], rowOf: (item: Item) => number): readonly Item[] {
  const takers = (item: Item) => items.filter((other) => other.inputs.some(({ from }) => from === item));
  const outputs = items.filter(({ kind }) => kind === "output");
  const [output] = outputs;
  if (outputs.length !== 1 || !output) return [];
  const row = rowOf(output);
  if (row !== 0 && row !== Math.max(...items.map(rowOf))) return [];
  const chain: Item[] = [];
  for (let item: Item | undefined = output; item; ) {
    const [link, ...others]: Item["inputs"] = item.inputs;
    if (!link || others.length > 0 || link.from.kind === "input" || rowOf(link.from) !== row) break;
    if (item.region) break;
    chain.unshift(item);
    item = takers(link.from).length === 1 ? link.from : undefined;
  }
  // What follows a join stands beside it.
  if (chain[0]?.inputs[0]?.from.kind === "join") chain.shift();
  return chain.length >= 3 ? chain : [];
}

/** What the frame around a shape takes beside it. */
function frameRoom(region: Item["region"]): number {
  return region ? framePadding + Math.min(region.copies, shownCopies) * copyOffset : 0;
}

/** An output says itself what it takes. */
function isLabelled({ kind }: Item): boolean {
  return kind !== "output";
}

/** Room for the shape of what flows, between boxes, and for the edge of a frame. */
function roomFor(source: Placed, item: Item, bindings: Graph["bindings"]): number {
  const link = item.inputs.find(({ from }) => from === source.item);
  const isShown = link !== undefined && isLabelled(item) && source.item.kind !== "join";
  const label = isShown ? textWidth(linkText(link, bindings), lineSize) + 14 : 0;
  const frames = [source.item.region, item.region];
  if (frames[0] === frames[1]) return Math.max(gap, item.kind === "join" ? 0 : label);
  return Math.max(gap, label) + Math.max(...frames.map(frameRoom));
}

/** Inputs stand above what takes them first. */
function placeInputs(
  inputs: readonly Item[],
  items: readonly Item[],
  placeOf: Map<Item, Placed>,
  sizes: ReadonlyMap<Item, { readonly width: number; readonly height: number }>,
): void {
  let end = Number.NEGATIVE_INFINITY;
  for (const item of inputs) {
    const taker = items.find((other) => other.inputs.some(({ from }) => from === item));
    const below = taker && placeOf.get(taker);
    const size = sizes.get(item) as { width: number; height: number };
    const x = Math.max(below?.x ?? 0, end + gap + size.width / 2);
    end = x + size.width / 2;
    placeOf.set(item, { item, x, y: (below ? top(below) : 0) - 62 - size.height / 2, ...size });
  }
}

function arrowsOf(
  shapes: readonly Placed[],
  placeOf: ReadonlyMap<Item, Placed>,
  lifts: ReadonlySet<Item>,
  bindings: Graph["bindings"],
): readonly Arrow[] {
  return shapes.flatMap((to) =>
    to.item.inputs.map((link): Arrow => {
      const from = placeOf.get(link.from) as Placed;
      const wide = textWidth(linkText(link, bindings), lineSize);
      const beside = (x: number, y: number) =>
        isLabelled(to.item) ? { label: { x: x + 7, y, anchor: "start" as const } } : {};
      const isAbove = bottom(from) <= top(to);
      const isBelow = top(from) >= bottom(to);
      const isLift = lifts.has(to.item) && to.x <= right(from);
      if ((Math.abs(from.x - to.x) < 1 || isLift) && (isAbove || isBelow)) {
        const [start, end] = isAbove ? [bottom(from), top(to)] : [top(from), bottom(to)];
        const isShown = Math.abs(start - end) >= 18 && !isLift;
        return {
          from,
          to,
          link,
          points: [
            [isLift ? to.x : from.x, start],
            [to.x, end],
          ],
          ...(isShown || isLift ? beside(to.x, (start + end) / 2 + 4) : {}),
        };
      }
      if (isAbove) {
        const x = leaveX(from);
        const points = [
          [x, bottom(from)],
          [x, to.y],
          [left(to), to.y],
        ] as const;
        return { from, to, link, points, ...beside(x, bottom(from) + 17) };
      }
      if (isBelow && to.x > left(from) && to.x < right(from)) {
        return {
          from,
          to,
          link,
          points: [
            [to.x, top(from)],
            [to.x, bottom(to)],
          ],
          ...(top(from) - bottom(to) >= 18 ? beside(to.x, (top(from) + bottom(to)) / 2 + 4) : {}),
        };
      }
      if (isBelow) {
        const points = [
          [right(from), from.y],
          [to.x, from.y],
          [to.x, bottom(to)],
        ] as const;
        const isRoom = lifts.has(to.item) || from.y - bottom(to) >= rowGap;
        return { from, to, link, points, ...(isRoom ? beside(to.x, bottom(to) + 17) : {}) };
      }
      const between = shapes.some(
        (other) =>
          other !== from &&
          other !== to &&
          other.y === to.y &&
          left(other) > right(from) &&
          right(other) < left(to),
      );
      if (between) {
        const y = Math.min(top(from), top(to)) - 16;
        return {
          from,
          to,
          link,
          points: [
            [from.x, top(from)],
            [from.x, y],
            [to.x, y],
            [to.x, top(to)],
          ],
        };
      }
      const points = [
        [right(from), from.y],
        [left(to), to.y],
      ] as const;
      const isRoom = left(to) - right(from) >= wide + 10;
      const label = { x: (right(from) + left(to)) / 2, y: to.y - 6, anchor: "middle" as const };
      return { from, to, link, points, ...(isRoom ? { label } : {}) };
    }),
  );
}
