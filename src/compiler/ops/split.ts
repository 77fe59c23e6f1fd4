import {
  emptyGroup,
  openParts,
  openPartUnknown,
  partsDiffer,
  partsDoNotDivide,
} from "../diagnostics/catalogue/views.js";
import type { AxisPart, Operation, ShapeContext } from "../graph/operation.js";
import {
  evaluateSize,
  exactQuotient,
  floorDivideSize,
  productOfSizes,
  type Size,
  showSize,
} from "../graph/size.js";
import { type Axis, findAxis, showType } from "../graph/tensor.js";
import { viewLayout } from "../graph/view-layout.js";
import { known } from "../support/invariant.js";
import { axisArgumentsOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxisArguments } from "./axes.js";
import { free } from "./costs.js";
import { whole } from "./reach.js";
import { lowerView, outputWith } from "./view.js";

const name = "split";

/** Makes one axis several. */
export const split: Operation = {
  name,
  documentation:
    "Makes an axis several, which stand where it stood.\n\n" +
    "`split(x: (gx, wx: 7))`: position x is position 7*gx + wx; the last part runs fastest. One part may be without a " +
    "size, which is what the others leave; they must divide the axis. With a size for every part, their product must " +
    "be the axis's size. `merge` is the inverse.\n\n" +
    "MACs and FLOPs: none. ONNX: Reshape, together with other views at most Reshape, Transpose, Reshape.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],
  axisArguments: {
    kind: "parts",
    minimum: 1,
    example: "x: (gx, wx: 7)",
    documentation: "The new axes, outermost first, with their sizes; one may be without.",
  },

  infer(context) {
    const given = requireAxisArguments(context, split);
    const axes = inputType(context).axes.flatMap((axis) => {
      const argument = given.find((candidate) => candidate.axis === axis.name);
      if (!argument) return [axis];
      const parts = partsOf(context, axis, argument.value as readonly AxisPart[]);
      return parts.map((part) => ({ ...part, argument: axis.name }));
    });
    return { output: outputWith(context, name, axes) };
  },

  cost: () => free,

  reach(node, _input, bindings) {
    const reaches = axisArgumentsOf(node.attributes).map(({ axis, value }) => {
      const parts = (value as readonly AxisPart[]).map((part, index) => {
        const { size } = known(findAxis(node.type, part.name), part.name);
        const found = evaluateSize(size, bindings);
        return { from: part.name, ...(index > 0 && found !== undefined ? { size: found } : {}) };
      });
      const isKnown = parts.every((part, index) => index === 0 || "size" in part);
      return [axis, isKnown ? { kind: "split" as const, parts } : whole] as const;
    });
    return Object.fromEntries(reaches);
  },

  layout(node, shapeOf) {
    const { axes } = nodeInputType(node);
    const given = axisArgumentsOf(node.attributes);
    const shape = shapeOf(node.type);
    let next = 0;
    const parts = axes.map((axis) => {
      const argument = given.find((candidate) => candidate.axis === axis.name);
      const count = argument ? (argument.value as readonly AxisPart[]).length : 1;
      next += count;
      return shape.slice(next - count, next);
    });
    return viewLayout({ parts, output: shape.map((_, index) => [index]) });
  },

  lower: lowerView,
};

/** The parts of an axis with the sizes of all of them. */
function partsOf(context: ShapeContext, axis: Axis, parts: readonly AxisPart[]): readonly Axis[] {
  const { bindings } = context;
  const open = parts.filter(({ size }) => size === undefined).map((part) => part.name);
  if (open.length > 1) context.refuse(openParts, { axis: axis.name, open }, axis.name);
  for (const part of parts) {
    const size = part.size && evaluateSize(part.size, bindings);
    if (size !== undefined && size < 1) {
      const args = { operation: name, axis: axis.name, part: part.name, size: String(size) };
      context.refuse(emptyGroup, args, axis.name);
    }
  }
  const product = productOfSizes(parts.flatMap(({ size }) => size ?? []));
  if (open.length === 0) {
    context.require({ kind: "equal", left: product, right: axis.size }, partsDiffer, (bound) => ({
      axis: axis.name,
      size: showSize(axis.size, bound),
      parts: parts.map((part) => ({ name: part.name, size: showSize(part.size as Size, bound) })),
      product: showSize(product, bound),
      type: showType(inputType(context), bound),
    }));
    return parts.map((part) => ({ name: part.name, size: part.size as Size }));
  }
  const rest = quotient(context, axis, known(open[0], "a part without a size"), product);
  return parts.map((part) => ({ name: part.name, size: part.size ?? rest }));
}

/** What is left of an axis when the product of the other parts is taken out of it. */
function quotient(context: ShapeContext, axis: Axis, part: string, product: Size): Size {
  const { bindings } = context;
  const exact = exactQuotient(axis.size, product);
  if (exact) return exact;
  const others = evaluateSize(product, bindings);
  if (others === undefined) {
    const type = showType(inputType(context), bindings);
    const args = { part, size: showSize(axis.size, bindings), others: showSize(product), type };
    return context.refuse(openPartUnknown, args, axis.name);
  }
  const relation = { kind: "divisible" as const, size: axis.size, by: others };
  context.require(relation, partsDoNotDivide, (bound) => ({
    axis: axis.name,
    size: showSize(axis.size, bound),
    parts: others,
    type: showType(inputType(context), bound),
    found: evaluateSize(axis.size, bound),
  }));
  return others === 1 ? axis.size : floorDivideSize(axis.size, others);
}
