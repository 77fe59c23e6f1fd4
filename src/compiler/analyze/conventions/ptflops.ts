import type { Node } from "../../graph/graph.js";
import { known } from "../../support/invariant.js";
import type { Convention, Share } from "./convention.js";

/** https://github.com/sovrasov/flops-counter.pytorch at version 0.6.6, ptflops/flops_counter.py. */
export const ptflops: Convention = {
  name: "ptflops",
  tool: "ptflops 0.6.6",
  unit: "MACs",
  rule:
    "Modules are counted, at each call, and each module once in the sum. Convolutions count their multiply-accumulates, " +
    "transposed ones as if each output position met the whole kernel, and both 1 for each output element for a bias; linear " +
    "maps their multiply-accumulates and their bias once, whatever the number of positions. Instance, batch and group norms " +
    "count 1 for each element, 2 with scale and bias; ReLU, LeakyReLU, ELU and PReLU 1 for each element; pools 1 for each " +
    "input element; resizing 1 for each output element. Layer norms, other activations, sums, products, means and matrix " +
    "products of two tensors are not counted. The tool prints the count of one sample; here it is that of the whole batch.",
  share: (node) => shares[node.operation.name]?.(node) ?? {},
};

const bias = ({ parameters }: Node) => (parameters.bias ? 1 : 0);
const norm = ({ parameters }: Node): Share => ({ input: parameters.weight ? 2 : 1 });
const activation = (): Share => ({ output: 1 });
const pool = (): Share => ({ input: 1 });

const shares: Readonly<Record<string, (node: Node) => Share>> = {
  Conv: (node) => ({ macs: 1, output: bias(node) }),
  ConvTranspose: (node) => ({ output: kernelAtOutput(node) + bias(node) }),
  Linear: ({ parameters }) => ({ macs: 1, constant: parameters.bias?.shape[0] ?? 0 }),
  InstanceNorm: norm,
  BatchNorm: norm,
  GroupNorm: norm,
  ReLU: activation,
  LeakyReLU: activation,
  ELU: activation,
  PReLU: activation,
  MaxPool: pool,
  AvgPool: pool,
  Resize: () => ({ output: 1 }),
};

/** Input channels of a group times the kernel's elements. */
function kernelAtOutput({ parameters, attributes }: Node): number {
  const [channels = 0, , ...kernel] = known(parameters.weight, "weight").shape;
  return kernel.reduce((product, size) => product * size, channels / Number(attributes.groups));
}
