import { anyOf } from "../graph/value-range.js";
import { reduction } from "./reduction.js";

/** The greatest element over axes; over all spatial ones it is global maximum pooling. */
export const maxOver = reduction({
  name: "Max",
  summary: "The greatest of the elements",
  flops: "input elements - output elements",
  operators: "ReduceMax, Squeeze",
  range: anyOf,
  reduce: (onnx, value, _, axes) =>
    onnx.node("ReduceMax", [value, onnx.int64(axes)], { keepdims: { int: 1 } }, { hint: "max" })[0],
});
