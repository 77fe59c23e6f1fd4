import type { Node } from "../graph/graph.js";
import { type Bindings, constantSize, evaluateSizeExactly, type Size, symbolSize } from "../graph/size.js";
import type { TensorType } from "../graph/tensor.js";
import { InvariantViolation, known } from "../support/invariant.js";
import type { AxisExtent } from "./analysis.js";

/** Values are 32-bit floats. */
export const bytesPerValue = 4n;

/** The number that a size is; every symbol in it is bound. */
export function exactSize(size: Size, bindings: Bindings): bigint {
  if (size.terms.length === 0) return BigInt(size.constant);
  const valueOfSymbol = (symbol: string) => {
    const value = bindings.get(symbol);
    return value === undefined ? undefined : BigInt(value);
  };
  return known(evaluateSizeExactly(size, valueOfSymbol), "a bound size");
}

/** A type's axes with their sizes. */
export function extentsOf({ axes }: TensorType, bindings: Bindings): readonly AxisExtent[] {
  return axes.map(({ name, size }) => ({ axis: name, size: exactSize(size, bindings) }));
}

/** How many elements axes have together. */
export function elementsOf(axes: readonly AxisExtent[]): bigint {
  return axes.reduce((product, { size }) => product * size, 1n);
}

/** The number of values of a weight. */
export function valuesOf(shape: readonly number[]): bigint {
  return shape.reduce((product, size) => product * BigInt(size), 1n);
}

/** A type with its sizes as numbers. */
export interface BoundType {
  readonly extents: readonly AxisExtent[];
  readonly elements: bigint;
  /** The type with constant sizes; absent where one is beyond JavaScript's exact integers. */
  readonly type?: TensorType;
}

/** Binds types; values of a network share few. */
export function typeBinder(bindings: Bindings): (type: TensorType) => BoundType {
  const known = new Map<TensorType, BoundType>();
  return (type) => {
    const found = known.get(type);
    if (found) return found;
    const bound = boundType(type, bindings);
    known.set(type, bound);
    return bound;
  };
}

function boundType(type: TensorType, bindings: Bindings): BoundType {
  const extents = extentsOf(type, bindings);
  const elements = elementsOf(extents);
  if (type.axes.every(({ size }) => size.terms.length === 0)) return { extents, elements, type };
  if (extents.some(({ size }) => size > BigInt(Number.MAX_SAFE_INTEGER))) return { extents, elements };
  const axes = extents.map(({ axis, size }) => ({ name: axis, size: constantSize(Number(size)) }));
  return { extents, elements, type: { axes } };
}

export interface ExactCost {
  readonly macs: bigint;
  readonly flops: bigint;
}

/** What a node costs, exactly. */
export function exactCost(node: Node, bound: (type: TensorType) => BoundType): ExactCost {
  if (node.constant) return { macs: 0n, flops: 0n };
  try {
    const { macs, flops } = node.operation.cost(
      withTypes(node, (type) => known(bound(type).type, "constant sizes")),
    );
    return { macs: BigInt(macs.constant), flops: BigInt(flops.constant) };
  } catch (violation) {
    if (!(violation instanceof InvariantViolation)) throw violation;
    return hugeCost(node, bound);
  }
}

/**
 * A size is an exact number of JavaScript's, and a cost may be larger. So the cost is had as a formula, in a symbol for
 * every axis but c, which weights depend on, and that is evaluated with numbers of any size.
 */
function hugeCost(node: Node, bound: (type: TensorType) => BoundType): ExactCost {
  const values = new Map<string, bigint>();
  const sizeOf = ({ axis, size }: AxisExtent) => {
    if (axis === "c") return constantSize(Number(size));
    const symbol = `size ${values.size}`;
    values.set(symbol, size);
    return symbolSize(symbol);
  };
  const symbolic = withTypes(node, (type) => ({
    axes: bound(type).extents.map((extent) => ({ name: extent.axis, size: sizeOf(extent) })),
  }));
  const { macs, flops } = node.operation.cost(symbolic);
  const evaluated = (size: Size) =>
    known(
      evaluateSizeExactly(size, (symbol) => values.get(symbol)),
      "a bound size",
    );
  return { macs: evaluated(macs), flops: evaluated(flops) };
}

/** The node with other types; itself where they stay the same. */
function withTypes(node: Node, typeOf: (type: TensorType) => TensorType): Node {
  const type = typeOf(node.type);
  const types = node.inputs.map((input) => typeOf(input.type));
  const isSame = type === node.type && node.inputs.every((input, index) => input.type === types[index]);
  if (isSame) return node;
  const inputs = node.inputs.map((input, index) => ({ ...input, type: types[index] as TensorType }));
  return { ...node, inputs, type };
}
