import { checkedFloat, numberOf } from "./attributes.js";
import { unary } from "./unary.js";

/** Exponential linear unit. */
export const elu = unary({
  name: "ELU",
  summary: "x where x is positive, alpha * (exp(x) - 1) elsewhere.",
  operator: "Elu",
  arguments: [{ name: "alpha", type: "float", documentation: "The limit below, negated.", default: 1 }],
  check: (context) => checkedFloat(context, "ELU", "alpha", -1e6, 1e6),
  attributes: (attributes) => ({ alpha: { float: numberOf(attributes, "alpha") } }),
});
