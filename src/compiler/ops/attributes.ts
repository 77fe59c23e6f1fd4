import { argumentOutOfRange, weightTooLarge, wrongExtentLength } from "../diagnostics/catalogue/shapes.js";
import type { Attributes, AxisArgument, ParameterSpec, Ratio, ShapeContext } from "../graph/operation.js";
import type { Axis } from "../graph/tensor.js";
import { invariant } from "../support/invariant.js";
import { product } from "../support/product.js";

/** No channel count, kernel or stride of a real network comes near; beyond it, products leave the exact integers. */
export const largestInteger = 2 ** 20;
/** Values in one weight: 4 GiB of 32-bit floats. */
const largestWeight = 2 ** 30;

/** The value of an int or float argument that is there. */
export function numberOf(attributes: Attributes, name: string): number {
  const value = attributes[name];
  invariant(typeof value === "number", `attribute ${name} is not a number`);
  return value;
}

export function booleanOf(attributes: Attributes, name: string): boolean {
  const value = attributes[name];
  invariant(typeof value === "boolean", `attribute ${name} is not a bool`);
  return value;
}

/** The value of a string or axis argument that is there. */
export function stringOf(attributes: Attributes, name: string): string {
  const value = attributes[name];
  invariant(typeof value === "string", `attribute ${name} is not a string`);
  return value;
}

export function ratioOf(attributes: Attributes, name: string): Ratio {
  const value = attributes[name];
  invariant(typeof value === "object" && "numerator" in value, `attribute ${name} is not a ratio`);
  return value;
}

/** A list of names. */
export function namesOf(attributes: Attributes, name: string): readonly string[] {
  const value = attributes[name];
  invariant(Array.isArray(value) && value.every((item) => typeof item === "string"), `${name} is not names`);
  return value;
}

/** The value of an `axes` argument that is there. */
export const axesOf = namesOf;

/** What an operation was given under the names of axes, in the order in which it is written. */
export function axisArgumentsOf(attributes: Attributes): readonly AxisArgument[] {
  const value = attributes.axes;
  invariant(Array.isArray(value) && value.every((item) => typeof item === "object"), "axes is not arguments");
  return value as readonly AxisArgument[];
}

/** One size for each of `count` axes, or undefined where the argument is absent. */
export function extentOf(attributes: Attributes, name: string, count: number): readonly number[] | undefined {
  const value = attributes[name];
  if (value === undefined) return undefined;
  if (typeof value === "number") return Array.from({ length: count }, () => value);
  invariant(Array.isArray(value) && value.length === count, `attribute ${name} is not ${count} sizes`);
  return value.map((size) => {
    invariant(typeof size === "number", `attribute ${name} is not sizes`);
    return size;
  });
}

/** Refuses an int argument that is not between `minimum` and `maximum`. */
export function checkedInteger(
  context: ShapeContext,
  operation: string,
  argument: string,
  minimum = 1,
  maximum = largestInteger,
): number {
  const value = numberOf(context.attributes, argument);
  if (value < minimum || value > maximum) {
    const expected = `from ${minimum} to ${maximum}`;
    context.refuse(argumentOutOfRange, { operation, argument, found: String(value), expected }, argument);
  }
  return value;
}

/** Refuses a float argument outside `minimum` to `maximum`, or not a number at all. */
export function checkedFloat(
  context: ShapeContext,
  operation: string,
  argument: string,
  minimum: number,
  maximum: number,
): number {
  const value = numberOf(context.attributes, argument);
  if (!(value >= minimum && value <= maximum)) {
    const expected = `from ${minimum} to ${maximum}`;
    context.refuse(argumentOutOfRange, { operation, argument, found: String(value), expected }, argument);
  }
  return value;
}

/** One size for each axis, each at least `minimum`; undefined where the argument is absent. */
export function checkedExtent(
  context: ShapeContext,
  operation: string,
  argument: string,
  axes: readonly Axis[],
  minimum: number,
): readonly number[] | undefined {
  const value = context.attributes[argument];
  if (Array.isArray(value) && value.length !== axes.length) {
    const names = axes.map(({ name }) => name);
    context.refuse(wrongExtentLength, { operation, argument, found: value.join("x"), axes: names }, argument);
  }
  const extent = extentOf(context.attributes, argument, axes.length);
  const wrong = extent?.find((size) => size < minimum || size > largestInteger);
  if (wrong !== undefined) {
    const expected = `from ${minimum} to ${largestInteger}`;
    context.refuse(argumentOutOfRange, { operation, argument, found: String(wrong), expected }, argument);
  }
  return extent;
}

/** Refuses weights that no file could hold. */
export function checkedParameters(
  context: ShapeContext,
  operation: string,
  parameters: readonly ParameterSpec[],
): readonly ParameterSpec[] {
  for (const { role, shape } of parameters) {
    if (product(shape) > largestWeight) {
      context.refuse(weightTooLarge, { operation, role, shape, limit: largestWeight });
    }
  }
  return parameters;
}
