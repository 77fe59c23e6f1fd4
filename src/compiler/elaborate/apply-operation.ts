import { missingAxisArgument } from "../diagnostics/catalogue/arguments.js";
import * as messages from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { Value as GraphValue } from "../graph/graph.js";
import type { AttributeValue, AxisArgument, Operation } from "../graph/operation.js";
import { namedOperations, operations } from "../ops/index.js";
import { known } from "../support/invariant.js";
import type { Span } from "../support/source.js";
import type { Argument, BinaryOperator } from "../syntax/ast.js";
import { calleeAt } from "./arguments.js";
import { requireEnoughAxes } from "./axis-arguments.js";
import { type Evaluation, refuseValue, type Site, type TensorValue } from "./evaluation.js";
import { placeOf } from "./frame.js";
import { operationArguments } from "./operation-arguments.js";
import type { Construction } from "./state.js";
import { argumentTypes, coerce } from "./types.js";
import { describeValue, type OperationValue, type Value, type View } from "./values.js";
import { lookBack, lookThrough } from "./views.js";

/** The operations that are written by name: after an arrow, or as functions of several tensors. */
export const writtenOperations: ReadonlyMap<string, Operation> = new Map(
  namedOperations.map((operation) => [operation.name, operation]),
);
const allOperations: ReadonlyMap<string, Operation> = new Map(
  operations.map((operation) => [operation.name, operation]),
);

const tensorOperators: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
};

/** Tensors with what messages call them. */
export interface Operands {
  readonly tensors: readonly GraphValue[];
  readonly names: readonly string[];
}

/** Applies an operation that the language has no name for: arithmetic, sums, views. */
export function applyInternal(
  construction: Construction,
  name: string,
  { tensors, names }: Operands,
  { span, context }: Site,
  attributes: Readonly<Record<string, AttributeValue>> = {},
): TensorValue {
  const operation = known(allOperations.get(name), `operation ${name}`);
  const tensor = construction.apply({
    operation,
    inputs: tensors,
    inputNames: names,
    attributes,
    span,
    context,
  });
  return { kind: "tensor", tensor };
}

/** Applies an operation with its arguments, after those of a partial application. Fails with a diagnostic. */
export function applyWritten(
  evaluation: Evaluation,
  operation: Operation,
  { tensors, names }: Operands,
  given: readonly Argument[],
  label: string | undefined,
  { span, context }: Site,
  { bound: earlier, shared }: Pick<OperationValue, "bound" | "shared"> = { bound: new Map() },
): TensorValue {
  const { name, axisArguments } = operation;
  const bound = operationArguments(evaluation, operation, given, earlier, { span, context });
  const attributes: Record<string, AttributeValue> = {};
  const argumentSpans = new Map<string, Span>();
  for (const [argument, { span }] of bound) argumentSpans.set(argument, span);
  if (axisArguments) {
    const ordinary = new Set(operation.arguments.map((spec) => spec.name));
    const axes = [...bound].filter(([argument]) => !ordinary.has(argument));
    requireEnoughAxes(name, axisArguments, axes.length, { span, context });
    attributes.axes = axes.flatMap(([, { attribute }]) => attribute as readonly AxisArgument[]);
  }
  for (const spec of operation.arguments) {
    const given = bound.get(spec.name);
    if (given) {
      attributes[spec.name] = given.attribute;
    } else if (spec.default !== undefined) {
      attributes[spec.name] = spec.default;
    } else if (spec.variadic) {
      const args = { callee: name, example: `names of axes, as in ${name}(x) or ${name}(x, y)`, minimum: 1 };
      fail(missingAxisArgument, args, placeOf(context, span));
    } else if (!spec.optional) {
      const expected = argumentTypes[spec.type];
      fail(
        messages.missingArgument,
        { name: spec.name, callee: calleeAt(name, span), expected },
        placeOf(context, span),
      );
    }
  }
  const tensor = evaluation.construction.apply({
    operation,
    inputs: tensors,
    inputNames: names,
    attributes,
    span,
    argumentSpans,
    context,
    ...(label === undefined ? {} : { label }),
    ...(shared ? { shared } : {}),
  });
  return { kind: "tensor", tensor };
}

