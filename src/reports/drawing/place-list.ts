import type { Item } from "./items.js";
import { type Arrow, bottom, left, type Placed, type Placement, sizeOf, top } from "./placement.js";

const gap = 34;
/** Arrows that pass shapes by run beside them, so far from one another. */
const lane = 26;

/** One below the other: for networks that stay at one resolution. */
export function placeAsList(items: readonly Item[]): Placement {
  const shapes: Placed[] = [];
  let y = 0;
  for (const item of items) {
    const size = sizeOf(item);
    shapes.push({ item, x: 0, y: y + size.height / 2, ...size });
    y += size.height + gap;
  }
  const widest = Math.max(...shapes.map(({ width }) => width));
  const placeOf = new Map(shapes.map((shape) => [shape.item, shape]));
  const lanes: { readonly from: number; readonly to: number }[][] = [];
  const laneFor = (from: number, to: number): number => {
    const free = lanes.findIndex((taken) => taken.every((other) => other.to <= from || other.from >= to));
    const at = free < 0 ? lanes.length : free;
    lanes[at] = [...(lanes[at] ?? []), { from, to }];
    return at;
  };
  const arrows = shapes.flatMap((to, index) =>
    to.item.inputs.map((link): Arrow => {
      const from = placeOf.get(link.from) as Placed;
      const start = shapes.indexOf(from);
      if (start === index - 1) {
        const label = { x: to.x + 8, y: (bottom(from) + top(to)) / 2 + 1, anchor: "start" as const };
        return {
          from,
          to,
          link,
          points: [
            [from.x, bottom(from)],
            [to.x, top(to)],
          ],
          label,
        };
      }
      const x = -widest / 2 - 22 - laneFor(start, index) * lane;
      const points = [
        [left(from), from.y],
        [x, from.y],
        [x, to.y],
        [left(to), to.y],
      ] as const;
      return { from, to, link, points };
    }),
  );
  return { shapes, arrows };
}
