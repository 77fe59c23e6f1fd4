import { contractedAxisMissing, contractedSizesDiffer } from "../diagnostics/catalogue/shapes.js";
import type { OnnxLowering } from "../graph/lowering.js";
import type { Operation } from "../graph/operation.js";
import { productOfSizes, type Size, scaleSize } from "../graph/size.js";
import { findAxis, type TensorType } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { axesOf } from "./attributes.js";
import { inputType, nodeInputType, shownOperands } from "./axes.js";
import { axisNames, transposeTo } from "./layout.js";
import { elementwise } from "./reach.js";

const name = "Contract";

/** A product of two tensors summed over axes that both have: an einsum by names. */
export const contract: Operation = {
  name,
  documentation:
    "The product of two tensors, summed over axes that both have: an einsum by the names of axes.\n\n" +
    "`Contract(q, k, over: d)`: other axes of both are matched, as in a product of two tensors; an axis of one is " +
    "combined with each of the other's. The result has the left one's axes without those summed over, then those that " +
    "only the right one has. Sizes of a shared axis must be equal.\n\n" +
    "MACs: the product of the sizes of all axes of both, each counted once. FLOPs: 2 * MACs. ONNX: MatMul, with " +
    "Transpose and Reshape where axes are not in its order.",
  inputs: { minimum: 2, maximum: 2 },
  arguments: [
    { name: "over", type: "axes", documentation: "The axes that are summed over: `d` or `(d, e)`." },
  ],

  infer(context) {
    const left = inputType(context, 0);
    const right = inputType(context, 1);
    const over = axesOf(context.attributes, "over");
    const shared = axisNames(left).filter((axis) => findAxis(right, axis));
    const missing = over.find((axis) => !shared.includes(axis));
    if (missing !== undefined) {
      const operands = shownOperands(context);
      context.refuse(contractedAxisMissing, { axis: missing, operands, shared }, "over");
    }
    for (const axis of shared) {
      const sizes = [left, right].map((type) => known(findAxis(type, axis), axis).size) as [Size, Size];
      const relation = { kind: "equal" as const, left: sizes[0], right: sizes[1] };
      context.require(relation, contractedSizesDiffer, (bindings) => ({
        axis,
        summed: over.includes(axis),
        operands: shownOperands(context, bindings),
      }));
    }
    const { result } = rolesOf(left, right, over);
    return {
      output: { axes: result.map((axis) => known(findAxis(left, axis) ?? findAxis(right, axis), axis)) },
    };
  },

  cost(node) {
    const left = nodeInputType(node, 0);
    const right = nodeInputType(node, 1);
    const axes = [...left.axes, ...right.axes.filter(({ name: axis }) => !findAxis(left, axis))];
    const macs = productOfSizes(axes.map(({ size }) => size));
    return { macs, flops: scaleSize(macs, 2) };
  },

  // The axes that are summed over are not in the output: all of them counts.
  reach: elementwise,

  precise: true,

  lower(node, onnx) {
    const left = nodeInputType(node, 0);
    const right = nodeInputType(node, 1);
    const { matched, rows, columns, result } = rolesOf(left, right, axesOf(node.attributes, "over"));
    const summed = axesOf(node.attributes, "over");
    const sizes = new Map([...sizesByName(onnx, right), ...sizesByName(onnx, left)]);
    const shapeOf = (axes: readonly string[]) => axes.map((axis) => known(sizes.get(axis), axis));

    const operand = (
      index: number,
      type: TensorType,
      first: readonly string[],
      second: readonly string[],
    ) => {
      const hint = index === 0 ? "left" : "right";
      const order = [...matched, ...first, ...second];
      const value = transposeTo(onnx, onnx.input(index), axisNames(type), order, `${hint}_ordered`);
      const shape = [...shapeOf(matched), product(shapeOf(first)), product(shapeOf(second))];
      return first.length === 1 && second.length === 1
        ? value
        : onnx.node("Reshape", [value, onnx.int64(shape)], {}, { hint: `${hint}_matrix` })[0];
    };
    const multiplied = onnx.node(
      "MatMul",
      [operand(0, left, rows, summed), operand(1, right, summed, columns)],
      {},
      { hint: "product" },
    )[0];
    const order = [...matched, ...rows, ...columns];
    const unflattened =
      rows.length === 1 && columns.length === 1
        ? multiplied
        : onnx.node("Reshape", [multiplied, onnx.int64(shapeOf(order))], {}, { hint: "unflattened" })[0];
    return transposeTo(onnx, unflattened, order, result, "ordered");
  },
};

/** The axes that both have and keep, those of each alone, and all of the result, in its order. */
function rolesOf(left: TensorType, right: TensorType, over: readonly string[]) {
  const kept = axisNames(left).filter((axis) => !over.includes(axis));
  const matched = kept.filter((axis) => findAxis(right, axis));
  const rows = kept.filter((axis) => !findAxis(right, axis));
  const columns = axisNames(right).filter((axis) => !findAxis(left, axis));
  return { matched, rows, columns, result: [...kept, ...columns] };
}

function sizesByName(onnx: OnnxLowering, type: TensorType): readonly (readonly [string, number])[] {
  const shape = onnx.shape(type);
  return type.axes.map(({ name: axis }, index) => [axis, known(shape[index], axis)] as const);
}
