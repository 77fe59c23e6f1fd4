import type { GraphInput, Node, Value } from "../../graph/graph.js";
import type { Reach } from "../../graph/operation.js";
import { known } from "../../support/invariant.js";
import type { WholeReach } from "../analysis.js";
import type { Reaches } from "./motion.js";

/** Axes of an input that all positions along an axis of a tensor stand for. */
interface Carried {
  readonly axes: ReadonlySet<string>;
  /** Of an axis that was merged: what its parts stand for, by the distance of their positions along it. */
  readonly parts?: ReadonlyMap<number, ReadonlySet<string>>;
}

const nothing: Carried = { axes: new Set() };

/** What operations look at whole axes, by kind in order of first use, and at which axes of the input. */
export interface WholeAxes {
  readonly operations: readonly WholeReach[];
  readonly axes: ReadonlySet<string>;
}

/**
 * The operations that look at all positions along an axis of the volume (axes of `input` other than n and c). Windows that
 * were cut out of an axis are not all of it.
 */
export function wholeReaches(input: GraphInput, nodes: readonly Node[], reaches: Reaches): WholeAxes {
  const spatial = input.type.axes.map(({ name }) => name).filter((name) => name !== "n" && name !== "c");
  const carried = new Map<Value, ReadonlyMap<string, Carried>>();
  carried.set(input, new Map(spatial.map((axis) => [axis, { axes: new Set([axis]) }])));
  const counts = new Map<string, { operation: string; layers: number; of: WholeReach["of"] }>();
  const axes = new Set<string>();
  for (const node of nodes) {
    const own = new Map<string, Carried>();
    const looksAt = new Set<WholeReach["of"]>();
    node.inputs.forEach((value, index) => {
      const through = known(reaches.get(node)?.[index], `reach of ${node.name}`);
      value.type.axes.forEach(({ name }, position) => {
        const from = carried.get(value)?.get(name) ?? nothing;
        if (from.axes.size === 0) return;
        const reach = through[position] as Reach;
        if (reach.kind === "whole") looksAt.add("values");
        if (reach.kind === "statistics") looksAt.add("statistics");
        if (reach.kind === "whole" || reach.kind === "statistics")
          for (const axis of from.axes) axes.add(axis);
        for (const [to, passed] of passedOn(reach, from)) own.set(to, both(own.get(to), passed));
      });
    });
    carried.set(node, own);
    for (const of of looksAt) {
      const key = `${of} ${node.operation.name}`;
      const { layers } = counts.get(key) ?? { layers: 0 };
      counts.set(key, { operation: node.operation.name, layers: layers + 1, of });
    }
  }
  return { operations: [...counts.values()], axes };
}

/** To which axes of the output what an input's axis carries goes. */
function passedOn(reach: Reach, from: Carried): readonly (readonly [string, Carried])[] {
  switch (reach.kind) {
    case "window":
    case "transposed":
    case "statistics":
    case "rolled":
      return [[reach.from, from]];
    case "whole":
    case "position":
    case "none":
      return [];
    case "merged":
      return [[reach.from, { axes: from.axes, parts: new Map([[reach.stride, from.axes]]) }]];
    case "split": {
      let distance = 1;
      return reach.parts.toReversed().map((part, index) => {
        // An inner part is a window of the axis, unless it is what had been merged into it.
        const outermost = index === reach.parts.length - 1;
        const axes = from.parts?.get(distance) ?? (outermost && !from.parts ? from.axes : nothing.axes);
        distance *= part.size ?? 1;
        return [part.from, { axes }] as const;
      });
    }
    case "cases":
      return reach.cases.flatMap((each) => passedOn(each.reach, from));
  }
}

function both(a: Carried | undefined, b: Carried): Carried {
  if (!a) return b;
  const axes = new Set([...a.axes, ...b.axes]);
  if (!a.parts || !b.parts) return { axes };
  const parts = new Map(a.parts);
  for (const [distance, own] of b.parts)
    parts.set(distance, new Set([...(parts.get(distance) ?? []), ...own]));
  return { axes, parts };
}
