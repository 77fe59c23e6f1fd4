import type { Convention } from "./convention.js";

/** PyTorch's own counter, torch.utils.flop_counter.FlopCounterMode. */
export const torch: Convention = {
  name: "torch",
  tool: "PyTorch 2.13 FlopCounterMode",
  unit: "FLOPs",
  rule:
    "Two for each multiply-accumulate of convolutions, transposed convolutions (at input positions), linear maps and " +
    "matrix products; nothing else: no biases, norms or activations.",
  share: () => ({ macs: 2 }),
};
