import { unary } from "./unary.js";

/** Logistic function. */
export const sigmoid = unary({
  name: "Sigmoid",
  summary: "1 / (1 + exp(-x)) for each element.",
  operator: "Sigmoid",
});
