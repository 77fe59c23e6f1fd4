import { argumentOutOfRange } from "../diagnostics/catalogue/shapes.js";
import type { Node } from "../graph/graph.js";
import type { Operation } from "../graph/operation.js";
import { constantSize } from "../graph/size.js";
import { spatialAxes } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import {
  booleanOf,
  checkedExtent,
  checkedInteger,
  checkedParameters,
  extentOf,
  numberOf,
} from "./attributes.js";
import { inputType, nodeInputType, requireChannels, requireSomeLeft, requireSpatialAxes } from "./axes.js";
import { requireGroups } from "./conv.js";
import { convolutionCost } from "./costs.js";
import { lowerChannelsFirst } from "./layout.js";
import { transposedReach, whole } from "./reach.js";
import { transposedSize } from "./windows.js";

const name = "ConvTranspose";

/** Transposed convolution; ONNX ConvTranspose, PyTorch ConvTranspose1d to ConvTranspose3d. */
export const convTranspose: Operation = {
  name,
  documentation:
    "A transposed convolution over every axis but n and c, in order: each element spreads a kernel.\n\n" +
    "Each axis becomes (size - 1)*stride - 2*padding + kernel + output_padding. Weights: `weight` " +
    "[in, out/groups, kernel...] and, with bias, `bias` [out].\n\n" +
    "MACs: input elements * out/groups * kernel elements. FLOPs: 2 * MACs, plus one per output element for a bias. " +
    "ONNX: ConvTranspose.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    { name: "out", type: "int", documentation: "Channels of the output." },
    { name: "kernel", type: "extent", documentation: "Size of the kernel along each axis, in elements." },
    { name: "stride", type: "extent", documentation: "Distance between spread kernels.", default: 1 },
    {
      name: "padding",
      type: "extent",
      documentation: "Elements cut from both sides of each axis.",
      default: 0,
    },
    {
      name: "output_padding",
      type: "extent",
      documentation: "Elements kept after the end of each axis; less than stride.",
      default: 0,
    },
    { name: "groups", type: "int", documentation: "Groups of channels that do not meet.", default: 1 },
    {
      name: "bias",
      type: "bool",
      documentation: "Whether a number is added to each channel.",
      default: false,
    },
  ],

  infer(context) {
    const axes = requireSpatialAxes(context, name, 1, 3);
    const channels = requireChannels(context, name, "the weights depend on it");
    const out = checkedInteger(context, name, "out");
    const groups = requireGroups(context, name, channels, out);
    const kernel = known(checkedExtent(context, name, "kernel", axes, 1), "kernel");
    const stride = known(checkedExtent(context, name, "stride", axes, 1), "stride");
    const padding = known(checkedExtent(context, name, "padding", axes, 0), "padding");
    const outputPadding = known(checkedExtent(context, name, "output_padding", axes, 0), "output padding");
    const excess = outputPadding.findIndex((size, i) => size >= (stride[i] as number));
    if (excess !== -1) {
      const argument = "output_padding";
      const expected = `less than stride, ${stride[excess]}`;
      const found = String(outputPadding[excess]);
      context.refuse(argumentOutOfRange, { operation: name, argument, found, expected }, argument);
    }

    const sizes = new Map(
      axes.map((axis, i) => {
        const window = {
          kernel: kernel[i] as number,
          stride: stride[i] as number,
          padding: padding[i] as number,
          outputPadding: outputPadding[i] as number,
        };
        return [axis.name, transposedSize(axis.size, window)];
      }),
    );
    for (const [axis, size] of sizes) requireSomeLeft(context, name, axis, size);
    sizes.set("c", constantSize(out));
    return {
      output: {
        axes: inputType(context).axes.map((axis) => ({ ...axis, size: sizes.get(axis.name) ?? axis.size })),
      },
      parameters: checkedParameters(context, name, [
        { role: "weight", shape: [channels, out / groups, ...kernel] },
        ...(booleanOf(context.attributes, "bias") ? [{ role: "bias", shape: [out] }] : []),
      ]),
    };
  },

  cost: (node) => convolutionCost(node, nodeInputType(node)),

  reach(node) {
    const spatial = spatialAxes(nodeInputType(node));
    const extent = (argument: string, axis: number) =>
      known(extentOf(node.attributes, argument, spatial.length)?.[axis], argument);
    const axes = spatial.map(({ name: axis }, i) => {
      const window = {
        kernel: extent("kernel", i),
        stride: extent("stride", i),
        padding: extent("padding", i),
      };
      return [axis, transposedReach(axis, window)];
    });
    return { c: whole, ...Object.fromEntries(axes) };
  },

  lower(node, onnx) {
    const { attributes } = node;
    const count = spatialAxes(nodeInputType(node)).length;
    const padding = known(extentOf(attributes, "padding", count), "padding");
    const weights = [onnx.parameter("weight"), ...(node.parameters.bias ? [onnx.parameter("bias")] : [])];
    return lowerChannelsFirst(
      node,
      onnx,
      (input) =>
        onnx.node("ConvTranspose", [input, ...weights], {
          kernel_shape: { ints: known(extentOf(attributes, "kernel", count), "kernel") },
          strides: { ints: known(extentOf(attributes, "stride", count), "stride") },
          pads: { ints: [...padding, ...padding] },
          output_padding: { ints: known(extentOf(attributes, "output_padding", count), "output padding") },
          group: { int: numberOf(attributes, "groups") },
        })[0],
    );
  },
};

/** How many slices a pass put into the channels, one after another: an attribute that is not written by users. */
export function slicesOf({ attributes }: Node): number {
  return attributes.slices === undefined ? 1 : numberOf(attributes, "slices");
}
