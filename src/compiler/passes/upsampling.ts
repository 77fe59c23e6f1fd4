import type { Graph, Node, Value } from "../graph/graph.js";
import { constantSize } from "../graph/size.js";
import { spatialAxes } from "../graph/tensor.js";
import { extentOf, numberOf } from "../ops/attributes.js";
import { conv } from "../ops/conv.js";
import { convTranspose, slicesOf } from "../ops/conv-transpose.js";
import { axisNames } from "../ops/layout.js";
import { merge } from "../ops/merge.js";
import { split } from "../ops/split.js";
import { spread } from "../ops/spread.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { repeated, reshaped, sliced, transposed } from "./derive.js";
import type { Pass, PassResult } from "./pass.js";
import { rewriteEach } from "./rewrite-each.js";
import type { Rewriter } from "./rewriter.js";

/**
 * `upsample=pointwise`: a transposed convolution whose kernels do not overlap makes what each element spreads in the
 * channels, and a view puts it in its place.
 */
export const upsampling: Pass = {
  name: "upsampling",
  documentation: "Makes a transposed convolution with kernel = stride a pointwise one and a view.",
  isWanted: ({ upsample }) => upsample === "pointwise",
  run: (graph) =>
    replaced(graph, "a pointwise convolution to the channels of all positions, and a view", pointwise),
};

/**
 * `upsample=product`: such a transposed convolution is a product of matrices that leaves what each element spreads in its
 * place. Where slices are part of the batch, those that one becomes come one after another.
 */
export const products: Pass = {
  name: "products",
  documentation: "Makes a transposed convolution with kernel = stride a product of matrices.",
  isWanted: ({ upsample }) => upsample === "product",
  run: (graph) => replaced(graph, "a product of matrices, the elements of its kernel in place", multiplied),
};

function replaced(graph: Graph, done: string, make: (rewriter: Rewriter, node: Node) => Value): PassResult {
  return rewriteEach(graph, (rewriter, node) => {
    if (node.operation !== convTranspose) return undefined;
    const reason = obstacle(node);
    return reason === undefined ? { by: make(rewriter, node), done } : { declined: reason };
  });
}

function extents(node: Node, name: string): readonly number[] {
  const count = spatialAxes(known(node.inputs[0], "input").type).length;
  return known(extentOf(node.attributes, name, count), name);
}

function obstacle(node: Node): string | undefined {
  if (numberOf(node.attributes, "groups") !== 1) return "it has groups of channels";
  if (`${extents(node, "kernel")}` !== `${extents(node, "stride")}`)
    return "its kernels overlap, or leave gaps";
  const isWhole = ["padding", "output_padding"].every((name) =>
    extents(node, name).every((size) => size === 0),
  );
  return isWhole ? undefined : "it is padded";
}

function pointwise(rewriter: Rewriter, node: Node): Value {
  const input = rewriter.now(known(node.inputs[0], "input"));
  const kernel = extents(node, "kernel");
  const copies = product(kernel);
  const out = numberOf(node.attributes, "out");
  const { weight, bias } = node.parameters;
  const [channels = 1] = known(weight, "weight").shape;
  // [in, out, kernel...] to [kernel..., out, in]
  const order = [...kernel.map((_, axis) => axis + 2), 1, 0];
  const convolved = rewriter.apply(node, {
    operation: conv,
    inputs: [input],
    attributes: { out: copies * out, kernel: kernel.map(() => 1), bias: bias !== undefined },
    parameters: {
      weight: reshaped(transposed(known(weight, "weight"), order), [
        copies * out,
        channels,
        ...kernel.map(() => 1),
      ]),
      ...(bias ? { bias: repeated(bias, copies) } : {}),
    },
    part: "spread",
  });
  const axes = spatialAxes(input.type).map(({ name }) => name);
  const inner = (axis: string) => `${axis}~`;
  const parts = [
    ...axes.map((axis, index) => ({ name: inner(axis), size: constantSize(kernel[index] as number) })),
    { name: "c" },
  ];
  const parted = rewriter.apply(node, {
    operation: split,
    inputs: [convolved],
    attributes: { axes: [{ axis: "c", value: parts }] },
    part: "parted",
  });
  const groups = axes.map((axis) => ({ axis, value: [{ name: axis }, { name: inner(axis) }] }));
  return rewriter.apply(node, { operation: merge, inputs: [parted], attributes: { axes: groups } });
}

function multiplied(rewriter: Rewriter, node: Node): Value {
  const kernel = extents(node, "kernel");
  const copies = slicesOf(node);
  const out = numberOf(node.attributes, "out") / copies;
  const { weight, bias } = node.parameters;
  const [rows = 1] = known(weight, "weight").shape;
  const outer = kernel.slice(0, -1).map((_, axis) => axis + 3);
  // [in, copies, out, kernel...] to [copies, kernel but for the last axis..., in, kernel of the last axis, out]
  const parts = reshaped(known(weight, "weight"), [rows, copies, out, ...kernel]);
  const order = [1, ...outer, 0, kernel.length + 2, 2];
  const columns = known(kernel.at(-1), "last axis") * out;
  const shape = [copies, ...kernel.slice(0, -1).flatMap((size) => [1, size]), rows, columns];
  const spreadOut = rewriter.apply(node, {
    operation: spread,
    inputs: [rewriter.now(known(node.inputs[0], "input"))],
    attributes: { out, kernel, copies },
    parameters: {
      weight: reshaped(transposed(parts, order), shape),
      ...(bias ? { bias: copies === 1 ? bias : sliced(bias, 0, 0, out) } : {}),
    },
    ...(copies === 1 ? {} : { part: "spread" }),
  });
  if (copies === 1) return spreadOut;
  // As the folding left it, so that its views cancel these.
  const slices = [{ name: "n" }, { name: "slices~", size: constantSize(copies) }];
  const opened = rewriter.apply(node, {
    operation: split,
    inputs: [spreadOut],
    attributes: { axes: [{ axis: "n", value: slices }] },
    part: "slices",
  });
  const joined = rewriter.apply(node, {
    operation: merge,
    inputs: [opened],
    attributes: { axes: [{ axis: "c", value: [{ name: "slices~" }, { name: "c" }] }] },
    part: "joined",
  });
  return rewriter.reorder(node, joined, axisNames(node.type), "as_written");
}
