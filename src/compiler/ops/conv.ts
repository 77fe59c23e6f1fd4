import { evenKernelNeedsPadding, groupsDoNotDivide } from "../diagnostics/catalogue/shapes.js";
import type { Node } from "../graph/graph.js";
import type { OnnxAttribute } from "../graph/lowering.js";
import type { Operation, ShapeContext } from "../graph/operation.js";
import { constantSize } from "../graph/size.js";
import { type Axis, spatialAxes } from "../graph/tensor.js";
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
import { convolutionCost } from "./costs.js";
import { lowerChannelsFirst } from "./layout.js";
import { whole, windowReach } from "./reach.js";
import { type Extents, type Window, windowPositions, windowsOf } from "./windows.js";

const name = "Conv";

/** Convolution (cross-correlation) with zero padding; ONNX Conv, PyTorch Conv1d to Conv3d. */
export const conv: Operation = {
  name,
  documentation:
    "A convolution over every axis but n and c, in order.\n\n" +
    "Each axis becomes floor((size + 2*padding - dilation*(kernel - 1) - 1) / stride) + 1. Weights: `weight` " +
    "[out, in/groups, kernel...] and, with bias, `bias` [out].\n\n" +
    "MACs: output elements * in/groups * kernel elements. FLOPs: 2 * MACs, plus one per output element for a bias. " +
    "ONNX: Conv.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    { name: "out", type: "int", documentation: "Channels of the output." },
    { name: "kernel", type: "extent", documentation: "Size of the kernel along each axis, in elements." },
    { name: "stride", type: "extent", documentation: "Step of the kernel along each axis.", default: 1 },
    {
      name: "dilation",
      type: "extent",
      documentation: "Distance between the kernel's elements.",
      default: 1,
    },
    {
      name: "padding",
      type: "extent",
      optional: true,
      documentation:
        "Zeros on both sides of each axis. Without it dilation*(kernel - 1)/2, which keeps the size at stride 1; " +
        "the kernel must be odd then.",
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
    const dilation = known(checkedExtent(context, name, "dilation", axes, 1), "dilation");
    const padding =
      checkedExtent(context, name, "padding", axes, 0) ?? samePadding(context, axes, kernel, dilation);

    const windows = windowsOf({ kernel, stride, dilation, padding });
    const sizes = new Map(
      axes.map((axis, i) => [axis.name, windowPositions(axis.size, windows[i] as Window)]),
    );
    for (const [axis, size] of sizes) requireSomeLeft(context, name, axis, size);
    sizes.set("c", constantSize(out));
    return {
      output: {
        axes: inputType(context).axes.map((axis) => ({ ...axis, size: sizes.get(axis.name) ?? axis.size })),
      },
      parameters: checkedParameters(context, name, [
        { role: "weight", shape: [out, channels / groups, ...kernel] },
        ...(booleanOf(context.attributes, "bias") ? [{ role: "bias", shape: [out] }] : []),
      ]),
    };
  },

  cost: (node) => convolutionCost(node, node.type),

  reach(node) {
    const windows = windowsOf(convolutionExtents(node));
    const axes = spatialAxes(nodeInputType(node)).map(({ name: axis }, i) => {
      return [axis, windowReach(axis, windows[i] as Window)];
    });
    return { c: whole, ...Object.fromEntries(axes) };
  },

  lower(node, onnx) {
    const weights = [onnx.parameter("weight"), ...(node.parameters.bias ? [onnx.parameter("bias")] : [])];
    const attributes = convolutionAttributes(node);
    return lowerChannelsFirst(node, onnx, (input) => onnx.node("Conv", [input, ...weights], attributes)[0]);
  },
};

/** The groups of a convolution, which must divide its input and output channels. */
export function requireGroups(
  context: ShapeContext,
  operation: string,
  channels: number,
  out: number,
): number {
  const groups = checkedInteger(context, operation, "groups");
  if (channels % groups !== 0) {
    context.refuse(groupsDoNotDivide, { operation, what: "input", channels, groups }, "groups");
  }
  if (out % groups !== 0) {
    context.refuse(groupsDoNotDivide, { operation, what: "output", channels: out, groups }, "groups");
  }
  return groups;
}

/** Half of the dilated kernel on each side. */
function samePadding(
  context: ShapeContext,
  axes: readonly Axis[],
  kernel: readonly number[],
  dilation: readonly number[],
): readonly number[] {
  const even = kernel.findIndex((size) => size % 2 === 0);
  if (even !== -1) {
    const axis = known(axes[even], "axis").name;
    context.refuse(
      evenKernelNeedsPadding,
      { operation: name, axis, kernel: kernel[even] as number },
      "kernel",
    );
  }
  return halfKernels(kernel, dilation);
}

function halfKernels(kernel: readonly number[], dilation: readonly number[]): readonly number[] {
  return kernel.map((size, i) => ((dilation[i] as number) * (size - 1)) / 2);
}

export function convolutionExtents({ attributes, inputs: [input] }: Node): Extents {
  const count = spatialAxes(known(input, "input of a convolution").type).length;
  const kernel = known(extentOf(attributes, "kernel", count), "kernel");
  const stride = known(extentOf(attributes, "stride", count), "stride");
  const dilation = known(extentOf(attributes, "dilation", count), "dilation");
  const padding = extentOf(attributes, "padding", count) ?? halfKernels(kernel, dilation);
  return { kernel, stride, dilation, padding };
}

function convolutionAttributes(node: Node): Readonly<Record<string, OnnxAttribute>> {
  const { kernel, stride, dilation, padding } = convolutionExtents(node);
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: stride },
    dilations: { ints: dilation },
    pads: { ints: [...padding, ...padding] },
    group: { int: numberOf(node.attributes, "groups") },
  };
}
