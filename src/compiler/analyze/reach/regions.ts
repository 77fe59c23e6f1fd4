import type { GraphInput, Node, Value } from "../../graph/graph.js";
import type { Reach } from "../../graph/operation.js";
import { type Bindings, evaluateSize } from "../../graph/size.js";
import { known } from "../../support/invariant.js";
import type { Fraction, Motion, Motions, Reaches } from "./motion.js";
import {
  composed,
  contains,
  digitPieces,
  filled,
  intersection,
  modulo,
  offset,
  type Positions,
  range,
  samePositions,
  slid,
  union,
} from "./positions.js";

/** Elements of a tensor: for each of its axes, in order, some positions; all combinations of them. */
export type Box = readonly Positions[];

/** More boxes than this for one tensor are joined into one that holds them all. */
const mostBoxes = 24;

/** Traces one position of an output, given for its axes that move; along the others all positions are taken. */
export type Trace = (position: ReadonlyMap<string, number>) => Dependence;

/** A node with its uses of values, and what they came to the last time: neighbours often see the same. */
interface Stage {
  readonly node: Node;
  readonly seen: Axes;
  readonly steps: readonly Step[];
  last?: { readonly boxes: readonly Box[]; readonly images: readonly (readonly Box[])[] };
}

/** A node's use of one of its inputs. */
interface Step {
  readonly input: Value;
  /** For each axis of the input. */
  readonly reaches: readonly Reach[];
  readonly seen: Axes;
  readonly target: Axes;
  /** Whether elements depend on those at the same place alone, along the same axes. */
  readonly unchanged: boolean;
  /** Whether an output's box may have to be taken apart. */
  readonly branching: boolean;
  /** The order in which the input's axes are looked at: first those for which the output's box is taken apart. */
  readonly order: readonly number[];
}

/** What has to be known about a tensor's axes, in order. */
interface Axes {
  /** Whether gaps between positions matter: else only the first and the last are kept, which is faster. */
  readonly gaps: boolean;
  readonly index: ReadonlyMap<string, number>;
  readonly motions: readonly Motion[];
  readonly sizes: readonly (number | undefined)[];
  /** By how much positions move when the output's move by a period along an axis of it. */
  readonly steps: readonly ({ readonly along: string; readonly by: number } | undefined)[];
}

/** Readies an output for being traced; the motions are those of every value that it depends on. */
export function tracerOf(
  output: Value,
  nodes: readonly Node[],
  reaches: Reaches,
  motions: Motions,
  bindings: Bindings,
): Trace {
  // The ends of several positions may need nothing, and where an axis is taken apart each position counts.
  const matter = (reach: Reach) => mayMiss(reach) || reach.kind === "merged";
  const gaps = nodes.some((node) => known(reaches.get(node), node.name).some((own) => own.some(matter)));
  const axes = new Map<Value, Axes>();
  const axesOf = (value: Value): Axes => {
    const found = axes.get(value) ?? describe(value, motions, gaps, bindings);
    axes.set(value, found);
    return found;
  };
  /** What stands for a value: where nodes only pass on what is needed of them, the value that they are made of. */
  const standing = new Map<Value, Value>();
  const stages: Stage[] = [];
  for (const node of nodes) {
    // Of some tensors only the sizes matter.
    if (!motions.of.has(node)) continue;
    const through = known(reaches.get(node), node.name);
    const steps = node.inputs.flatMap((input, index) => {
      const own = standing.get(input) ?? input;
      const reach = known(through[index], node.name);
      if (reach.some(({ kind }) => kind === "none")) return [];
      return [stepOf(own, reach, axesOf(node), axesOf(input))];
    });
    const [only, ...others] = steps;
    if (only?.unchanged && others.length === 0) standing.set(node, only.input);
    else stages.push({ node, seen: axesOf(node), steps });
  }
  stages.reverse();
  return (position) => traceBack(output, standing.get(output) ?? output, stages, axesOf, position);
}

/** Whether an output position may need nothing along an axis, as between the kernels of a transposed convolution. */
export function mayMiss(reach: Reach): boolean {
  return reach.kind === "transposed" && reach.high - reach.low + 1 < reach.stride;
}

function describe(value: Value, { of, periods }: Motions, gaps: boolean, bindings: Bindings): Axes {
  const { axes } = value.type;
  const motions = known(of.get(value), value.name);
  return {
    gaps,
    index: new Map(axes.map(({ name }, index) => [name, index])),
    motions,
    sizes: axes.map(({ size }) => evaluateSize(size, bindings)),
    steps: motions.map((motion) => {
      if (motion.kind !== "moving" || motion.by.size > 1) return undefined;
      const [[along, { numerator, denominator }]] = [...motion.by] as [[string, Fraction]];
      return { along, by: Number(((periods.get(along) ?? 1n) * numerator) / denominator) };
    }),
  };
}

