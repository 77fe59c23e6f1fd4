import type { Node } from "../graph/graph.js";
import type { Operation } from "../graph/operation.js";
import { floorDivideSize } from "../graph/size.js";
import { axisIndex, withAxisSize } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { numberOf, stringOf } from "./attributes.js";
import { inputType, requireChannels } from "./axes.js";
import { perElement } from "./costs.js";
import { inputFactors, resultsAtATime } from "./winograd-transforms.js";

/**
 * What one product of a minimal filter takes of its input. Not written by users: its attributes are `axis`, along which the
 * filter lies, the first after n and c, `taps`, the filter's elements, and `product`, from 0 to 5. The axis is a multiple
 * of the results that such a filter gives at a time; each position of the result stands for as many.
 */
export const winogradInput: Operation = {
  name: "winogradInput",
  documentation:
    "Sums of neighbours along an axis, one for each tile of results: the input's part in Winograd's minimal filters.\n\n" +
    "MACs: none. FLOPs: 2 per element of the result and neighbour that is not left out. ONNX: Conv, each channel by itself.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],

  infer(context) {
    requireChannels(context, "winogradInput", "each is summed by itself");
    const input = inputType(context);
    const axis = stringOf(context.attributes, "axis");
    const size = known(input.axes[axisIndex(input, axis)], axis).size;
    const results = resultsAtATime(numberOf(context.attributes, "taps"));
    return { output: withAxisSize(input, axis, floorDivideSize(size, results)) };
  },

  cost: (node) => perElement(node, 2 * neighbours(node).factors.filter((factor) => factor !== 0).length),

  reach(node) {
    const axis = stringOf(node.attributes, "axis");
    const { first, factors, results } = neighbours(node);
    return {
      [axis]: { kind: "window", from: axis, stride: results, low: first, high: first + factors.length - 1 },
    };
  },

  lower(node, onnx) {
    const { first, factors, results } = neighbours(node);
    const channels = known(onnx.shape(node.type)[axisIndex(node.type, "c")], "channels");
    const kernel = Array.from({ length: channels }, () => factors).flat();
    const after = first + factors.length - results;
    return onnx.node("Conv", [onnx.input(0), onnx.float32(kernel, [channels, 1, factors.length, 1])], {
      kernel_shape: { ints: [factors.length, 1] },
      strides: { ints: [results, 1] },
      pads: { ints: [-first, 0, after, 0] },
      group: { int: channels },
    })[0];
  },
};

/** The neighbours that a product takes, by their factors: the first one's place, seen from the tile's first result. */
function neighbours({ attributes }: Node) {
  const taps = numberOf(attributes, "taps");
  const all = known(inputFactors[numberOf(attributes, "product")], "product");
  const [from, to] = [all.findIndex((factor) => factor !== 0), all.findLastIndex((factor) => factor !== 0)];
  const first = from - (taps - 1) / 2;
  return { first, factors: all.slice(from, to + 1), results: resultsAtATime(taps) };
}
