import { unary } from "./unary.js";

/** Logistic function. */
export const sigmoid = unary({
  name: "Sigmoid",
  summary: "1 / (1 + exp(-x)) for each element.",
  operator: "Sigmoid",
  range: ({ low, high }) => ({ low: logistic(low), high: logistic(high) }),
});

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
