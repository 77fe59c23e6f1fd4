import type { Graph, Node, Value } from "../graph/graph.js";
import type { Reach } from "../graph/operation.js";
import { type Bindings, evaluateSize } from "../graph/size.js";
import { findAxis } from "../graph/tensor.js";
import type { AxisReceptiveField, ReceptiveField } from "./analysis.js";
import { type Field, fieldOf, type Seen } from "./reach/field.js";
import type { Reaches } from "./reach/motion.js";
import { reachOfAxis } from "./reach/reach-of-axis.js";
import { wholeReaches } from "./reach/whole-axes.js";

/**
 * For each output and each input that it depends on: which positions of the input one position of the output depends on.
 *
 * An output position is followed back through every operation, at all positions of one period of the network's strides;
 * the largest counts. It is what the network's structure says far from borders, for weights none of which is 0. What is
 * exact is the hull, from the first voxel that matters to the last; between them a dilated network may skip some.
 */
export function receptiveField(graph: Graph): readonly ReceptiveField[] {
  const reaches = reachesOf(graph);
  const withStatistics = statisticsAsValues(reaches);
  return graph.outputs.flatMap(({ name, value }) => {
    const nodes = ancestors(value, graph.nodes);
    const field = fieldOf(value, nodes, reaches, graph);
    let complete: Field | undefined;
    const inputs = graph.inputs.filter(
      (input) => value === input || nodes.some((node) => node.inputs.includes(input)),
    );
    return inputs.map((input) => {
      const { operations, axes: looked } = wholeReaches(input, nodes, reaches);
      const axes = input.type.axes.flatMap(({ name: axis, size }, index) => {
        if (axis === "n" || axis === "c") return [];
        const all = () => {
          // What some operation looks at as a whole need not be followed position by position.
          if (looked.has(axis)) return "all";
          if (!withStatistics) return field.seen(input, index);
          complete ??= fieldOf(value, nodes, withStatistics, graph);
          return complete.seen(input, index);
        };
        return [describe(axis, evaluateSize(size, graph.bindings), field.seen(input, index), all())];
      });
      const exact = field.exact && (complete?.exact ?? true);
      return { output: name, input: input.name, axes, whole: operations, exact };
    });
  });
}

function ancestors(output: Value, nodes: readonly Node[]): readonly Node[] {
  const needed = new Set<Value>([output]);
  for (const node of nodes.toReversed()) {
    if (needed.has(node)) for (const input of node.inputs) needed.add(input);
  }
  return nodes.filter((node) => needed.has(node));
}

function reachesOf({ nodes, bindings }: Graph): Reaches {
  return new Map(
    nodes.map((node) => [node, node.inputs.map((input, index) => reachOf(node, input, index, bindings))]),
  );
}

/** For each axis of an input what the operation says or, where it says nothing, position by position. */
function reachOf(node: Node, input: Value, index: number, bindings: Bindings): readonly Reach[] {
  const given = node.operation.reach(node, index, bindings);
  return input.type.axes.map(({ name }): Reach => {
    const own = reachOfAxis(given, name);
    if (own) return own;
    return findAxis(node.type, name)
      ? { kind: "window", from: name, stride: 1, low: 0, high: 0 }
      : { kind: "whole" };
  });
}

/** The reaches with statistics counted as values; none where there are no statistics. */
function statisticsAsValues(reaches: Reaches): Reaches | undefined {
  let any = false;
  const valued = (reach: Reach): Reach => {
    if (reach.kind !== "statistics") return reach;
    any = true;
    return { kind: "whole" };
  };
  const all = [...reaches].map(([node, inputs]) => [node, inputs.map((axes) => axes.map(valued))] as const);
  return any ? new Map(all) : undefined;
}

function describe(
  axis: string,
  tile: number | undefined,
  values: Seen | "all",
  all: Seen | "all",
): AxisReceptiveField {
  const withStatistics = voxelsOf(all, tile);
  const voxels = voxelsOf(values, tile);
  if (values === "all" || voxels === "whole") {
    return { axis, voxels: "whole", before: 0, after: 0, withStatistics, period: 1, overlap: "whole" };
  }
  const { windows, period, moves } = values;
  const tileOverlap = tile === undefined ? undefined : overlapInTiles(values, tile);
  return {
    axis,
    voxels,
    before: largest(windows.map(({ first, at }) => at - first)),
    after: largest(windows.map(({ last, at }) => last - at)),
    withStatistics,
    period,
    overlap: moves === undefined ? "whole" : overlapOf(values),
    ...(tileOverlap === undefined ? {} : { tileOverlap }),
  };
}

function voxelsOf(seen: Seen | "all", tile: number | undefined): number | "whole" {
  if (seen === "all") return "whole";
  const voxels = largest(seen.windows.map(({ first, last }) => last - first + 1));
  // A window of a network whose strides repeat is one also where a tile is shorter than it.
  return seen.moves === undefined && tile !== undefined && voxels >= tile ? "whole" : voxels;
}

/** The largest of some numbers; 0 where there are none, as where an output depends on no voxel. */
function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), numbers[0] ?? 0);
}

/**
 * The smallest overlap V of tiles that start at multiples of the period Q, so that every output position o has a tile in
 * which all that it sees, first(o) to last(o), lies. With tiles of length T every I = T - V voxels (I a multiple of Q),
 * the last tile that starts before first(o) starts t = first(o) mod I before it, so last(o) is in that tile where
 * t + last(o) - first(o) < T. Over all o of one residue, t is at most I - Q + first(o) mod Q; that leaves
 * V >= last(o) - first(o) + 1 + first(o) mod Q - Q. No overlap does with less, since an earlier tile ends earlier.
 */
function overlapOf({ windows, period }: Seen): number {
  const needed = windows.map(({ first, last }) => {
    const offset = first - period * Math.floor(first / period);
    return last - first + 1 + offset - period;
  });
  return Math.max(0, largest(needed));
}

/**
 * The smallest overlap for tiles of a length T: of the output positions of each residue, some number N in a row depends on
 * nothing beyond the ends of any tensor. Tiles that are N periods apart reach every position; N counts for the residue
 * that has fewest.
 */
function overlapInTiles({ period, moves }: Seen, tile: number): number | undefined {
  if (moves === undefined || !(moves > 0)) return undefined;
  return Math.max(0, tile - moves * period);
}