function stepOf(input: Value, reaches: readonly Reach[], seen: Axes, target: Axes): Step {
  const unchanged =
    seen.index.size === reaches.length &&
    reaches.every((reach, axis) => {
      const plain = reach.kind === "window" && reach.stride === 1 && reach.low === 0 && reach.high === 0;
      if (!(reach.kind === "statistics" || (plain && (reach.divisor ?? 1) === 1))) return false;
      return seen.index.get(reach.from) === axis && seen.sizes[axis] === target.sizes[axis];
    });
  const order = reaches.map((_, axis) => axis).sort((a, b) => rank(reaches[a]) - rank(reaches[b]));
  const branching = reaches.some(({ kind }) => kind === "cases" || kind === "merged");
  return { input, reaches, seen, target, unchanged, branching, order };
}

/** The elements of the network's inputs on which an element of the output depends. */
export interface Dependence {
  readonly boxes: ReadonlyMap<GraphInput, readonly Box[]>;
  /** Whether nothing was joined that may be more than what matters. */
  readonly exact: boolean;
  /**
   * By axis of the output: the first and the last number of periods by which the position can be moved so that nothing
   * that it depends on, in any tensor of the network, lies beyond that tensor's ends. None where sizes are open.
   */
  readonly within: ReadonlyMap<string, readonly [first: number, last: number]>;
}

function traceBack(
  output: Value,
  made: Value,
  stages: readonly Stage[],
  axesOf: (value: Value) => Axes,
  position: ReadonlyMap<string, number>,
): Dependence {
  let exact = true;
  const within = new Map<string, [number, number]>();
  const needed = new Map<Value, readonly Box[]>();
  const start = output.type.axes.map(({ name }): Positions => {
    const at = position.get(name);
    return at === undefined ? "all" : range(at, at);
  });
  needed.set(made, [start]);
  for (const stage of stages) {
    const boxes = needed.get(stage.node) ?? [];
    needed.delete(stage.node);
    narrow(within, boxes, stage.seen);
    if (!stage.last || !sameBoxes(stage.last.boxes, boxes)) {
      stage.last = { boxes, images: stage.steps.map((step) => imagesOf(boxes, step)) };
    }
    for (const [index, { input }] of stage.steps.entries()) {
      let found = needed.get(input);
      const images = stage.last.images[index] as readonly Box[];
      if (!found) found = images;
      else for (const image of images) found = withBox(found, image);
      if (found.length > mostBoxes) {
        found = [enclosing(found)];
        exact = false;
      }
      needed.set(input, found);
    }
  }
  const inputs = [...needed].filter(
    (entry): entry is [GraphInput, readonly Box[]] => entry[0].kind === "input",
  );
  for (const [input, boxes] of inputs) narrow(within, boxes, axesOf(input));
  return { boxes: new Map(inputs), exact, within };
}

function sameBoxes(a: readonly Box[], b: readonly Box[]): boolean {
  return a === b || (a.length === b.length && a.every((box, index) => sameBox(box, b[index] as Box)));
}

function sameBox(a: Box, b: Box): boolean {
  return a === b || a.every((positions, axis) => samePositions(positions, b[axis] as Positions));
}

/** Leaves of the moves those after which the boxes lie between their tensor's ends. */
function narrow(within: Map<string, [number, number]>, boxes: readonly Box[], { sizes, steps }: Axes): void {
  for (const [axis, step] of steps.entries()) {
    const size = sizes[axis];
    if (!step || size === undefined) continue;
    const moves = within.get(step.along) ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const box of boxes) {
      const positions = box[axis] as Positions;
      if (positions === "all" || positions.length === 0) continue;
      const before = -(positions[0] as number) / step.by;
      const after = (size - 1 - (positions.at(-1) as number)) / step.by;
      moves[0] = Math.max(moves[0], Math.ceil(step.by > 0 ? before : after));
      moves[1] = Math.min(moves[1], Math.floor(step.by > 0 ? after : before));
    }
    within.set(step.along, moves);
  }
}

/** The elements of an input that matter for boxes of a node's output. */
function imagesOf(boxes: readonly Box[], step: Step): readonly Box[] {
  if (step.unchanged) return boxes;
  let found: readonly Box[] = [];
  for (const box of boxes) {
    for (const image of step.branching ? branchedImages(box, step) : plainImages(box, step)) {
      found = withBox(found, image);
    }
  }
  return found;
}

function plainImages(box: Box, { reaches, seen, target }: Step): readonly Box[] {
  const image: Positions[] = [];
  for (const [axis, reach] of reaches.entries()) {
    const positions = bounded(positionsOf(reach, box, seen), target, axis);
    if (positions.length === 0) return [];
    image.push(positions);
  }
  return [image];
}

