import type { Node } from "../graph/graph.js";
import type { Cost } from "../graph/operation.js";
import { addSizes, constantSize, type Size, scaleSize } from "../graph/size.js";
import { elementCount, type TensorType } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";

/** What views and other operations without arithmetic cost. */
export const free: Cost = { macs: constantSize(0), flops: constantSize(0) };

/** No multiply-accumulates, and so many floating point operations per output element. */
export function perElement(node: Node, flops: number): Cost {
  return { macs: constantSize(0), flops: scaleSize(elementCount(node.type), flops) };
}

/**
 * A convolution's cost: every position of `positions` meets every weight of one filter. FLOPs are two per
 * multiply-accumulate, and one per output element for a bias.
 */
export function convolutionCost(node: Node, positions: TensorType): Cost {
  const [, ...filter] = known(node.parameters.weight, `weight of ${node.name}`).shape;
  const perPosition = product(filter);
  const macs: Size = scaleSize(elementCount(positions), perPosition);
  const bias = scaleSize(elementCount(node.type), node.parameters.bias ? 1 : 0);
  return { macs, flops: addSizes(scaleSize(macs, 2), bias) };
}
