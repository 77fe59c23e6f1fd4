import { type Bindings, evaluateSize, noBindings, productOfSizes, type Size, showSize } from "./size.js";

/** A named axis with its size. */
export interface Axis {
  readonly name: string;
  readonly size: Size;
}

/** The type of a tensor of 32-bit floats: its axes, in order. */
export interface TensorType {
  readonly axes: readonly Axis[];
}

export function findAxis(type: TensorType, name: string): Axis | undefined {
  return type.axes.find((axis) => axis.name === name);
}

export function axisIndex(type: TensorType, name: string): number {
  return type.axes.findIndex((axis) => axis.name === name);
}

/** The type with one axis of another size. */
export function withAxisSize(type: TensorType, name: string, size: Size): TensorType {
  return { axes: type.axes.map((axis) => (axis.name === name ? { name, size } : axis)) };
}

/** The axes that a convolution's kernel runs over: all but the batch `n` and the channels `c`, in order. */
export function spatialAxes(type: TensorType): readonly Axis[] {
  return type.axes.filter(({ name }) => name !== "n" && name !== "c");
}

/** The number of elements. */
export function elementCount(type: TensorType): Size {
  return productOfSizes(type.axes.map(({ size }) => size));
}

/** The sizes in axis order, or undefined while one of them is unbound. */
export function concreteShape(
  type: TensorType,
  bindings: Bindings = noBindings,
): readonly number[] | undefined {
  const shape = type.axes.map(({ size }) => evaluateSize(size, bindings));
  return shape.every((size) => size !== undefined) ? shape : undefined;
}

/** A type as the language writes it: `float[n: 1, c: 32, x, y, z]`; an unbound input axis shows its name alone. */
export function showType(type: TensorType, bindings: Bindings = noBindings): string {
  const axes = type.axes.map(({ name, size }) => {
    const shown = showSize(size, bindings);
    return shown === name ? name : `${name}: ${shown}`;
  });
  return `float[${axes.join(", ")}]`;
}
