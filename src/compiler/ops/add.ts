import { sumOf } from "../graph/value-range.js";
import { binary } from "./binary.js";

/** What `a + b` on tensors means. */
export const add = binary("add", "a + b", "Add", sumOf);
