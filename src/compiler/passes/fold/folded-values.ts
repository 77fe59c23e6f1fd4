import type { Node, Value } from "../../graph/graph.js";
import { constantSize } from "../../graph/size.js";
import { findAxis } from "../../graph/tensor.js";
import { merge } from "../../ops/merge.js";
import { split } from "../../ops/split.js";
import { known } from "../../support/invariant.js";
import { type Rewriter, sizeOf } from "../rewriter.js";

/** A value whose slices along an axis are part of the batch: its axes are n (n times slices), c and the rest. */
export interface Folded {
  readonly axis: string;
  readonly value: Value;
}

/**
 * Values of the old graph in their forms in the new one: with the axes they had, or folded. A form is made when it is
 * first asked for; what comes of it where neighbours are folded alike are views that cancel.
 */
export class FoldedValues {
  private readonly plain = new Map<Value, Value>();
  private readonly folded = new Map<Value, Folded>();

  constructor(private readonly rewriter: Rewriter) {}

  /** How a value was computed: folded along an axis, or undefined where it was not. */
  foldingOf(value: Value): string | undefined {
    return this.folded.get(value)?.axis;
  }

  setPlain(value: Value, now: Value): void {
    this.plain.set(value, now);
    if (value.kind === "node") this.rewriter.replace(value, now);
  }

  setFolded(value: Value, folded: Folded): void {
    this.folded.set(value, folded);
  }

  /** The value with the axes it had, in their order. */
  asPlain(value: Value, origin: Node): Value {
    const found = this.plain.get(value) ?? (value.kind === "input" ? value : undefined);
    if (found) return found;
    const { axis, value: folded } = known(this.folded.get(value), value.name);
    const opened = openSlices(this.rewriter, origin, { axis, value: folded }, sizeOf(value.type, axis));
    const order = value.type.axes.map(({ name }) => name);
    const result = this.rewriter.reorder(origin, opened, order, "as_written");
    this.setPlain(value, result);
    return result;
  }

  /** The value with slices along `axis` in the batch; it must have that axis and n. */
  asFolded(value: Value, axis: string, origin: Node): Value {
    const found = this.folded.get(value);
    if (found?.axis === axis) return found.value;
    const result = closeSlices(this.rewriter, origin, this.asPlain(value, origin), axis);
    // What a value was computed as stays, so that the way back remains the short one.
    if (!found) this.folded.set(value, { axis, value: result });
    return result;
  }
}

/** Takes the slices out of the batch: n, the axis, c and the rest. No element moves. */
export function openSlices(rewriter: Rewriter, origin: Node, { axis, value }: Folded, slices: number): Value {
  const parts = [{ name: "n" }, { name: axis, size: constantSize(slices) }];
  const attributes = { axes: [{ axis: "n", value: parts }] };
  return rewriter.apply(origin, { operation: split, inputs: [value], attributes, part: "slices" });
}

/** Makes slices part of the batch: n, c, and the rest in their order. */
export function closeSlices(rewriter: Rewriter, origin: Node, value: Value, axis: string): Value {
  const attributes = { axes: [{ axis: "n", value: [{ name: "n" }, { name: axis }] }] };
  const merged = rewriter.apply(origin, { operation: merge, inputs: [value], attributes, part: "batch" });
  const names = merged.type.axes.map(({ name }) => name);
  const rest = names.filter((name) => name !== "n" && name !== "c");
  const channels = findAxis(merged.type, "c") ? ["c"] : [];
  return rewriter.reorder(origin, merged, ["n", ...channels, ...rest], "batch_first");
}
