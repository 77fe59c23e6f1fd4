import type { Graph, GraphInput, Node, Value } from "../graph/graph.js";
import type { Ratio, Reach, ReachByAxis } from "../graph/operation.js";
import { type Bindings, greatestCommonDivisor } from "../graph/size.js";
import { known } from "../support/invariant.js";
import type { Level } from "./analysis.js";
import { reachOfAxis } from "./reach/reach-of-axis.js";

/** Where a value's axes come from, and how far apart its positions are in the network's input. */
interface Place {
  /** By axis of the value, for those that run along axes of the volume. */
  readonly axes: ReadonlyMap<string, Track>;
  /** By axis of the volume: voxels from one position to the next. */
  readonly steps: ReadonlyMap<string, Ratio>;
}

/** One axis of the volume with the step along it, or several that were merged, as in tokens. */
interface Track {
  readonly volumeAxes: ReadonlySet<string>;
  readonly step: Ratio;
}

const one: Ratio = { numerator: 1, denominator: 1 };

/**
 * The level of every node: the steps of strides, transposed convolutions and other operations, added up from the input.
 * What has lost an axis of the volume, because axes were merged into tokens or averaged over, stays on the level of what
 * it was made from until the axis comes back under its own name. Weights that stand as tensors of their own have no level.
 */
export function levelsOf(graph: Graph): ReadonlyMap<Node, Level> {
  const volume = volumeAxes(graph.inputs);
  const places = new Map<Value, Place>();
  for (const input of graph.inputs) places.set(input, placeOfInput(input));
  const levels = new Map<Node, Level>();
  for (const node of graph.nodes) {
    const place = placeOfNode(node, places, volume, graph.bindings);
    places.set(node, place);
    levels.set(node, levelOf(place, volume));
  }
  return levels;
}

/** The levels that occur, those with most positions first. */
export function distinctLevels(levels: Iterable<Level>): readonly Level[] {
  const byName = new Map<string, Level>();
  for (const level of levels) byName.set(level.name, level);
  const positions = ({ ratios }: Level) =>
    ratios.reduce((product, { numerator, denominator }) => (product * numerator) / denominator, 1);
  const rank = (level: Level) => (level.ratios.length === 0 ? -1 : positions(level));
  return [...byName.values()].sort((a, b) => rank(b) - rank(a));
}

/** The axes of the network's inputs other than n and c, in order. */
export function volumeAxes(inputs: readonly GraphInput[]): readonly string[] {
  const names = inputs.flatMap(({ type }) => type.axes.map(({ name }) => name));
  return [...new Set(names)].filter((name) => name !== "n" && name !== "c");
}

function placeOfInput({ type }: GraphInput): Place {
  const spatial = type.axes.map(({ name }) => name).filter((name) => name !== "n" && name !== "c");
  return {
    axes: new Map(spatial.map((axis) => [axis, { volumeAxes: new Set([axis]), step: one }])),
    steps: new Map(spatial.map((axis) => [axis, one])),
  };
}

function placeOfNode(
  node: Node,
  places: ReadonlyMap<Value, Place>,
  volume: readonly string[],
  bindings: Bindings,
): Place {
  const axes = new Map<string, Track>();
  const inherited = new Map<string, Ratio>();
  const own = new Set(node.type.axes.map(({ name }) => name));
  node.inputs.forEach((input, index) => {
    const place = known(places.get(input), `the place of ${input.name}`);
    for (const [axis, step] of place.steps) if (!inherited.has(axis)) inherited.set(axis, step);
    for (const [axis, track] of tracksThrough(place, node.operation.reach(node, index, bindings))) {
      if (own.has(axis) && !axes.has(axis)) axes.set(axis, track);
    }
  });
  axes.delete("n");
  axes.delete("c");
  for (const axis of volume) {
    const step = inherited.get(axis);
    const isBack = own.has(axis) && axes.get(axis)?.volumeAxes.size !== 1;
    if (step && isBack) axes.set(axis, { volumeAxes: new Set([axis]), step });
  }
  return { axes, steps: new Map([...inherited, ...finestSteps([...axes.values()])]) };
}

function tracksThrough({ axes }: Place, reaches: ReachByAxis): ReadonlyMap<string, Track> {
  const found = new Map<string, Track>();
  for (const [axis, { volumeAxes, step }] of axes) {
    for (const [target, targetStep] of targetsOf(axis, reachOfAxis(reaches, axis), step)) {
      const other = found.get(target);
      found.set(target, {
        volumeAxes: new Set([...(other?.volumeAxes ?? []), ...volumeAxes]),
        // Parts of one axis that come together again have the step of the innermost.
        step: other && isFiner(other.step, targetStep) ? other.step : targetStep,
      });
    }
  }
  return found;
}

/** The output axes that an input axis goes to, with the step along each. */
function targetsOf(
  axis: string,
  reach: Reach | undefined,
  step: Ratio,
): readonly (readonly [string, Ratio])[] {
  if (!reach) return [[axis, step]];
  switch (reach.kind) {
    case "window":
      return [[reach.from, scaled(step, Math.abs(reach.stride), reach.divisor ?? 1)]];
    case "transposed":
      return [[reach.from, scaled(step, 1, reach.stride)]];
    case "statistics":
    case "rolled":
      return [[reach.from, step]];
    case "merged":
      return [[reach.from, step]];
    case "split": {
      let inner = 1;
      return reach.parts.toReversed().map(({ from, size = 1 }) => {
        const part = [from, scaled(step, inner, 1)] as const;
        inner *= size;
        return part;
      });
    }
    case "cases": {
      const [first] = reach.cases;
      return first ? targetsOf(axis, first.reach, step) : [];
    }
    case "whole":
    case "position":
    case "none":
      return [];
  }
}

/** The step along each axis of the volume that can be told: those of parts that are in no mixture. */
function finestSteps(tracks: readonly Track[]): ReadonlyMap<string, Ratio> {
  const steps = new Map<string, Ratio>();
  const mixed = new Set(tracks.flatMap(({ volumeAxes }) => (volumeAxes.size > 1 ? [...volumeAxes] : [])));
  for (const { volumeAxes, step } of tracks) {
    for (const axis of volumeAxes) {
      const other = steps.get(axis);
      if (!mixed.has(axis) && (!other || isFiner(step, other))) steps.set(axis, step);
    }
  }
  return steps;
}

function isFiner(a: Ratio, b: Ratio): boolean {
  return a.numerator * b.denominator < b.numerator * a.denominator;
}

function scaled({ numerator, denominator }: Ratio, factor: number, divisor: number): Ratio {
  const [top, bottom] = [numerator * factor, denominator * divisor];
  const common = greatestCommonDivisor(top, bottom) || 1;
  return { numerator: top / common, denominator: bottom / common };
}

/** The name of a level is one ratio where all axes have the same. */
function levelOf({ steps }: Place, volume: readonly string[]): Level {
  const ratios = volume.flatMap((axis) => {
    const step = steps.get(axis);
    return step ? [{ axis, numerator: step.denominator, denominator: step.numerator }] : [];
  });
  const names = ratios.map(({ numerator, denominator }) =>
    denominator === 1 ? String(numerator) : `${numerator}/${denominator}`,
  );
  if (names.length === 0) return { name: "none", ratios };
  return { name: new Set(names).size === 1 ? (names[0] as string) : names.join(" x "), ratios };
}
