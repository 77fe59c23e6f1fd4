import type { CheckedNetwork } from "./compile.js";
import { divisibility } from "./elaborate/sizes.js";
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
