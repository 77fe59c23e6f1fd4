import { negated, sumOf } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { binary } from "./binary.js";

/** What `a - b` on tensors means. */
export const subtract = binary("subtract", "a - b", "Sub", ([left, right]) =>
  sumOf([known(left, "operand"), negated(known(right, "operand"))]),
);
