import type { Node } from "../graph/graph.js";
import type { Reach, ReachByAxis } from "../graph/operation.js";
import { spatialAxes } from "../graph/tensor.js";
import { nodeInputType } from "./axes.js";
import type { Window } from "./windows.js";

/** Every position along an axis. */
export const whole: Reach = { kind: "whole" };

/** No position at all. */
export const none: Reach = { kind: "none" };

/** The reach of what makes each element out of the inputs' elements at the same place. */
export const elementwise = (): ReachByAxis => ({});

/** The same element, so many positions further along an axis: `out[o] = in[o + by]`. */
export function moved(axis: string, by: number): Reach {
  return { kind: "window", from: axis, stride: 1, low: by, high: by };
}

/** The element so many positions before, and at the beginning of the axis those of its end: `out[o] = in[o - by]`. */
export function rolled(axis: string, by: number, size: number | undefined): Reach {
  return { kind: "rolled", from: axis, by, ...(size === undefined ? {} : { size }) };
}

/** A kernel that is laid over an axis. */
export function windowReach(axis: string, { kernel, stride, dilation, padding }: Window): Reach {
  const low = 0 - padding;
  return { kind: "window", from: axis, stride, low, high: low + dilation * (kernel - 1), step: dilation };
}

/** A kernel that every element of an axis spreads: the element at `i` reaches `i * stride - padding` and what follows. */
export function transposedReach(
  axis: string,
  { kernel, stride, padding }: Pick<Window, "kernel" | "stride" | "padding">,
): Reach {
  return { kind: "transposed", from: axis, stride, low: padding - kernel + 1, high: padding };
}

/** The reach of a normalization over every spatial axis: element by element, and all of them through statistics. */
export function normalized(node: Node): ReachByAxis {
  const axes = spatialAxes(nodeInputType(node)).map(({ name }) => name);
  return Object.fromEntries(axes.map((axis) => [axis, { kind: "statistics", from: axis }]));
}
