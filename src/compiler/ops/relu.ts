import { unary } from "./unary.js";

/** Rectified linear unit. */
export const relu = unary({
  name: "ReLU",
  summary: "max(x, 0) for each element.",
  operator: "Relu",
  range: ({ low, high }) => ({ low: Math.max(low, 0), high: Math.max(high, 0) }),
});
