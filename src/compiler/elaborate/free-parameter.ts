import * as messages from "../diagnostics/catalogue/parameters.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { AxisArgument } from "../graph/operation.js";
import { evaluateSize, showSize } from "../graph/size.js";
import { findAxis } from "../graph/tensor.js";
import { suggestions } from "../support/suggest.js";
import type { ParamExpression } from "../syntax/ast.js";
import { applyInternal } from "./apply-operation.js";
import { type Evaluation, refuseValue, type TensorValue } from "./evaluation.js";
import { type Context, placeOf } from "./frame.js";
import { coerce } from "./types.js";
import { showValue } from "./values.js";

/** `param w: float[c: 8, k: 3] init normal(0.02)`: a weight under the path of its name. Fails with a diagnostic. */
export function freeParameter(
  evaluation: Evaluation,
  statement: ParamExpression,
  context: Context,
): TensorValue {
  const { name, element, axes, documentation } = statement;
  if (element.text !== "float") {
    fail(messages.badParameterType, { found: element.text }, placeOf(context, element.span));
  }
  const sizes: AxisArgument[] = axes.map((axis, index) => {
    if (axes.findIndex((other) => other.name.text === axis.name.text) !== index) {
      const args = { name: name.text, axis: axis.name.text };
      fail(messages.parameterAxisTwice, args, placeOf(context, axis.name.span));
    }
    return { axis: axis.name.text, value: sizeOf(evaluation, statement, axis, context) };
  });
  const init = initOf(evaluation, statement, context);
  const described = [documentation, init && `init ${init}`].filter(Boolean).join("\n");
  const site = { span: statement.span, context };
  const operands = { tensors: [], names: [] };
  return applyInternal(evaluation.construction, "param", operands, site, {
    axes: sizes,
    ...(described ? { documentation: described } : {}),
  });
}

/** The size of an axis as it is written, or, in a layer, that of the input's axis of the same name. */
function sizeOf(
  evaluation: Evaluation,
  { name }: ParamExpression,
  axis: ParamExpression["axes"][number],
  context: Context,
): number {
  const { bindings } = evaluation.construction;
  if (axis.size) {
    const site = { span: axis.size.span, context };
    const value = evaluation.evaluate(axis.size, context);
    const what = `the size of ${axis.name.text}`;
    if (value.kind !== "int") return refuseValue(evaluation, what, value, "an integer", site);
    const size = evaluateSize(value.size, bindings);
    if (size === undefined) {
      const args = { name: name.text, axis: axis.name.text, size: showValue(value) };
      fail(messages.openParameterSize, args, placeOf(context, axis.size.span));
    }
    if (size < 1) return refuseValue(evaluation, what, value, "at least 1", site);
    return size;
  }
  const input = context.frame.locals.get("input");
  const found = input?.kind === "tensor" ? findAxis(input.tensor.type, axis.name.text) : undefined;
  const args = { name: name.text, axis: axis.name.text };
  if (!found) fail(messages.parameterSizeMissing, args, placeOf(context, axis.name.span));
  const size = evaluateSize(found.size, bindings);
  if (size !== undefined) return size;
  fail(messages.openParameterSize, { ...args, size: showSize(found.size) }, placeOf(context, axis.name.span));
}

/** Which distributions there are, and what the number in their brackets is. */
const distributions: Readonly<Record<string, string | undefined>> = {
  zeros: undefined,
  ones: undefined,
  normal: "standard deviation",
  uniform: "bound",
};

/** `normal(0.02)` as the language writes it, checked. */
function initOf(evaluation: Evaluation, { init }: ParamExpression, context: Context): string | undefined {
  if (!init) return undefined;
  const { text, span } = init.name;
  const known = Object.keys(distributions);
  if (!known.includes(text)) {
    const [suggestion] = suggestions(text, known);
    fail(
      messages.unknownInit,
      { found: text, ...(suggestion ? { suggestion } : {}) },
      placeOf(context, span),
    );
  }
  const wanted = distributions[text];
  if ((wanted === undefined) !== (init.argument === undefined)) {
    const place = placeOf(context, init.argument?.span ?? span);
    fail(messages.initArgument, { name: text, ...(wanted ? { wanted } : {}) }, place);
  }
  if (!init.argument) return text;
  const { bindings } = evaluation.construction;
  const what = `the ${wanted} of ${text}`;
  const value = evaluation.evaluate(init.argument, context);
  const number = coerce(value, "float", what, init.argument.span, bindings);
  if (number.kind === "float" && !(number.value >= 0 && number.value < Number.POSITIVE_INFINITY)) {
    const site = { span: init.argument.span, context };
    return refuseValue(evaluation, what, value, "at least 0", site);
  }
  return `${text}(${showValue(value, bindings)})`;
}
