import { unary } from "./unary.js";

/** The largest whole number that is not greater. */
export const floor = unary({
  name: "Floor",
  summary: "The largest whole number that is not greater than each element.",
  operator: "Floor",
});
