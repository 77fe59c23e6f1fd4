import type { OnnxLowering } from "../graph/lowering.js";
import { known } from "../support/invariant.js";

/** Longer axes are summed in two steps. */
const longestRun = 1024;

/**
 * Sums or averages over axes, one axis at a time and long ones in two steps. One ReduceMean over a whole volume would
 * add millions of 32-bit floats into a few sums, and lose three of seven digits that way; short runs lose none.
 * `axes` are positions in `shape`; they stay, with size 1.
 */
export function reduceInSteps(
  onnx: OnnxLowering,
  operator: "ReduceMean" | "ReduceSum",
  value: string,
  shape: readonly number[],
  axes: readonly number[],
  hint: string,
): string {
  let current = value;
  const sizes = [...shape];
  for (const axis of axes.toSorted((a, b) => b - a)) {
    const name = `${hint}_${axis}`;
    const reduce = (along: number, keepdims: number, hint: string) => {
      const attributes = { keepdims: { int: keepdims } };
      current = onnx.node(operator, [current, onnx.int64([along])], attributes, { hint })[0];
    };
    const size = known(sizes[axis], "reduced axis");
    const run = size > longestRun ? divisorNearRoot(size) : 1;
    if (run > 1) {
      const split = [...sizes.slice(0, axis), size / run, run, ...sizes.slice(axis + 1)];
      current = onnx.node("Reshape", [current, onnx.int64(split)], {}, { hint: `${name}_runs` })[0];
      reduce(axis + 1, 0, `${name}_short`);
    }
    reduce(axis, 1, name);
    sizes[axis] = 1;
  }
  return current;
}

/** The divisor of a number that is nearest its root from below. */
export function divisorNearRoot(value: number): number {
  return largestDivisor(value, Math.floor(Math.sqrt(value)));
}

/** The largest divisor of a number that is not above another. */
export function largestDivisor(value: number, most: number): number {
  for (let divisor = Math.min(value, most); divisor > 1; divisor--) {
    if (value % divisor === 0) return divisor;
  }
  return 1;
}

/** Adds nodes one after another: gives the output of an operator for operands, under a name. */
export function stepsOf(onnx: OnnxLowering) {
  return (
    operator: string,
    operands: readonly string[],
    hint: string,
    attributes: Parameters<OnnxLowering["node"]>[2] = {},
  ): string => onnx.node(operator, operands, attributes, { hint })[0];
}

/** A weight and a bias in a shape that is broadcast to what they scale. */
export interface ScaleAndBias {
  readonly weight: string;
  readonly bias: string;
}

/**
 * (x - mean) / sqrt(variance + epsilon), with the biased variance, and times the weight plus the bias where there are
 * such: mean and variance over `axes`, positions in `shape`, by sums in steps.
 */
export function normalizeInSteps(
  onnx: OnnxLowering,
  value: string,
  shape: readonly number[],
  axes: readonly number[],
  epsilon: number,
  affine: ScaleAndBias | undefined,
): string {
  const step = stepsOf(onnx);
  const mean = reduceInSteps(onnx, "ReduceMean", value, shape, axes, "mean");
  const centred = step("Sub", [value, mean], "centred");
  const squares = step("Mul", [centred, centred], "squares");
  const variance = reduceInSteps(onnx, "ReduceMean", squares, shape, axes, "variance");
  const stabilized = step("Add", [variance, onnx.float32([epsilon], [])], "stabilized");
  const deviation = step("Sqrt", [stabilized], "deviation");
  if (!affine) return step("Div", [centred, deviation], "normalized");
  const factor = step("Div", [affine.weight, deviation], "factor");
  return step("Add", [step("Mul", [centred, factor], "normalized"), affine.bias], "biased");
}
