import { argumentOutOfRange } from "../diagnostics/catalogue/shapes.js";
import type { OnnxAttribute } from "../graph/lowering.js";
import type { Operation } from "../graph/operation.js";
import { constantSize, scaleSize } from "../graph/size.js";
import { elementCount, spatialAxes } from "../graph/tensor.js";
import { orZero } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { checkedExtent, extentOf } from "./attributes.js";
import { inputType, nodeInputType, requireSomeLeft, requireSpatialAxes } from "./axes.js";
import { lowerChannelsFirst } from "./layout.js";
import { windowReach } from "./reach.js";
import { type Window, windowPositions, windowsOf } from "./windows.js";

/** A pool: one number for each window, in each channel. */
export function pool(
  name: string,
  summary: string,
  operator: string,
  constants: Readonly<Record<string, OnnxAttribute>> = {},
): Operation {
  return {
    name,
    documentation:
      `${summary}\n\n` +
      "Windows run over every axis but n and c, in order; each axis becomes " +
      "floor((size + 2*padding - kernel) / stride) + 1.\n\n" +
      `MACs: none. FLOPs: output elements * kernel elements. ONNX: ${operator}.`,
    inputs: { minimum: 1, maximum: 1 },
    arguments: [
      { name: "kernel", type: "extent", documentation: "Size of the window along each axis, in elements." },
      {
        name: "stride",
        type: "extent",
        optional: true,
        documentation: "Step of the window; without it, its size.",
      },
      {
        name: "padding",
        type: "extent",
        documentation: "Padding on both sides, at most half a kernel.",
        default: 0,
      },
    ],

    infer(context) {
      const axes = requireSpatialAxes(context, name, 1, 3);
      const kernel = known(checkedExtent(context, name, "kernel", axes, 1), "kernel");
      const stride = checkedExtent(context, name, "stride", axes, 1) ?? kernel;
      const padding = known(checkedExtent(context, name, "padding", axes, 0), "padding");
      const excess = padding.findIndex((size, i) => 2 * size > (kernel[i] as number));
      if (excess !== -1) {
        const found = String(padding[excess]);
        const expected = `at most half the kernel, ${kernel[excess]}`;
        context.refuse(
          argumentOutOfRange,
          { operation: name, argument: "padding", found, expected },
          "padding",
        );
      }
      const windows = windowsOf({ kernel, stride, padding, dilation: kernel.map(() => 1) });
      const sizes = new Map(
        axes.map((axis, i) => [axis.name, windowPositions(axis.size, windows[i] as Window)]),
      );
      for (const [axis, size] of sizes) requireSomeLeft(context, name, axis, size);
      const { axes: all } = inputType(context);
      return { output: { axes: all.map((axis) => ({ ...axis, size: sizes.get(axis.name) ?? axis.size })) } };
    },

    cost(node) {
      const kernel = known(
        extentOf(node.attributes, "kernel", spatialAxes(nodeInputType(node)).length),
        "kernel",
      );
      const elements = product(kernel);
      return { macs: constantSize(0), flops: scaleSize(elementCount(node.type), elements) };
    },

    reach(node) {
      const spatial = spatialAxes(nodeInputType(node));
      const kernel = known(extentOf(node.attributes, "kernel", spatial.length), "kernel");
      const stride = extentOf(node.attributes, "stride", spatial.length) ?? kernel;
      const padding = known(extentOf(node.attributes, "padding", spatial.length), "padding");
      const windows = windowsOf({ kernel, stride, padding, dilation: kernel.map(() => 1) });
      return Object.fromEntries(
        spatial.map(({ name: axis }, i) => [axis, windowReach(axis, windows[i] as Window)]),
      );
    },

    // Padding of a mean counts as zeros.
    range: (_, inputs) => orZero(inputs),

    lower(node, onnx) {
      const count = spatialAxes(nodeInputType(node)).length;
      const kernel = known(extentOf(node.attributes, "kernel", count), "kernel");
      const padding = known(extentOf(node.attributes, "padding", count), "padding");
      return lowerChannelsFirst(
        node,
        onnx,
        (input) =>
          onnx.node(operator, [input], {
            kernel_shape: { ints: kernel },
            strides: { ints: extentOf(node.attributes, "stride", count) ?? kernel },
            pads: { ints: [...padding, ...padding] },
            ...constants,
          })[0],
      );
    },
  };
}
