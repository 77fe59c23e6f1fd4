import type { Operation } from "../graph/operation.js";
import { anyOf } from "../graph/value-range.js";
import { checkedFloat } from "./attributes.js";
import { inputType } from "./axes.js";
import { free } from "./costs.js";
import { elementwise } from "./reach.js";

/** Dropout, which is the identity at inference. */
export const dropout: Operation = {
  name: "Dropout",
  documentation:
    "Sets random elements to zero in training and does nothing at inference, which is what Slab compiles.\n\n" +
    "MACs and FLOPs: none. ONNX: no node.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    {
      name: "rate",
      type: "float",
      documentation: "The share of elements set to zero in training.",
      default: 0.5,
    },
  ],
  infer(context) {
    checkedFloat(context, "Dropout", "rate", 0, 1);
    return { output: inputType(context) };
  },
  cost: () => free,
  reach: elementwise,
  range: (_, inputs) => anyOf(inputs),
  pointwise: () => true,
  lower: (_node, onnx) => onnx.input(0),
};
