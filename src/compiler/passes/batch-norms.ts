import type { Graph, Node, Parameter } from "../graph/graph.js";
import { numberOf } from "../ops/attributes.js";
import { batchNorm } from "../ops/batch-norm.js";
import { conv } from "../ops/conv.js";
import { convTranspose } from "../ops/conv-transpose.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { derivedOf } from "./derive.js";
import type { Pass, PassResult } from "./pass.js";
import { readOnce } from "./readers.js";
import { rewriteEach } from "./rewrite-each.js";

/**
 * A BatchNorm is a factor and a summand for each channel, which are known when compiling: it becomes part of the weights of
 * the convolution before it. ONNX Runtime does so as well, but not where a convolution has become a sum of several, nor in
 * float16, where norms are computed in float32.
 */
export const batchNorms: Pass = {
  name: "batch norms",
  documentation: "Makes a BatchNorm part of the weights of the convolution before it.",
  isWanted: ({ norm }) => norm !== "native",
  run: foldAll,
};

function foldAll(graph: Graph): PassResult {
  const isReadOnce = readOnce(graph);
  return rewriteEach(graph, (rewriter, node) => {
    if (node.operation !== batchNorm) return undefined;
    const [before] = node.inputs;
    if (before?.kind !== "node" || !isConvolution(before))
      return { declined: "no convolution that it could be part of comes before" };
    if (!isReadOnce(before)) return { declined: "others need the convolution before as well" };
    const by = rewriter.apply(node, {
      operation: before.operation,
      inputs: before.inputs.map((input) => rewriter.now(input)),
      attributes: { ...before.attributes, bias: true },
      parameters: foldedWeights(before, node),
    });
    return { by, done: "in the weights of the convolution before it" };
  });
}

/** Whether each output channel has its own row of the weight. */
function isConvolution({ operation, attributes }: Node): boolean {
  return operation === conv || (operation === convTranspose && numberOf(attributes, "groups") === 1);
}

/** The convolution's weight, [out, ...] or, transposed, [in, out, ...], and bias, [out], with the norm in them. */
function foldedWeights(convolution: Node, norm: Node): Record<"weight" | "bias", Parameter> {
  const weight = known(convolution.parameters.weight, "weight");
  const own = convolution.parameters.bias;
  const [scale, offset, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((role) =>
    known(norm.parameters[role], role),
  ) as [Parameter, Parameter, Parameter, Parameter];
  const epsilon = numberOf(norm.attributes, "epsilon");
  const factorsOf = (scales: Float32Array, variances: Float32Array) =>
    Float64Array.from(
      scales,
      (value, channel) => value / Math.sqrt((variances[channel] as number) + epsilon),
    );
  const axis = convolution.operation === conv ? 0 : 1;
  const channels = known(weight.shape[axis], "channels");
  const inner = product(weight.shape.slice(axis + 1));
  const name = `normalized_by_${scale.path}`;
  return {
    weight: derivedOf([weight, scale, variance], weight.shape, name, (sources) => {
      const [values, scales, variances] = sources as [Float32Array, Float32Array, Float32Array];
      const factors = factorsOf(scales, variances);
      const result = new Float32Array(values.length);
      for (let start = 0; start < values.length; start += inner) {
        const factor = factors[(start / inner) % channels] as number;
        for (let at = start; at < start + inner; at++) result[at] = factor * (values[at] as number);
      }
      return result;
    }),
    bias: derivedOf(
      [offset, scale, mean, variance, ...(own ? [own] : [])],
      [channels],
      `after_${weight.path}`,
      (sources) => {
        const [offsets, scales, means, variances, biases] = sources as Float32Array[] &
          [Float32Array, Float32Array, Float32Array, Float32Array];
        const factors = factorsOf(scales, variances);
        return offsets.map((value, channel) => {
          const far = (biases?.[channel] ?? 0) - (means[channel] as number);
          return value + far * (factors[channel] as number);
        });
      },
    ),
  };
}
