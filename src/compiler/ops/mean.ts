import { anyOf } from "../graph/value-range.js";
import { reduction } from "./reduction.js";
import { reduceInSteps } from "./stepwise.js";

/** The mean over axes; over all spatial ones it is global average pooling. */
export const mean = reduction({
  name: "Mean",
  summary: "The mean of the elements",
  flops: "input elements",
  operators: "ReduceMean axis by axis, which keeps the digits that one long sum loses, and Squeeze",
  range: anyOf,
  reduce: (onnx, value, shape, axes) => reduceInSteps(onnx, "ReduceMean", value, shape, axes, "mean"),
});
