import { productOf } from "../graph/value-range.js";
import { binary } from "./binary.js";

/** What `a * b` on tensors means. */
export const multiply = binary("multiply", "a * b", "Mul", productOf);
