import { negated } from "../graph/value-range.js";
import { unary } from "./unary.js";

/** What `-x` on a tensor means. */
export const negate = unary({
  name: "negate",
  summary: "-x for each element.",
  operator: "Neg",
  range: negated,
});
