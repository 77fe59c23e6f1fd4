import type { Node } from "../graph/graph.js";
import type { Operation } from "../graph/operation.js";
import { addSizes, constantSize, scaleSize } from "../graph/size.js";
import { axisIndex, elementCount, spatialAxes } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { extentOf, numberOf } from "./attributes.js";
import { inputType, nodeInputType } from "./axes.js";
import { axisNames, transposeTo } from "./layout.js";
import { transposedReach, whole } from "./reach.js";

/**
 * What a transposed convolution with kernel = stride becomes where it is computed by a product. Not written by users: its
 * attributes are `out`, `kernel`, for each axis, and `copies`, how many samples each sample of n becomes. The weight is
 * [copies, 1, kernel of the first axis, 1, kernel of the second..., channels, kernel of the last axis * out], the bias
 * [out].
 */
export const spread: Operation = {
  name: "spread",
  documentation:
    "Each element becomes a block of elements: what a transposed convolution with kernel = stride becomes in some " +
    "schedules.\n\nMACs: input elements * out * kernel elements * copies. FLOPs: 2 * MACs, plus one per output element " +
    "for a bias. ONNX: Transpose, MatMul, Transpose, and Conv of each channel by itself for a bias.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],

  infer(context) {
    const input = inputType(context);
    const count = spatialAxes(input).length;
    const factors = new Map(
      spatialAxes(input).map(({ name }, index) => [name, kernelOf(context, count)[index]]),
    );
    factors.set("n", numberOf(context.attributes, "copies"));
    const axes = input.axes.map((axis) => {
      if (axis.name === "c") return { ...axis, size: constantSize(numberOf(context.attributes, "out")) };
      return { ...axis, size: scaleSize(axis.size, known(factors.get(axis.name), axis.name)) };
    });
    return { output: { axes } };
  },

  cost(node) {
    const { copies, kernel, out } = formOf(node);
    const macs = scaleSize(elementCount(nodeInputType(node)), copies * product(kernel) * out);
    const added = scaleSize(elementCount(node.type), node.parameters.bias ? 1 : 0);
    return { macs, flops: addSizes(scaleSize(macs, 2), added) };
  },

  reach(node) {
    const { copies, kernel } = formOf(node);
    const reaches = spatialAxes(nodeInputType(node)).map(({ name }, index) => [
      name,
      blocks(name, kernel[index]),
    ]);
    return { ...Object.fromEntries(reaches), c: whole, n: blocks("n", copies) };
  },

  lower(node, onnx) {
    const type = nodeInputType(node);
    const { copies, kernel, out } = formOf(node);
    const spatial = spatialAxes(type).map(({ name }) => name);
    const sizeOf = (name: string) => known(onnx.shape(type)[axisIndex(type, name)], name);
    const [samples, channels] = [sizeOf("n"), sizeOf("c")];
    const outer = spatial.slice(0, -1).flatMap((name) => [sizeOf(name), 1]);
    const last = sizeOf(known(spatial.at(-1), "last axis"));
    const reshape = (value: string, to: readonly number[], hint: string) =>
      onnx.node("Reshape", [value, onnx.int64(to)], {}, { hint })[0];

    const rows = transposeTo(onnx, onnx.input(0), axisNames(type), ["n", ...spatial, "c"], "rows");
    // Along every axis but the last, the elements of the kernel are a batch of products, which is where they belong.
    const left = reshape(rows, [samples, 1, ...outer, last, channels], "aligned");
    const products = onnx.node("MatMul", [left, onnx.parameter("weight")], {}, { hint: "products" })[0];
    const sizes = spatial.map((name, axis) => sizeOf(name) * (kernel[axis] as number));
    const image = [samples * copies, product(sizes.slice(0, -1)), known(sizes.at(-1), "last axis"), out];
    // What follows directly is a convolution of images: of a Transpose that has but that reader, ONNX Runtime makes a part
    // of how it brings values into its blocks. Where they are, a bias by a convolution is faster than by an Add.
    const channelsFirst = onnx.node(
      "Transpose",
      [reshape(products, image, "spread")],
      { perm: { ints: [0, 3, 1, 2] } },
      { hint: "channels_first" },
    )[0];
    const added = node.parameters.bias
      ? onnx.node(
          "Conv",
          [channelsFirst, onnx.float32(Array(out).fill(1), [out, 1, 1, 1]), onnx.parameter("bias")],
          { kernel_shape: { ints: [1, 1] }, group: { int: out } },
          { hint: "biased" },
        )[0]
      : channelsFirst;
    const volume = [samples * copies, out, ...sizes];
    const shaped = spatial.length === 2 ? added : reshape(added, volume, "shaped");
    return transposeTo(onnx, shaped, ["n", "c", ...spatial], axisNames(node.type), "restored");
  },
};

/** Blocks of so many elements. */
function blocks(axis: string, size: number | undefined) {
  const kernel = known(size, axis);
  return transposedReach(axis, { kernel, stride: kernel, padding: 0 });
}

function kernelOf({ attributes }: Pick<Node, "attributes">, count: number): readonly number[] {
  return known(extentOf(attributes, "kernel", count), "kernel");
}

function formOf(node: Node) {
  const { attributes } = node;
  return {
    copies: numberOf(attributes, "copies"),
    kernel: kernelOf(node, spatialAxes(nodeInputType(node)).length),
    out: numberOf(attributes, "out"),
  };
}
