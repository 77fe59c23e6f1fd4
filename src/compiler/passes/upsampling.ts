import type { Graph, Node, Value } from "../graph/graph.js";
import { constantSize } from "../graph/size.js";
import { spatialAxes } from "../graph/tensor.js";
import { extentOf, numberOf } from "../ops/attributes.js";
import { conv } from "../ops/conv.js";
import { convTranspose } from "../ops/conv-transpose.js";
import { merge } from "../ops/merge.js";
import { split } from "../ops/split.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { repeated, reshaped, transposed } from "./derive.js";
import type { Pass, PassResult, Remark } from "./pass.js";
import { Rewriter } from "./rewriter.js";

/**
 * `upsample=pointwise`: a transposed convolution whose kernels do not overlap makes what each element spreads in the
 * channels, and a view puts it in its place.
 */
export const upsampling: Pass = {
  name: "upsampling",
  documentation: "Makes a transposed convolution with kernel = stride a pointwise one and a view.",
  isWanted: ({ upsample }) => upsample === "pointwise",
  run: pointwise,
};

function pointwise(graph: Graph): PassResult {
  const rewriter = new Rewriter(graph);
  const remarks: Remark[] = [];
  for (const node of graph.nodes) {
    if (node.operation !== convTranspose) {
      rewriter.keep(node);
      continue;
    }
    const reason = obstacle(node);
    if (reason !== undefined) rewriter.keep(node);
    else rewriter.replace(node, spread(rewriter, node));
    const text = reason ?? "a pointwise convolution to the channels of all positions, and a view";
    remarks.push({ kind: reason === undefined ? "done" : "declined", node: node.name, text });
  }
  return { graph: rewriter.finish(), remarks };
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

function spread(rewriter: Rewriter, node: Node): Value {
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
      ...(bias ? { bias: copies === 1 ? bias : repeated(bias, copies) } : {}),
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
