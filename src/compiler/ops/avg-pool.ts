import { pool } from "./pool.js";

/** The mean of each window, as PyTorch's AvgPool computes it. */
export const avgPool = pool("AvgPool", "The mean of each window; padding counts as zeros.", "AveragePool", {
  count_include_pad: { int: 1 },
});
