import { inverted } from "../graph/value-range.js";
import { unary } from "./unary.js";

/** With `scale`, what a number divided by a tensor means. */
export const reciprocal = unary({
  name: "reciprocal",
  summary: "1 / x for each element.",
  operator: "Reciprocal",
  range: inverted,
});
