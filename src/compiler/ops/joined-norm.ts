import type { Operation } from "../graph/operation.js";
import { axisIndex, spatialAxes } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { booleanOf } from "./attributes.js";
import { inputType } from "./axes.js";
import { perElement } from "./costs.js";
import { channelNormalizer } from "./instance-norm.js";
import { lowerChannelsFirst } from "./layout.js";
import { normalized } from "./reach.js";

/**
 * What an InstanceNorm becomes where the channels of all samples stand beside each other as those of one. Not written by
 * users: its attributes are `epsilon` and `affine`, with which `weight` and `bias` are of all samples' channels, [n * c]. It
 * is not precise: in float16 it is the runtime that sums in float32, without a copy of the tensor in that.
 */
export const joinedNorm: Operation = {
  name: "joined norm",
  documentation:
    "Normalizes each channel of each sample: what an InstanceNorm becomes in some schedules.\n\n" +
    "(x - mean) / sqrt(variance + epsilon), with the biased variance; with affine, times `weight` plus `bias`, each " +
    "[n * c].\n\n" +
    "MACs: none. FLOPs: 4 per element, 5 with affine. ONNX: InstanceNormalization of [1, n * c, ...].",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],

  infer: (context) => ({ output: inputType(context) }),

  cost: (node) => perElement(node, booleanOf(node.attributes, "affine") ? 5 : 4),

  reach: normalized,

  anyOrder: true,

  lower(node, onnx) {
    const shape = onnx.shape(node.type);
    const sizeOf = (axis: string) => known(shape[axisIndex(node.type, axis)], axis);
    const [samples, channels] = [sizeOf("n"), sizeOf("c")];
    const rest = spatialAxes(node.type).map(({ name }) => sizeOf(name));
    const normalize = channelNormalizer(node, onnx, samples * channels);
    return lowerChannelsFirst(node, onnx, (input) => {
      if (samples === 1) return normalize(input);
      const all = onnx.int64([1, samples * channels, ...rest]);
      const joined = onnx.node("Reshape", [input, all], {}, { hint: "joined" })[0];
      const done = normalize(joined, { hint: "normal" });
      return onnx.node("Reshape", [done, onnx.int64([samples, channels, ...rest])])[0];
    });
  },
};
