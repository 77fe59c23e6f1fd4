import { unary } from "./unary.js";

/** The square root. */
export const sqrt = unary({
  name: "Sqrt",
  summary: "The square root of each element; of a negative one it is not a number.",
  operator: "Sqrt",
});
