import { checkedFloat, numberOf } from "./attributes.js";
import { unary } from "./unary.js";

/** Leaky rectified linear unit. */
export const leakyRelu = unary({
  name: "LeakyReLU",
  summary: "x where x is positive, slope * x elsewhere.",
  operator: "LeakyRelu",
  arguments: [{ name: "slope", type: "float", documentation: "Factor of negative values.", default: 0.01 }],
  check: (context) => checkedFloat(context, "LeakyReLU", "slope", -1e6, 1e6),
  attributes: (attributes) => ({ alpha: { float: numberOf(attributes, "slope") } }),
});
