import type { Node, Parameter, Value } from "../../graph/graph.js";
import { constantSize } from "../../graph/size.js";
import { spatialAxes } from "../../graph/tensor.js";
import { add } from "../../ops/add.js";
import { extentOf, numberOf } from "../../ops/attributes.js";
import { conv, convolutionExtents } from "../../ops/conv.js";
import { convTranspose } from "../../ops/conv-transpose.js";
import { split } from "../../ops/split.js";
import { subsample } from "../../ops/subsample.js";
import { known } from "../../support/invariant.js";
import { repeated, reshaped, sliced, transposed } from "../derive.js";
import { type Rewriter, sizeOf } from "../rewriter.js";
import { closeSlices, openSlices } from "./folded-values.js";

/** The axes along which slices do not meet in a convolution: kernel 1 and no padding. */
export function sliceAxesOfConv(node: Node): readonly string[] {
  const { kernel, padding } = convolutionExtents(node);
  return axesOfInput(node).filter((_, index) => kernel[index] === 1 && padding[index] === 0);
}

/** The axes along which each slice of a transposed convolution becomes a whole number of slices by itself. */
export function sliceAxesOfTransposed(node: Node): readonly string[] {
  if (numberOf(node.attributes, "groups") !== 1) return [];
  const [kernel, stride, padding, excess] = ["kernel", "stride", "padding", "output_padding"].map((name) =>
    extents(node, name),
  );
  return axesOfInput(node).filter((_, index) => {
    const isWhole = kernel?.[index] === stride?.[index];
    return isWhole && padding?.[index] === 0 && excess?.[index] === 0;
  });
}

/**
 * A convolution whose slices are part of the batch. With a kernel along the slices it is a sum: of two-dimensional
 * convolutions, each of the slices that one element of the kernel meets.
 */
export function foldConv(rewriter: Rewriter, node: Node, input: Value, axis: string): Value {
  const { kernel, stride, dilation, padding } = convolutionExtents(node);
  const axes = axesOfInput(node);
  const along = axes.indexOf(axis);
  const rest = spatialAxes(input.type).map(({ name }) => name);
  const pick = (sizes: readonly number[]) => rest.map((name) => sizes[axes.indexOf(name)] as number);
  const [step, length] = [known(stride[along], "stride"), known(kernel[along], "kernel")];
  const { weight, bias } = node.parameters;
  const hasBias = bias !== undefined;
  let total: Value | undefined;
  for (let element = 0; element < length; element++) {
    const offset = element * known(dilation[along], "dilation") - known(padding[along], "padding");
    const own =
      length === 1 ? known(weight, "weight") : sliced(known(weight, "weight"), 2 + along, element, 1);
    const convolved = rewriter.apply(node, {
      operation: conv,
      inputs: [slicesAt(rewriter, node, input, axis, { offset, step })],
      attributes: {
        ...node.attributes,
        kernel: pick(kernel),
        stride: pick(stride),
        dilation: pick(dilation),
        padding: pick(padding),
        bias: hasBias && element === 0,
      },
      parameters: {
        weight: withoutAxis(own, along, order(axes, rest)),
        ...(bias && element === 0 ? { bias } : {}),
      },
      ...(length === 1 ? {} : { part: `element${element}` }),
    });
    const part = element === length - 1 ? {} : { part: `sum${element}` };
    total = total ? rewriter.apply(node, { operation: add, inputs: [total, convolved], ...part }) : convolved;
  }
  return known(total, "elements of a kernel");
}

/**
 * A transposed convolution whose slices are part of the batch. Where each slice becomes several, these are made side by
 * side in the channels, which stand next to the batch: to count them as slices moves nothing.
 */
export function foldTransposed(rewriter: Rewriter, node: Node, input: Value, axis: string): Value {
  const axes = axesOfInput(node);
  const rest = spatialAxes(input.type).map(({ name }) => name);
  const pick = (name: string) => rest.map((own) => extents(node, name)[axes.indexOf(own)] as number);
  const copies = extents(node, "kernel")[axes.indexOf(axis)] as number;
  const out = numberOf(node.attributes, "out");
  const weight = known(node.parameters.weight, "weight");
  const [channels = 1, , ...kernel] = weight.shape;
  // [in, out, axis, rest...] to [in, axis, out, rest...]
  const places = [0, 2 + axes.indexOf(axis), 1, ...order(axes, rest).map((index) => index + 2)];
  const shape = [channels, copies * out, ...order(axes, rest).map((index) => kernel[index] as number)];
  const { bias } = node.parameters;
  const result = rewriter.apply(node, {
    operation: convTranspose,
    inputs: [input],
    attributes: {
      ...node.attributes,
      out: copies * out,
      kernel: pick("kernel"),
      stride: pick("stride"),
      padding: pick("padding"),
      output_padding: pick("output_padding"),
      slices: copies,
    },
    parameters: {
      weight: reshaped(transposed(weight, places), shape),
      ...(bias ? { bias: repeated(bias, copies) } : {}),
    },
  });
  if (copies === 1) return result;
  const parts = [{ name: `${axis}~`, size: constantSize(copies) }, { name: "c" }];
  const attributes = { axes: [{ axis: "c", value: parts }] };
  const parted = rewriter.apply(node, { operation: split, inputs: [result], attributes, part: "parted" });
  return closeSlices(rewriter, node, parted, `${axis}~`);
}

/** The slices that an element of a kernel meets, one for each slice of the result. */
function slicesAt(
  rewriter: Rewriter,
  node: Node,
  input: Value,
  axis: string,
  { offset, step }: { readonly offset: number; readonly step: number },
): Value {
  const { type } = known(node.inputs[0], "input");
  const count = sizeOf(node.type, axis);
  if (offset === 0 && step === 1 && count === sizeOf(type, axis)) return input;
  const part = "slices_met";
  const attributes = { offset, step, count };
  if (sizeOf(type, "n") === 1) {
    const along = { ...attributes, axis: "n" };
    return rewriter.apply(node, { operation: subsample, inputs: [input], attributes: along, part });
  }
  const opened = openSlices(rewriter, node, { axis, value: input }, sizeOf(type, axis));
  const along = { ...attributes, axis };
  const met = rewriter.apply(node, { operation: subsample, inputs: [opened], attributes: along, part });
  return closeSlices(rewriter, node, met, axis);
}

/** A convolution's weight [out, in, kernel...] without an axis of the kernel that has size 1, the rest in an order. */
function withoutAxis(weight: Parameter, axis: number, rest: readonly number[]): Parameter {
  const [out = 1, channels = 1, ...kernel] = weight.shape;
  const shape = [out, channels, ...rest.map((index) => kernel[index] as number)];
  const order = [0, 1, 2 + axis, ...rest.map((index) => index + 2)];
  return reshaped(transposed(weight, order), shape);
}

/** Where the axes stand in the order that the node was written in. */
function order(axes: readonly string[], rest: readonly string[]): readonly number[] {
  return rest.map((name) => axes.indexOf(name));
}

function axesOfInput(node: Node): readonly string[] {
  return spatialAxes(known(node.inputs[0], "input").type).map(({ name }) => name);
}

function extents(node: Node, name: string): readonly number[] {
  return known(extentOf(node.attributes, name, axesOfInput(node).length), name);
}