function branchedImages(box: Box, { reaches, seen, target, order }: Step): readonly Box[] {
  let partial: { box: Box; image: Positions[] }[] = [{ box, image: [] }];
  for (const axis of order) {
    const reach = reaches[axis] as Reach;
    const extended: typeof partial = [];
    for (const part of partial) {
      for (const branch of branches(reach, part.box, seen)) {
        const positions = bounded(branch.positions, target, axis);
        if (positions.length === 0) continue;
        const image = [...part.image];
        image[axis] = positions;
        extended.push({ box: branch.box, image });
      }
    }
    partial = extended;
  }
  return partial.map(({ image }) => image);
}

function rank(reach: Reach | undefined): number {
  if (reach?.kind === "cases") return -2;
  return reach?.kind === "merged" ? -2 + 1 / (1 + reach.stride) : 0;
}

/** Axes that do not move with the output have ends; along the others the network is looked at far from them. */
function bounded(positions: Positions, { gaps, motions, sizes }: Axes, axis: number): Positions {
  const { kind } = motions[axis] as Motion;
  if (kind !== "still") return gaps ? positions : filled(positions);
  const size = sizes[axis];
  if (size === undefined || positions === "all") return positions;
  const within = intersection(positions, 0, size - 1) as readonly number[];
  return within[0] === 0 && within[1] === size - 1 ? "all" : within;
}

interface Branch {
  /** The part of the output's box that this is about. */
  readonly box: Box;
  readonly positions: Positions;
}

function branches(reach: Reach, box: Box, seen: Axes): readonly Branch[] {
  if (reach.kind === "merged") {
    const axis = axisOf(reach.from, seen);
    return digitPieces(box[axis] as Positions, reach.stride, reach.size).map(({ part, digits }) => {
      return { box: box.with(axis, part), positions: digits };
    });
  }
  if (reach.kind === "cases") {
    const axis = axisOf(reach.along, seen);
    return reach.cases.flatMap(({ first, last, reach: own }) => {
      const part = intersection(box[axis] as Positions, first, last);
      return part.length === 0 ? [] : branches(own, box.with(axis, part), seen);
    });
  }
  return [{ box, positions: positionsOf(reach, box, seen) }];
}

function axisOf(name: string, { index }: Axes): number {
  return known(index.get(name), `axis ${name}`);
}

/** The positions along an axis of the input, where they don't depend on each other's combinations. */
function positionsOf(reach: Reach, box: Box, seen: Axes): Positions {
  switch (reach.kind) {
    case "position":
      return range(reach.position, reach.position);
    case "statistics":
      return box[axisOf(reach.from, seen)] as Positions;
    case "rolled": {
      const axis = axisOf(reach.from, seen);
      const positions = finite(box[axis] as Positions, axis, seen);
      if (positions === "all") return positions;
      const moved = offset(positions, -reach.by);
      const wraps = (seen.motions[axis] as Motion).kind === "still" && reach.size !== undefined;
      return wraps ? modulo(moved, reach.size) : moved;
    }
    case "window":
    case "transposed": {
      const axis = axisOf(reach.from, seen);
      const positions = finite(box[axis] as Positions, axis, seen);
      const gaps = seen.gaps || (seen.motions[axis] as Motion).kind === "still";
      return positions === "all" ? "all" : slid(reach, positions, gaps);
    }
    case "split": {
      const at = (name: string) => box[axisOf(name, seen)] as Positions;
      const [outer, ...inner] = reach.parts;
      return inner.reduce(
        (all, part) => composed(all, at(part.from), known(part.size, "size of an inner part")),
        at(known(outer, "outermost part").from),
      );
    }
    default:
      return "all";
  }
}

/** All positions of an axis with ends, in numbers. */
function finite(positions: Positions, axis: number, { motions, sizes }: Axes): Positions {
  const size = sizes[axis];
  if (positions !== "all" || size === undefined || (motions[axis] as Motion).kind !== "still")
    return positions;
  return range(0, size - 1);
}

/** Boxes with one more: without those that lie in another, and two that differ along one axis only made one. */
function withBox(boxes: readonly Box[], added: Box): readonly Box[] {
  if (boxes.length === 0) return [added];
  const within = (inner: Box, outer: Box) =>
    outer.every((positions, axis) => contains(positions, inner[axis] as Positions));
  if (boxes.some((box) => within(added, box))) return boxes;
  const others = boxes.filter((box) => !within(box, added));
  for (const box of others) {
    const differing = added.flatMap((positions, axis) => {
      const other = box[axis] as Positions;
      return contains(positions, other) && contains(other, positions) ? [] : [axis];
    });
    const [axis] = differing;
    if (axis === undefined || differing.length > 1) continue;
    const joined = added.with(axis, union(added[axis] as Positions, box[axis] as Positions));
    return withBox(
      others.filter((other) => other !== box),
      joined,
    );
  }
  return [...others, added];
}

function enclosing(boxes: readonly Box[]): Box {
  const [first, ...others] = boxes as [Box, ...Box[]];
  return others.reduce(
    (all, box) => all.map((positions, axis) => union(positions, box[axis] as Positions)),
    first,
  );
}
