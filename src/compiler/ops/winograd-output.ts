import type { Operation } from "../graph/operation.js";
import { constantSize, scaleSize } from "../graph/size.js";
import { axisIndex, elementCount, findAxis, withAxisSize } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { numberOf, stringOf } from "./attributes.js";
import { inputType, nodeInputType } from "./axes.js";
import { whole } from "./reach.js";
import { products, resultsAtATime } from "./winograd-transforms.js";

/**
 * What the six products of a minimal filter come to. Not written by users: its attributes are `axis`, along which the
 * filter lies, the first after n and c, and `taps`, the filter's elements. Each position of the inputs becomes as many
 * results as such a filter gives at a time.
 */
export const winogradOutput: Operation = {
  name: "winogradOutput",
  documentation:
    "The results of Winograd's minimal filters, from their products.\n\n" +
    "MACs: none. FLOPs: 13 for 4 results, 9 for 2. ONNX: Conv, each channel by itself, Add and Concat.",
  inputs: { minimum: products, maximum: products },
  arguments: [],

  infer(context) {
    const input = inputType(context);
    const axis = stringOf(context.attributes, "axis");
    const results = resultsAtATime(numberOf(context.attributes, "taps"));
    return { output: withAxisSize(input, axis, scaleSize(known(findAxis(input, axis), axis).size, results)) };
  },

  cost(node) {
    const tiles = elementCount(nodeInputType(node));
    const results = resultsAtATime(numberOf(node.attributes, "taps"));
    return { macs: constantSize(0), flops: scaleSize(tiles, results === 4 ? 13 : 9) };
  },

  reach: (node) => ({ [stringOf(node.attributes, "axis")]: whole }),

  lower(node, onnx) {
    const results = resultsAtATime(numberOf(node.attributes, "taps"));
    const shape = onnx.shape(nodeInputType(node));
    const channels = known(shape[axisIndex(node.type, "c")], "channels");
    const value = (product: number) => onnx.input(product);
    const sum = (hint: string, left: string, right: string) =>
      onnx.node("Add", [left, right], {}, { hint })[0];
    // As a convolution, so that ONNX Runtime multiplies and adds at once, in blocks of channels.
    const scaled = (hint: string, factor: number, of: string) =>
      onnx.node(
        "Conv",
        [of, onnx.float32(Array<number>(channels).fill(factor), [channels, 1, 1, 1])],
        { kernel_shape: { ints: [1, 1] }, group: { int: channels } },
        { hint },
      )[0];
    const even = [sum("even1", value(1), value(2)), sum("even2", value(3), value(4))] as const;
    const odd = [
      sum("odd1", scaled("minus2", -1, value(2)), value(1)),
      sum("odd2", scaled("minus4", -1, value(4)), value(3)),
    ] as const;
    const found = Array.from({ length: results }, (_, power) => {
      const [one, two] = power % 2 === 0 ? even : odd;
      const weighted = power === 0 ? two : scaled(`power${power}`, 2 ** power, two);
      const both = sum(`both${power}`, weighted, one);
      if (power === 0) return sum("result0", value(0), both);
      return power === results - 1 ? sum(`result${power}`, value(products - 1), both) : both;
    });
    const [batch, , tiles, row] = shape as [number, number, number, number];
    const rows = found.map(
      (one, index) =>
        onnx.node(
          "Reshape",
          [one, onnx.int64([batch, channels, tiles, 1, row])],
          {},
          { hint: `row${index}` },
        )[0],
    );
    const [joined] = onnx.node("Concat", rows, { axis: { int: 3 } }, { hint: "rows" });
    return onnx.node("Reshape", [joined, onnx.int64(onnx.shape(node.type))])[0];
  },
};
