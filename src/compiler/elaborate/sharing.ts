import * as messages from "../diagnostics/catalogue/sharing.js";
import { fail } from "../diagnostics/diagnostic.js";
import { placeText, type Span } from "../support/source.js";
import type { Argument, DefinitionStatement, Name } from "../syntax/ast.js";
import { bindArguments } from "./arguments.js";
import type { Site } from "./evaluation.js";
import { type Context, placeOf } from "./frame.js";
import { calleeName, describeValue, type LayerValue, type OperationValue, type Value } from "./values.js";

/**
 * The layer of `shared gate = GateShift` as one instance: it has the definition's path, and each application of it the
 * same weights. A layer that is shared already stays the instance that it is. Fails with a diagnostic.
 */
export function sharedLayer(
  value: Value,
  { name, value: expression }: DefinitionStatement,
  context: Context,
): Value {
  const isLayer =
    value.kind === "layer" || (value.kind === "operation" && value.operation.inputs.maximum === 1);
  if (!isLayer) {
    const args = { name: name.text, found: describeValue(value), isTensor: value.kind === "tensor" };
    return fail(messages.notSharable, args, placeOf(context, expression.span));
  }
  if (value.shared) return value;
  const identity = `${context.identity}/shared:${name.text}`;
  return { ...value, shared: { name, path: context.defaultPath, identity } };
}

/**
 * Refuses to call or set up a shared instance otherwise in one place than in another. Tensors may differ; a label that
 * was written for any layer that a parameter may hold says nothing about this one.
 */
export function refuseDifferences(
  callee: LayerValue | OperationValue,
  given: readonly Argument[],
  label: Name | undefined,
  { span, context }: Site,
): void {
  const { shared, origin } = callee;
  if (!shared) return;
  const { name } = shared;
  if (label && !origin) {
    fail(messages.labelOnShared, { label: label.text, name: name.text }, placeOf(context, label.span));
  }
  for (const { argument, place } of ordinaryArguments(callee, given, span)) {
    const first = placeText(name.span, place);
    fail(
      messages.argumentOfShared,
      { argument, callee: calleeName(callee), name: name.text, first },
      placeOf(context, place),
    );
  }
}

/** The arguments that are not tensors, with their names. */
function ordinaryArguments(callee: LayerValue | OperationValue, given: readonly Argument[], span: Span) {
  if (callee.kind === "operation") {
    const free = callee.operation.arguments.filter(({ name }) => !callee.bound.has(name));
    return given.map(({ name, value }, index) => ({
      argument: name?.text ?? free[index]?.name ?? "this argument",
      place: value.span,
    }));
  }
  const { parameters } = callee.declaration;
  const isTensor = new Set(
    parameters.filter(({ type }) => type.text.includes("tensor")).map(({ name }) => name.text),
  );
  const names = parameters.map(({ name }) => name.text);
  return [...bindArguments(calleeName(callee), names, given, span, callee.bound)]
    .filter(([argument]) => !isTensor.has(argument))
    .map(([argument, value]) => ({ argument, place: value.span }));
}
