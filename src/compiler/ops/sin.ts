import { unary } from "./unary.js";

/** The sine. */
export const sin = unary({
  name: "Sin",
  summary: "The sine of each element, in radians.",
  operator: "Sin",
});
