import type { Operation } from "../graph/operation.js";
import { inputType } from "./axes.js";
import { perElement } from "./costs.js";
import { elementwise } from "./reach.js";

/** Sigmoid linear unit, also called swish (Elfwing et al., 2017); PyTorch SiLU. ONNX has it from opset 24 only. */
export const silu: Operation = {
  name: "SiLU",
  documentation: "x * sigmoid(x) for each element.\n\nMACs: none. FLOPs: 1 per element. ONNX: Sigmoid, Mul.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],
  infer: (context) => ({ output: inputType(context) }),
  cost: (node) => perElement(node, 1),
  reach: elementwise,
  pointwise: () => true,
  lower(_, onnx) {
    const input = onnx.input(0);
    const gate = onnx.node("Sigmoid", [input], {}, { hint: "gate" })[0];
    return onnx.node("Mul", [input, gate])[0];
  },
};
