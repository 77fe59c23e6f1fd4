import type { Node, Value } from "../../graph/graph.js";
import type { Reach } from "../../graph/operation.js";
import { known } from "../../support/invariant.js";

/** A fraction in lowest terms with a positive denominator. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * How the positions that matter along an axis move when the output's position does: not at all; by so much for a step
 * along each axis of the output; or in several ways at once, so that no bounded window holds them.
 */
export type Motion =
  | { readonly kind: "still" }
  | { readonly kind: "moving"; readonly by: ReadonlyMap<string, Fraction> }
  | { readonly kind: "irregular" };

export const still: Motion = { kind: "still" };
const irregular: Motion = { kind: "irregular" };

/** The reach of every node into each of its inputs, for each of that input's axes in order. */
export type Reaches = ReadonlyMap<Node, readonly (readonly Reach[])[]>;

export function fraction(numerator: bigint, denominator: bigint): Fraction {
  const sign = denominator < 0n ? -1n : 1n;
  const common = sign * greatestCommonDivisor(numerator < 0n ? -numerator : numerator, sign * denominator);
  return { numerator: numerator / common, denominator: denominator / common };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

export function leastCommonMultiple(a: bigint, b: bigint): bigint {
  return (a / greatestCommonDivisor(a, b)) * b;
}

/** What motions come to, and after how many steps along each axis of the output everything repeats. */
export interface Motions {
  readonly of: ReadonlyMap<Value, readonly Motion[]>;
  readonly periods: ReadonlyMap<string, bigint>;
}

/**
 * Follows an output back to the inputs. `moving` are the output's axes whose positions count one by one; of the others
 * all positions are looked at together.
 */
export function followMotions(
  output: Value,
  nodes: readonly Node[],
  reaches: Reaches,
  moving: ReadonlySet<string>,
): Motions {
  const of = new Map<Value, Motion[]>();
  const periods = new Map([...moving].map((axis) => [axis, 1n]));
  const one = fraction(1n, 1n);
  of.set(
    output,
    output.type.axes.map(({ name }) => {
      return moving.has(name) ? { kind: "moving", by: new Map([[name, one]]) } : still;
    }),
  );
  for (const node of nodes.toReversed()) {
    const motions = of.get(node);
    if (!motions) continue;
    const own = new Map(node.type.axes.map(({ name }, axis) => [name, motions[axis] as Motion]));
    node.inputs.forEach((input, index) => {
      const reach = known(reaches.get(node)?.[index], `reach of ${node.name}`);
      if (reach.some(({ kind }) => kind === "none")) return;
      const found = reach.map((each) => motionThrough(each, own, periods));
      const earlier = of.get(input);
      of.set(input, earlier ? earlier.map((motion, axis) => merged(motion, found[axis] as Motion)) : found);
    });
  }
  return { of, periods };
}

function motionThrough(reach: Reach, own: ReadonlyMap<string, Motion>, periods: Map<string, bigint>): Motion {
  const from = (axis: string) => known(own.get(axis), `axis ${axis}`);
  switch (reach.kind) {
    case "window":
      return scaled(from(reach.from), BigInt(reach.stride), BigInt(reach.divisor ?? 1), periods);
    case "transposed":
      return scaled(from(reach.from), 1n, BigInt(reach.stride), periods);
    case "statistics":
    case "rolled":
      return from(reach.from);
    case "whole":
    case "position":
    case "none":
      return still;
    case "split":
      return reach.parts.reduce<Motion>((outer, part) => {
        return sum(scaled(outer, BigInt(part.size ?? 1), 1n, periods), from(part.from));
      }, still);
    case "merged": {
      const motion = from(reach.from);
      if (reach.size === undefined) return scaled(motion, 1n, BigInt(reach.stride), periods);
      // The position comes back after a whole turn.
      if (motion.kind !== "moving") return motion;
      scaled(motion, 1n, BigInt(reach.stride) * BigInt(reach.size), periods);
      return still;
    }
    case "cases":
      // Where the case changes on the way, what is seen changes with it.
      if (from(reach.along).kind !== "still") return irregular;
      return reach.cases
        .map((each) => motionThrough(each.reach, own, periods))
        .reduce((all, each) => merged(all, each));
  }
}

/** A motion by a fraction of itself. What divides it must divide every step of a period. */
function scaled(motion: Motion, factor: bigint, divisor: bigint, periods: Map<string, bigint>): Motion {
  if (motion.kind !== "moving") return motion;
  const by = new Map<string, Fraction>();
  for (const [axis, { numerator, denominator }] of motion.by) {
    const step = fraction(numerator * factor, denominator * divisor);
    by.set(axis, step);
    periods.set(axis, leastCommonMultiple(periods.get(axis) ?? 1n, step.denominator));
  }
  return { kind: "moving", by };
}

function sum(a: Motion, b: Motion): Motion {
  if (a.kind === "irregular" || b.kind === "irregular") return irregular;
  if (a.kind === "still") return b;
  if (b.kind === "still") return a;
  const by = new Map(a.by);
  for (const [axis, step] of b.by) {
    const other = by.get(axis) ?? fraction(0n, 1n);
    const numerator = step.numerator * other.denominator + other.numerator * step.denominator;
    const total = fraction(numerator, step.denominator * other.denominator);
    if (total.numerator === 0n) by.delete(axis);
    else by.set(axis, total);
  }
  return by.size === 0 ? still : { kind: "moving", by };
}

function merged(a: Motion, b: Motion): Motion {
  if (a.kind === "still" && b.kind === "still") return a;
  if (a.kind !== "moving" || b.kind !== "moving" || a.by.size !== b.by.size) return irregular;
  for (const [axis, { numerator, denominator }] of a.by) {
    const other = b.by.get(axis);
    if (other?.numerator !== numerator || other.denominator !== denominator) return irregular;
  }
  return a;
}
