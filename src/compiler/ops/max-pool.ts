import { pool } from "./pool.js";

/** The greatest element of each window; padding never wins. */
export const maxPool = pool(
  "MaxPool",
  "The greatest element of each window; padding is never it.",
  "MaxPool",
);
