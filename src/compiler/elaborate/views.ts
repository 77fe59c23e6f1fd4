import { sizeNotInView } from "../diagnostics/catalogue/size-views.js";
import { viewCollision, viewMismatch } from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { Bindings } from "../graph/size.js";
import { showType, type TensorType } from "../graph/tensor.js";
import type { Span } from "../support/source.js";
import type { View } from "./values.js";

/** The attributes of `rearrange`: the input's axes in their new order, and their new names. */
export interface Rearrangement {
  readonly axes: readonly string[];
  readonly names: readonly string[];
}

interface Seen {
  readonly type: TensorType;
  readonly view: View;
  readonly span: Span;
  readonly bindings: Bindings;
}

/** A view renames axes to roles and puts the roles, in the view's order, where those axes were. */
export function lookThrough({ type, view, span, bindings }: Seen): Rearrangement {
  const roleOf = new Map(view.roles.map(({ role, axis }) => [axis, role]));
  const names = type.axes.map(({ name }) => name);
  const missing = view.roles.map(({ axis }) => axis).filter((axis) => !names.includes(axis));
  if (missing.length > 0) {
    fail(viewMismatch, { view: view.name, missing, type: showType(type, bindings), undo: false }, { span });
  }
  const queue = [...view.roles];
  const axes = names.map((name) => (roleOf.has(name) ? (queue.shift()?.axis as string) : name));
  return withoutCollision({ type, view, span, bindings }, axes, (axis) => roleOf.get(axis) ?? axis);
}

/** The way back: roles are renamed to axes, which stand in the order of the network's input. */
export function lookBack(seen: Seen, axisOrder: readonly string[]): Rearrangement {
  const { type, view, span, bindings } = seen;
  const axisOf = new Map(view.roles.map(({ role, axis }) => [role, axis]));
  const names = type.axes.map(({ name }) => name);
  const missing = view.roles.map(({ role }) => role).filter((role) => !names.includes(role));
  if (missing.length > 0) {
    fail(viewMismatch, { view: view.name, missing, type: showType(type, bindings), undo: true }, { span });
  }
  const rank = (axis: string | undefined) => {
    const index = axisOrder.indexOf(axis as string);
    return index < 0 ? axisOrder.length : index;
  };
  const queue = names
    .filter((name) => axisOf.has(name))
    .sort((a, b) => rank(axisOf.get(a)) - rank(axisOf.get(b)));
  const axes = names.map((name) => (axisOf.has(name) ? (queue.shift() as string) : name));
  return withoutCollision(seen, axes, (axis) => axisOf.get(axis) ?? axis);
}

/**
 * A size, which has a number for each of the network's axes other than n and c in their order, as it reads in the order
 * of the view's roles; and with `undo` the way back.
 */
export function sizeThrough(
  sizes: readonly number[],
  view: View,
  undo: boolean,
  axisOrder: readonly string[],
  span: Span,
): readonly number[] {
  const axes = axisOrder.filter((axis) => axis !== "n" && axis !== "c");
  const seen = view.roles.map(({ axis }) => axis);
  const missing = seen.filter((axis) => !axes.includes(axis));
  if (missing.length > 0 || sizes.length !== axes.length) {
    fail(sizeNotInView, { view: view.name, size: sizes.join("x"), axes, missing }, { span });
  }
  const queue = [...seen];
  const order = axes.map((axis) => axes.indexOf(seen.includes(axis) ? (queue.shift() as string) : axis));
  return order.map((from, to) => sizes[undo ? order.indexOf(to) : from] as number);
}

function withoutCollision(
  { type, view, span, bindings }: Seen,
  axes: readonly string[],
  rename: (axis: string) => string,
): Rearrangement {
  const names = axes.map(rename);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    fail(viewCollision, { view: view.name, axis: twice, type: showType(type, bindings) }, { span });
  }
  return { axes, names };
}
