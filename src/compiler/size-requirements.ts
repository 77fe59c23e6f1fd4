import type { CheckedNetwork } from "./compile.js";
import { divisibility } from "./elaborate/sizes.js";
import { relationHolds } from "./graph/condition.js";
import { symbolsOf } from "./graph/size.js";

/** What one open axis of a network's input must be divisible by; 1 where any size does. */
export interface SizeRequirement {
  readonly axis: string;
  readonly divisor: number;
}

/**
 * What sizes a checked network takes: for each axis of its inputs whose size is open (the batch `n` left out), in order,
 * what it must be divisible by. Axes for which that does not describe the sizes that work are left out.
 */
export function sizeRequirements({ graph }: CheckedNetwork): readonly SizeRequirement[] {
  const open = graph.inputs.flatMap(({ type }) => type.axes.flatMap(({ size }) => [...symbolsOf(size)]));
  const axes = [...new Set(open)].filter((axis) => axis !== "n" && !graph.bindings.has(axis));
  return axes.flatMap((axis) => {
    const divisor = divisibility(graph.conditions, graph.bindings, axis);
    return divisor === undefined ? [] : [{ axis, divisor }];
  });
}

/** Which of the axes of `sizeRequirements` must have one size, in groups: those of views that are stacked, say. */
export function equalAxes(network: CheckedNetwork): readonly (readonly string[])[] {
  const { bindings, conditions } = network.graph;
  const requirements = sizeRequirements(network);
  // Sizes that each axis takes by itself.
  const unit = requirements.reduce((product, { divisor }) => product * divisor, 1);
  const fits = (sizes: readonly (readonly [string, number])[]) => {
    const tried = new Map([...bindings, ...sizes]);
    return conditions.every(({ relation }) => relationHolds(relation, tried) !== false);
  };
  const mustEqual = (a: string, b: string) =>
    fits([
      [a, 6 * unit],
      [b, 6 * unit],
    ]) &&
    [1, 7, 12].every(
      (factor) =>
        !fits([
          [a, 6 * unit],
          [b, factor * unit],
        ]),
    );
  const groups: string[][] = [];
  for (const { axis } of requirements) {
    const group = groups.find(([first]) => mustEqual(first as string, axis));
    if (group) group.push(axis);
    else groups.push([axis]);
  }
  return groups.filter((group) => group.length > 1);
}
