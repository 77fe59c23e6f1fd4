import { negativePosition, slicedLayer } from "../diagnostics/catalogue/arguments.js";
import { wrongType } from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { AxisRange } from "../graph/operation.js";
import { addSizes, constantSize, evaluateSize, type Size, subtractSizes } from "../graph/size.js";
import { findAxis, type TensorType } from "../graph/tensor.js";
import { joinSpans } from "../support/source.js";
import type { AxisSlice, Expression, SliceExpression } from "../syntax/ast.js";
import { applyInternal } from "./apply-operation.js";
import { type Evaluation, refuseValue, type TensorValue } from "./evaluation.js";
import { type Context, placeOf } from "./frame.js";
import { describeValue, type Value } from "./values.js";

/** `x[c: 0..<8, part: 0]`: a part of a tensor along some axes; one position drops its axis. Fails with a diagnostic. */
export function sliced(
  evaluation: Evaluation,
  { target, slices, span: whole }: SliceExpression,
  context: Context,
): TensorValue {
  const value = evaluation.evaluate(target, context);
  if (value.kind !== "tensor") {
    const place = { span: target.span, context };
    if (value.kind === "operation" || value.kind === "layer") {
      const found = describeValue(value, evaluation.construction.bindings);
      fail(slicedLayer, { found }, placeOf(context, target.span));
    }
    return refuseValue(evaluation, "what is sliced", value, "a tensor", place, helpFor(value));
  }
  const { type } = value.tensor;
  const name = evaluation.nameOf(target, context);
  const ranges = slices.map((slice) => rangeOf(evaluation, slice, { name, type }, context));
  const [first, last] = [slices[0] as AxisSlice, slices.at(-1) as AxisSlice];
  const site = { span: slices.length > 0 ? joinSpans(first.span, last.span) : whole, context };
  const kept = applyInternal(
    evaluation.construction,
    "slice",
    { tensors: [value.tensor], names: [name] },
    site,
    { ranges },
  );
  const positions = slices.filter(({ kind }) => kind === "position").map(({ axis }) => axis.text);
  if (positions.length === 0) return kept;
  const operand = { tensors: [kept.tensor], names: [name] };
  return applyInternal(evaluation.construction, "drop", operand, site, { axes: positions });
}

interface Target {
  readonly name: string;
  readonly type: TensorType;
}

function rangeOf(
  evaluation: Evaluation,
  slice: AxisSlice,
  { name, type }: Target,
  context: Context,
): AxisRange {
  const axis = slice.axis.text;
  const bound = (expression: Expression): Size => {
    const size = positionOf(evaluation, axis, expression, context);
    const found = evaluateSize(size, evaluation.construction.bindings);
    if (found === undefined || found >= 0) return size;
    const counted = expression.kind === "unary" ? { fromEnd: `${name}.${axis}${found}` } : {};
    return fail(negativePosition, { axis, found, ...counted }, placeOf(context, expression.span));
  };
  const first = slice.first ? bound(slice.first) : constantSize(0);
  if (slice.kind === "position") return { axis, first, count: constantSize(1) };
  // An axis that is not there is for the operation to refuse.
  const size = findAxis(type, axis)?.size ?? constantSize(0);
  const last = slice.last ? bound(slice.last) : undefined;
  const end = last === undefined ? size : slice.kind === "below" ? last : addSizes(last, constantSize(1));
  return { axis, first, count: subtractSizes(end, first) };
}

function positionOf(evaluation: Evaluation, axis: string, expression: Expression, context: Context): Size {
  const value = evaluation.evaluate(expression, context);
  const { bindings } = evaluation.construction;
  if (value.kind !== "int") {
    const args = {
      what: `a position along ${axis}`,
      found: describeValue(value, bindings),
      expected: "an integer",
    };
    fail(wrongType, args, placeOf(context, expression.span));
  }
  return value.size;
}

function helpFor(value: Value): string | undefined {
  if (value.kind === "family") return `name one of its members first: ${value.name}[0][…]`;
  return value.kind === "list" ? "take one element first: list[0][…]" : undefined;
}
