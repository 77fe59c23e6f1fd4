import { unary } from "./unary.js";

/** A smooth form of the rectified linear unit. */
export const softplus = unary({
  name: "Softplus",
  summary: "log(1 + exp(x)) for each element.",
  operator: "Softplus",
});
