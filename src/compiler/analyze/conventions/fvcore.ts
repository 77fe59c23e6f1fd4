import type { Node } from "../../graph/graph.js";
import { spatialAxes } from "../../graph/tensor.js";
import type { Convention, Share } from "./convention.js";

/** Meta's fvcore: https://github.com/facebookresearch/fvcore, fvcore/nn/flop_count.py and jit_handles.py. */
export const fvcore: Convention = {
  name: "fvcore",
  tool: "fvcore 0.1.5",
  unit: "FLOPs",
  rule:
    "Multiply-accumulates count once: convolutions, transposed convolutions (at input positions), linear maps and matrix " +
    "products, without biases. Instance, group and layer norms add 4 for each element, 5 with scale and bias, batch norms " +
    "at inference 2. Sampling at computed positions adds 4 for each output element. Resizing adds 1 (nearest) or 4 (linear) for each output element, in 2D only. Activations, sums, " +
    "products, softmax, pools and means are not counted.",
  share: (node) => ({ macs: 1, ...besides[node.operation.name]?.(node) }),
};

const norm = ({ parameters }: Node): Share => ({ output: parameters.weight ? 5 : 4 });

const besides: Readonly<Record<string, (node: Node) => Share>> = {
  InstanceNorm: norm,
  GroupNorm: norm,
  LayerNorm: norm,
  BatchNorm: () => ({ output: 2 }),
  GridSample: () => ({ output: 4 }),
  // There are rules for upsample_nearest2d and upsample_bilinear2d alone.
  Resize: ({ type, attributes }) =>
    spatialAxes(type).length === 2 ? { output: attributes.mode === "linear" ? 4 : 1 } : {},
};
