import { inverted, productOf } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { binary } from "./binary.js";

/** What `a / b` on tensors means. */
export const divide = binary("divide", "a / b", "Div", ([left, right]) =>
  productOf([known(left, "operand"), inverted(known(right, "operand"))]),
);