/** An operation on several tensors, written as a function: `concat(a, b, along: c)`. */
export function applyJoined(
  evaluation: Evaluation,
  operation: Operation,
  given: readonly Argument[],
  site: Site,
): TensorValue {
  const tensors: GraphValue[] = [];
  const names: string[] = [];
  for (const { name, value } of given) {
    if (name) continue;
    const operand = evaluation.evaluate(value, site.context);
    const elements = operand.kind === "list" ? operand.elements : [operand];
    for (const [index, element] of elements.entries()) {
      if (element.kind !== "tensor") {
        const place = { ...site, span: value.span };
        return refuseValue(evaluation, `each operand of ${operation.name}`, element, "a tensor", place);
      }
      tensors.push(element.tensor);
      names.push(operand.kind === "list" ? `operand ${index + 1}` : evaluation.nameOf(value, site.context));
    }
  }
  const { minimum, maximum } = operation.inputs;
  if (tensors.length < minimum || tensors.length > maximum) {
    const expected = `given ${minimum === maximum ? "" : "at least "}${minimum} tensors`;
    const args = { what: operation.name, found: String(tensors.length), expected };
    fail(messages.wrongType, args, placeOf(site.context, site.span));
  }
  const named = given.filter(({ name }) => name);
  return applyWritten(evaluation, operation, { tensors, names }, named, undefined, site);
}

/** Arithmetic of which at least one side is a tensor. Fails with a diagnostic. */
export function tensorArithmetic(
  { construction }: Evaluation,
  operator: BinaryOperator,
  left: Value,
  right: Value,
  names: readonly string[],
  site: Site,
): TensorValue {
  const operation = tensorOperators[operator];
  if (operation && left.kind === "tensor" && right.kind === "tensor") {
    return applyInternal(construction, operation, { tensors: [left.tensor, right.tensor], names }, site);
  }
  const scaled = operation && withNumber(construction, operator, left, right, names, site);
  if (scaled) return scaled;
  const { bindings } = construction;
  const args = { operator, left: describeValue(left, bindings), right: describeValue(right, bindings) };
  const help = operation ? undefined : "between tensors there are + - * and /";
  fail(messages.wrongOperands, { ...args, ...(help ? { help } : {}) }, placeOf(site.context, site.span));
}

/** A tensor and a number: `x * 2`, `1 - x`, `x / 3`. */
function withNumber(
  construction: Construction,
  operator: BinaryOperator,
  left: Value,
  right: Value,
  names: readonly string[],
  site: Site,
): TensorValue | undefined {
  const [tensor, other] = left.kind === "tensor" ? [left, right] : [right as TensorValue, left];
  if (!["int", "ratio", "float"].includes(other.kind)) return undefined;
  const number = coerce(other, "float", "the number", site.span, construction.bindings) as { value: number };
  const tensorFirst = left.kind === "tensor";
  const operands = { tensors: [tensor.tensor], names };
  const scale = (inputs: Operands, factor: number, offset: number) =>
    applyInternal(construction, "scale", inputs, site, { factor, offset });
  if (operator === "*") return scale(operands, number.value, 0);
  if (operator === "+") return scale(operands, 1, number.value);
  if (operator === "-")
    return tensorFirst ? scale(operands, 1, -number.value) : scale(operands, -1, number.value);
  if (tensorFirst) {
    if (number.value === 0) fail(messages.divisionByZero, {}, placeOf(site.context, site.span));
    return scale(operands, 1 / number.value, 0);
  }
  const inverse = applyInternal(construction, "reciprocal", operands, site);
  return scale({ tensors: [inverse.tensor], names }, number.value, 0);
}

/** Looks at a tensor through a view, or, with `undo`, back from it. */
export function throughView(
  construction: Construction,
  tensor: GraphValue,
  view: View,
  undo: boolean,
  name: string,
  site: Site,
): TensorValue {
  const seen = { type: tensor.type, view, span: site.span, bindings: construction.bindings };
  const { axes, names } = undo ? lookBack(seen, construction.axisOrder) : lookThrough(seen);
  // A view that renames nothing only says in which order axes stand: nothing is seen through it.
  const isSeen = view.roles.some(({ role, axis }) => role !== axis);
  return applyInternal(construction, "rearrange", { tensors: [tensor], names: [name] }, site, {
    axes,
    names,
    ...(isSeen ? { [undo ? "undo" : "view"]: view.name } : {}),
  });
}
