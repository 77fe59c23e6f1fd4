import type { Reach, ReachByAxis } from "../../graph/operation.js";

/** What an operation says of an axis of its input, if it does: axes may be called as what every object inherits. */
export function reachOfAxis(reaches: ReachByAxis, axis: string): Reach | undefined {
  return Object.hasOwn(reaches, axis) ? reaches[axis] : undefined;
}
