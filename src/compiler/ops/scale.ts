import type { Operation } from "../graph/operation.js";
import { addSizes, constantSize } from "../graph/size.js";
import { productOf, sumOf } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { checkedFloat, numberOf } from "./attributes.js";
import { inputType } from "./axes.js";
import { perElement } from "./costs.js";
import { elementwise } from "./reach.js";

const name = "scale";
const largestFloat32 = 3.4028234663852886e38;

/** Arithmetic of a tensor with compile-time numbers. */
export const scale: Operation = {
  name,
  documentation:
    "factor * x + offset for each element: what arithmetic of a tensor with a number becomes.\n\n" +
    "MACs: none. FLOPs: 1 per element for a factor other than 1, and 1 for an offset other than 0. ONNX: Mul, Add.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    { name: "factor", type: "float", documentation: "Multiplied with each element.", default: 1 },
    { name: "offset", type: "float", documentation: "Added to each product.", default: 0 },
  ],
  infer(context) {
    checkedFloat(context, name, "factor", -largestFloat32, largestFloat32);
    checkedFloat(context, name, "offset", -largestFloat32, largestFloat32);
    return { output: inputType(context) };
  },
  cost(node) {
    const factor = perElement(node, numberOf(node.attributes, "factor") === 1 ? 0 : 1);
    const offset = perElement(node, numberOf(node.attributes, "offset") === 0 ? 0 : 1);
    return { macs: constantSize(0), flops: addSizes(factor.flops, offset.flops) };
  },
  reach: elementwise,
  range({ attributes }, [input]) {
    const [factor, offset] = [numberOf(attributes, "factor"), numberOf(attributes, "offset")];
    const scaled = productOf([known(input, name), { low: factor, high: factor }]);
    return sumOf([scaled, { low: offset, high: offset }]);
  },
  pointwise: () => true,
  lower(node, onnx) {
    const factor = numberOf(node.attributes, "factor");
    const offset = numberOf(node.attributes, "offset");
    const input = onnx.input(0);
    const scaled =
      factor === 1 ? input : onnx.node("Mul", [input, onnx.float32([factor], [])], {}, { hint: "factor" })[0];
    return offset === 0
      ? scaled
      : onnx.node("Add", [scaled, onnx.float32([offset], [])], {}, { hint: "offset" })[0];
  },
};
