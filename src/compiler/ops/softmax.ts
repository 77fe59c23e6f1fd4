import type { Operation } from "../graph/operation.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { axesOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis } from "./axes.js";
import { perElement } from "./costs.js";
import { axisNames, transposeTo } from "./layout.js";
import { whole } from "./reach.js";

/** Softmax along one axis or over several at once. */
export const softmax: Operation = {
  name: "Softmax",
  documentation:
    "exp(x) divided by its sum along one axis, or over several.\n\n" +
    "`Softmax(c)` sums to 1 along c; `Softmax(h, w)` over all of h and w together.\n\n" +
    "MACs: none. FLOPs: 5 per element (maximum, difference, exp, sum, quotient). ONNX: Softmax.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    {
      name: "axis",
      type: "axes",
      variadic: true,
      documentation: "The axis, or the axes, along which the result sums to 1.",
    },
  ],
  infer(context) {
    for (const axis of axesOf(context.attributes, "axis")) requireAxis(context, axis, "axis");
    return { output: inputType(context) };
  },
  cost: (node) => perElement(node, 5),
  reach: (node) => Object.fromEntries(axesOf(node.attributes, "axis").map((axis) => [axis, whole])),

  range: () => ({ low: 0, high: 1 }),

  pointwise: (node) => axesOf(node.attributes, "axis").join() === "c",
  anyOrder: true,

  precise: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const own = axisNames(type);
    const axes = axesOf(node.attributes, "axis");
    const first = Math.min(...axes.map((axis) => own.indexOf(axis)));
    if (axes.length === 1) return onnx.node("Softmax", [onnx.input(0)], { axis: { int: first } })[0];
    // ONNX's Softmax has one axis: the others move to where the first one is, and all of them become one.
    const others = own.filter((axis) => !axes.includes(axis));
    const joined = own.filter((axis) => axes.includes(axis));
    const order = [...others.slice(0, first), ...joined, ...others.slice(first)];
    const sizes = onnx.shape(type);
    const shape = order.map((axis) => known(sizes[own.indexOf(axis)], axis));
    const count = product(shape.slice(first, first + joined.length));
    const flat = [...shape.slice(0, first), count, ...shape.slice(first + joined.length)];
    const reshape = (value: string, to: readonly number[], hint: string) =>
      onnx.node("Reshape", [value, onnx.int64(to)], {}, { hint })[0];
    const input = reshape(transposeTo(onnx, onnx.input(0), own, order, "joined"), flat, "flattened");
    const result = onnx.node("Softmax", [input], { axis: { int: first } })[0];
    return transposeTo(onnx, reshape(result, shape, "unflattened"), order, own, "restored");
  },
};
