import { openTableSize, tableAxisTwice, tableElement } from "../diagnostics/catalogue/tables.js";
import { limitExceeded } from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { AxisArgument } from "../graph/operation.js";
import { evaluateSize } from "../graph/size.js";
import { product } from "../support/product.js";
import type { TableExpression } from "../syntax/ast.js";
import { applyInternal } from "./apply-operation.js";
import { type Evaluation, refuseValue, type TensorValue } from "./evaluation.js";
import { type Context, placeOf } from "./frame.js";
import { limits } from "./state.js";
import { describeValue, integer, showValue, type Value } from "./values.js";

/** `[x - y for x: 7, y: 7]`: a tensor whose numbers are known, the first axis outermost. Fails with a diagnostic. */
export function table(evaluation: Evaluation, expression: TableExpression, context: Context): TensorValue {
  const axes = expression.axes.map(({ name }, index): AxisArgument => {
    if (expression.axes.findIndex((other) => other.name.text === name.text) !== index) {
      fail(tableAxisTwice, { axis: name.text }, placeOf(context, name.span));
    }
    return { axis: name.text, value: sizeOf(evaluation, expression, index, context) };
  });
  const shape = axes.map(({ value }) => value as number);
  const count = product(shape);
  if (count > limits.elements) {
    const args = { what: "elements in one table", limit: limits.elements };
    fail(limitExceeded, args, placeOf(context, expression.span));
  }
  const names = axes.map(({ axis }) => axis);
  const values = Array.from({ length: count }, (_, index) =>
    elementAt(evaluation, expression, names, positionsOf(index, shape), context),
  );
  const site = { span: expression.span, context };
  return applyInternal(evaluation.construction, "table", { tensors: [], names: [] }, site, { axes, values });
}

function sizeOf(evaluation: Evaluation, { axes }: TableExpression, index: number, context: Context): number {
  const { name, size } = axes[index] as TableExpression["axes"][number];
  const site = { span: size.span, context };
  const value = evaluation.evaluate(size, context);
  const what = `the size of ${name.text}`;
  if (value.kind !== "int") return refuseValue(evaluation, what, value, "an integer", site);
  const found = evaluateSize(value.size, evaluation.construction.bindings);
  if (found === undefined) {
    const args = { axis: name.text, size: showValue(value) };
    return fail(openTableSize, args, placeOf(context, size.span));
  }
  return found >= 1 ? found : refuseValue(evaluation, what, value, "at least 1", site);
}

/** The positions along each axis of a row-major index. */
function positionsOf(index: number, shape: readonly number[]): readonly number[] {
  let rest = index;
  return shape
    .toReversed()
    .map((size) => {
      const position = rest % size;
      rest = (rest - position) / size;
      return position;
    })
    .toReversed();
}

function elementAt(
  evaluation: Evaluation,
  { element }: TableExpression,
  names: readonly string[],
  positions: readonly number[],
  context: Context,
): number {
  const variables = new Map<string, Value>(context.variables);
  names.forEach((name, axis) => {
    variables.set(name, integer(positions[axis] as number));
  });
  const { bindings } = evaluation.construction;
  const value = evaluation.evaluate(element, { ...context, variables });
  if (value.kind === "ratio") return value.ratio.numerator / value.ratio.denominator;
  if (value.kind === "float") return value.value;
  const number = value.kind === "int" ? evaluateSize(value.size, bindings) : undefined;
  if (number !== undefined) return number;
  const at = names.map((name, axis) => `${name} = ${positions[axis]}`).join(", ");
  return fail(tableElement, { found: describeValue(value, bindings), at }, placeOf(context, element.span));
}
