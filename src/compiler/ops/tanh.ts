import { unary } from "./unary.js";

/** Hyperbolic tangent. */
export const tanh = unary({
  name: "Tanh",
  summary: "tanh(x) for each element.",
  operator: "Tanh",
  range: ({ low, high }) => ({ low: Math.tanh(low), high: Math.tanh(high) }),
});
