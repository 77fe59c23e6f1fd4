import { reduction } from "./reduction.js";
import { reduceInSteps } from "./stepwise.js";

/** The sum over axes. */
export const sumOver = reduction({
  name: "Sum",
  summary: "The sum of the elements",
  flops: "input elements - output elements",
  operators: "ReduceSum axis by axis, which keeps the digits that one long sum loses, and Squeeze",
  reduce: (onnx, value, shape, axes) => reduceInSteps(onnx, "ReduceSum", value, shape, axes, "sum"),
});
