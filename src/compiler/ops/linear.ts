import { argumentOutOfRange, oneAxisOnly } from "../diagnostics/catalogue/shapes.js";
import type { Node } from "../graph/graph.js";
import type { AxisArgument, Operation } from "../graph/operation.js";
import { addSizes, constantSize, scaleSize } from "../graph/size.js";
import { axisIndex, elementCount, withAxisSize } from "../graph/tensor.js";
import { invariant, known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { axisArgumentsOf, booleanOf, checkedParameters, largestInteger } from "./attributes.js";
import { inputType, nodeInputType, requireAxisArguments, requireKnownSize } from "./axes.js";
import { whole } from "./reach.js";

const name = "Linear";

/** A linear map along one axis; PyTorch Linear. */
export const linear: Operation = {
  name,
  documentation:
    "A linear map along one axis, the same at every position of the others.\n\n" +
    "`Linear(c: 96)` makes 96 of the elements along c: out[i] = sum over j of weight[i, j] * in[j], plus bias[i]. " +
    "Weights: `weight` [out, in] and, with bias, `bias` [out].\n\n" +
    "MACs: output elements * in. FLOPs: 2 * MACs, plus one per output element for a bias. ONNX: MatMul, Add.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    {
      name: "bias",
      type: "bool",
      documentation: "Whether a number is added to each element along the axis.",
      default: false,
    },
  ],
  axisArguments: {
    kind: "int",
    minimum: 1,
    example: "c: 96",
    documentation: "The axis it runs along, with its new size.",
  },

  infer(context) {
    const given = requireAxisArguments(context, linear);
    const [first, second] = given;
    if (second) {
      context.refuse(oneAxisOnly, { operation: name, axes: given.map(({ axis }) => axis) }, second.axis);
    }
    const { axis, size } = mapped(known(first, "axis"));
    if (size < 1 || size > largestInteger) {
      const expected = `from 1 to ${largestInteger}`;
      context.refuse(
        argumentOutOfRange,
        { operation: name, argument: axis, found: String(size), expected },
        axis,
      );
    }
    const from = requireKnownSize(context, name, axis, "its weight depends on it");
    return {
      output: withAxisSize(inputType(context), axis, constantSize(size)),
      parameters: checkedParameters(context, name, [
        { role: "weight", shape: [size, from] },
        ...(booleanOf(context.attributes, "bias") ? [{ role: "bias", shape: [size] }] : []),
      ]),
    };
  },

  cost(node) {
    const [, from] = known(node.parameters.weight, "weight").shape;
    const elements = elementCount(node.type);
    const macs = scaleSize(elements, known(from, "input size"));
    const bias = node.parameters.bias ? elements : constantSize(0);
    return { macs, flops: addSizes(scaleSize(macs, 2), bias) };
  },

  reach: (node) => ({ [mappedAxis(node).axis]: whole }),

  pointwise: (node) => mappedAxis(node).axis === "c",
  anyOrder: true,

  /**
   * One matrix product without moving the input: from the right where the axis is the last one, else from the left,
   * with the axes after it as one.
   */
  lower(node, onnx) {
    const type = nodeInputType(node);
    const { axis, size } = mappedAxis(node);
    const position = axisIndex(type, axis);
    const shape = onnx.shape(type);
    const before = shape.slice(0, position);
    const after = shape.slice(position + 1);
    const rest = product(after);
    const bias = node.parameters.bias ? onnx.parameter("bias") : undefined;
    const weight = onnx.parameter("weight");

    if (after.length === 0) {
      const transposed = onnx.node("Transpose", [weight], { perm: { ints: [1, 0] } }, { hint: "transposed" });
      const operands = [onnx.input(0), transposed[0]];
      if (!bias) return onnx.node("MatMul", operands)[0];
      return onnx.node("Add", [onnx.node("MatMul", operands, {}, { hint: "product" })[0], bias])[0];
    }
    const reshape = (value: string, sizes: readonly number[], hint?: string) =>
      after.length === 1
        ? value
        : onnx.node("Reshape", [value, onnx.int64(sizes)], {}, hint ? { hint } : {})[0];
    const from = known(shape[position], "input size");
    const input = reshape(onnx.input(0), [...before, from, rest], "flattened");
    const hintOf = (hint: string, isLast: boolean) => (isLast && after.length === 1 ? {} : { hint });
    const multiplied = onnx.node("MatMul", [weight, input], {}, hintOf("product", !bias))[0];
    const column = bias && onnx.node("Unsqueeze", [bias, onnx.int64([1])], {}, { hint: "column" })[0];
    const result = column
      ? onnx.node("Add", [multiplied, column], {}, hintOf("biased", true))[0]
      : multiplied;
    return reshape(result, [...before, size, ...after]);
  },
};

/** The axis and its new size. */
function mapped({ axis, value }: AxisArgument): { readonly axis: string; readonly size: number } {
  invariant(typeof value === "number", "the new size is not a number");
  return { axis, size: value };
}

function mappedAxis(node: Node): ReturnType<typeof mapped> {
  return mapped(known(axisArgumentsOf(node.attributes)[0], "axis"));
}
