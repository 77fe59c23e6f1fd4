import { unary } from "./unary.js";

/** The exponential function. */
export const exp = unary({
  name: "Exp",
  summary: "exp(x) for each element.",
  operator: "Exp",
  range: ({ low, high }) => ({ low: Math.exp(low), high: Math.exp(high) }),
});
