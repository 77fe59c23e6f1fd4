import { binary } from "./binary.js";

/** What `a / b` on tensors means. */
export const divide = binary("divide", "a / b", "Div");
