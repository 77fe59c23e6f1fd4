import { binary } from "./binary.js";

/** What `a - b` on tensors means. */
export const subtract = binary("subtract", "a - b", "Sub");
