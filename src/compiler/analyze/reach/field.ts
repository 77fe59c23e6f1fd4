import type { Graph, GraphInput, Node, Value } from "../../graph/graph.js";
import { evaluateSize } from "../../graph/size.js";
import { known } from "../../support/invariant.js";
import { followMotions, leastCommonMultiple, type Motion, type Motions, type Reaches } from "./motion.js";
import { hull, type Positions, union } from "./positions.js";
import { type Dependence, mayMiss, tracerOf } from "./regions.js";

/** Where a network has strides, positions differ in what they see; of more than these, some are left out. */
const mostPositions = 4096n;

/** What is seen along an axis of an input. */
export interface Seen {
  /** For each position of one period: the first and last that it sees, and where it lies itself. */
  readonly windows: readonly { readonly first: number; readonly last: number; readonly at: number }[];
  /** After so many positions of the input everything repeats. */
  readonly period: number;
  /**
   * For how many periods in a row a position, of whichever residue, depends on nothing beyond the ends of any tensor;
   * infinite where sizes are open, absent where positions don't just repeat.
   */
  readonly moves?: number;
}

/** What an output sees of the network's inputs. */
export interface Field {
  /** `all`: the whole axis. */
  seen(input: GraphInput, axis: number): Seen | "all";
  readonly exact: boolean;
}

export function fieldOf(
  output: Value,
  nodes: readonly Node[],
  reaches: Reaches,
  { inputs, bindings }: Graph,
): Field {
  const motions = followMotions(output, nodes, reaches, movingAxes(output, nodes, reaches, inputs));
  const lengths = new Map(motions.periods);
  const drifts = inputs.some((input) => motions.of.get(input)?.some(({ kind }) => kind === "irregular"));
  if (drifts) {
    // Nothing repeats: each position of the output is another case, where it is known how many there are.
    for (const { name, size } of output.type.axes) {
      const length = evaluateSize(size, bindings);
      if (lengths.has(name) && length !== undefined) lengths.set(name, BigInt(length));
    }
  }
  // Where one axis sees nothing, what the others see does not count.
  const missing = nodes.some((node) => reaches.get(node)?.some((axes) => axes.some(mayMiss)));
  const trace = tracerOf(output, nodes, reaches, motions, bindings);
  const { positions, complete } = positionsOf(lengths, missing || jointly(motions, inputs));
  const traced = positions.map((position) => ({ position, found: trace(position) }));
  const bound = output.type.axes.every(({ size }) => evaluateSize(size, bindings) !== undefined);
  return {
    seen: (input, axis) => {
      const motion = known(motions.of.get(input)?.[axis], "a motion");
      const { size } = known(input.type.axes[axis], "an axis");
      const windows = windowsOf(traced, input, axis, motion);
      if (windows === "all" || (motion.kind === "irregular" && !bound)) return "all";
      const { period, along } = repetition(motion, motions, evaluateSize(size, bindings));
      if (along === undefined) return { windows, period };
      return { windows, period, moves: drifts ? 0 : fewestMoves(traced, along) };
    },
    exact: complete && traced.every(({ found }) => found.exact),
  };
}

/**
 * The axes of an output whose positions count one by one: those with which positions along an axis of an input other than
 * its channels move. Of the others, such as an output's channels, all positions count together.
 */
function movingAxes(
  output: Value,
  nodes: readonly Node[],
  reaches: Reaches,
  inputs: readonly GraphInput[],
): ReadonlySet<string> {
  const candidates = output.type.axes.map(({ name }) => name).filter((name) => name !== "c");
  const { of } = followMotions(output, nodes, reaches, new Set(candidates));
  const moving = new Set<string>();
  for (const input of inputs) {
    of.get(input)?.forEach((motion, axis) => {
      if (input.type.axes[axis]?.name === "c") return;
      if (motion.kind === "moving") for (const name of motion.by.keys()) moving.add(name);
      // Which axes make it drift is not recorded.
      if (motion.kind === "irregular") for (const name of candidates) moving.add(name);
    });
  }
  return moving;
}

/** Whether positions along one axis of an input depend on those along several axes of the output. */
function jointly({ of, periods }: Motions, inputs: readonly GraphInput[]): boolean {
  const long = (motion: Motion) =>
    motion.kind === "moving" && [...motion.by.keys()].filter((axis) => periods.get(axis) !== 1n).length > 1;
  return inputs.some((input) => of.get(input)?.some(long));
}

/**
 * The output positions to look at: along all axes at once, since what is seen along one does not depend on where the
 * position lies along another; `combined`: every combination.
 */
function positionsOf(
  lengths: ReadonlyMap<string, bigint>,
  combined: boolean,
): { readonly positions: readonly ReadonlyMap<string, number>[]; readonly complete: boolean } {
  const all = [...lengths];
  const count = combined
    ? all.reduce((product, [, length]) => product * length, 1n)
    : all.reduce((longest, [, length]) => (length > longest ? length : longest), 1n);
  const complete = count <= mostPositions;
  const step = complete ? 1n : count / mostPositions;
  const positions = Array.from({ length: Number(complete ? count : mostPositions) }, (_, index) => {
    let rest = BigInt(index) * step;
    return new Map(
      all.map(([axis, length]) => {
        const at = Number(rest % length);
        if (combined) rest /= length;
        return [axis, at];
      }),
    );
  });
  return { positions, complete };
}

interface Traced {
  readonly position: ReadonlyMap<string, number>;
  readonly found: Dependence;
}

function windowsOf(
  traced: readonly Traced[],
  input: GraphInput,
  axis: number,
  motion: Motion,
): Seen["windows"] | "all" {
  const windows: { first: number; last: number; at: number }[] = [];
  for (const { position, found } of traced) {
    const boxes = found.boxes.get(input) ?? [];
    const positions = boxes.reduce<Positions>((all, box) => union(all, box[axis] as Positions), []);
    if (positions === "all") return "all";
    if (positions.length === 0) continue;
    const [first, last] = hull(positions);
    const name = known(input.type.axes[axis], "an axis").name;
    windows.push({ first, last, at: placeOf(motion, position, name) ?? first });
  }
  return windows;
}

/** The voxel of the input in which an output position lies, as far as that can be said. */
function placeOf(motion: Motion, position: ReadonlyMap<string, number>, axis: string): number | undefined {
  if (motion.kind !== "moving") return position.get(axis);
  let place = 0;
  for (const [along, { numerator, denominator }] of motion.by) {
    place += (known(position.get(along), along) * Number(numerator)) / Number(denominator);
  }
  return Math.floor(place);
}

/**
 * After how many positions what is seen repeats, if at all before the axis ends, and the output's axis along which it
 * moves, forward and it alone.
 */
function repetition(
  motion: Motion,
  { periods }: Motions,
  size: number | undefined,
): { readonly period: number; readonly along?: string } {
  if (motion.kind !== "moving") return { period: size ?? 1 };
  const steps = [...motion.by].map(([along, { numerator, denominator }]) => ({
    along,
    by: ((periods.get(along) ?? 1n) * numerator) / denominator,
  }));
  const [first, ...others] = steps;
  if (first && others.length === 0 && first.by > 0n) return { period: Number(first.by), along: first.along };
  return { period: Number(steps.reduce((all, { by }) => leastCommonMultiple(all, by < 0n ? -by : by), 1n)) };
}

function fewestMoves(traced: readonly Traced[], along: string): number {
  return traced.reduce((fewest, { found }) => {
    const within = found.within.get(along);
    return within ? Math.min(fewest, within[1] - within[0] + 1) : fewest;
  }, Number.POSITIVE_INFINITY);
}
