import * as messages from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { Span } from "../support/source.js";
import type { Argument } from "../syntax/ast.js";
import { applyInternal } from "./apply-operation.js";
import { bindArguments } from "./arguments.js";
import { type Evaluation, refuseValue, type Site } from "./evaluation.js";
import { type Context, placeOf } from "./frame.js";
import { applyOperator } from "./operators.js";
import { coerce, describeType } from "./types.js";
import { integer, type Value } from "./values.js";

/** The functions that the language has itself. */
export const builtins = ["len", "min", "max", "sum", "sqrt", "floor"] as const;

/** Calls a `fn`. Fails with a diagnostic. */
export function callFunction(
  evaluation: Evaluation,
  { declaration, scope }: Extract<Value, { kind: "fn" }>,
  given: readonly Argument[],
  { span, context }: Site,
): Value {
  const callee = declaration.name.text;
  const { bindings } = evaluation.construction;
  const parameters = declaration.parameters.map(({ name }) => name.text);
  const bound = bindArguments(callee, parameters, given, span);
  const variables = new Map<string, Value>();
  for (const parameter of declaration.parameters) {
    const name = parameter.name.text;
    const type = parameter.type.text;
    const argument = bound.get(name);
    const value = argument
      ? evaluation.evaluate(argument, context)
      : parameter.default && evaluation.atTopLevel(parameter.default, scope, context, new Map(variables));
    if (!value) {
      const expected = describeType(type);
      fail(messages.missingArgument, { name, callee, expected }, placeOf(context, span));
    }
    variables.set(name, coerce(value, type, `${name} of ${callee}`, argument?.span ?? span, bindings));
  }
  return evaluation.atTopLevel(declaration.value, scope, calledFrom(context, span, callee), variables);
}

/** What a function applies to its tensors are other instances wherever it is called. */
function calledFrom(context: Context, span: Span, callee: string): Context {
  const frame = { ...context.frame, calls: [...context.frame.calls, { span, callee }] };
  return { ...context, frame, identity: `${context.identity}/${span.file.path}:${span.start}` };
}

/** Calls one of the language's own functions; they take values without names, or one list of them. */
export function callBuiltin(
  evaluation: Evaluation,
  name: (typeof builtins)[number],
  given: readonly Argument[],
  site: Site,
): Value {
  const place = placeOf(site.context, site.span);
  const named = given.find((argument) => argument.name)?.name;
  if (named) fail(messages.namedArgument, { callee: name }, { span: named.span });
  const values = given.map(({ value }) => evaluation.evaluate(value, site.context));
  const [value] = values;
  if (!value) {
    const wanted = { len: "a list", sqrt: "a number", floor: "a number" } as Readonly<Record<string, string>>;
    const args = { callee: name, expected: wanted[name] ?? "values, or a list of them" };
    fail(
      messages.missingArgument,
      { name: name === "sqrt" || name === "floor" ? "number" : "list", ...args },
      place,
    );
  }
  if (name === "sqrt") return squareRoot(evaluation, values, site);
  if (name === "floor") return floor(evaluation, values, site);
  const only = values.length === 1 && value.kind === "list" ? value.elements : undefined;
  if (name === "len") {
    if (values.length > 1) {
      fail(messages.tooManyArguments, { callee: name, found: values.length, known: ["list"] }, place);
    }
    if (only) return integer(only.length);
    return refuseValue(evaluation, "the argument of len", value, "a list", site);
  }
  const operands = only ?? values;
  const [first, ...others] = operands;
  if (!first) {
    const args = {
      what: `what ${name} is given`,
      found: "an empty list",
      expected: "at least one value",
    };
    fail(messages.wrongType, args, place);
  }
  const combine = (operator: "+" | "<=" | ">=", left: Value, right: Value) => {
    const { bindings } = evaluation.construction;
    return applyOperator({ operator, left, right, span: site.span, bindings });
  };
  if (name === "sum") {
    if (operands.some(({ kind }) => kind === "tensor")) return sumOfTensors(evaluation, operands, site);
    return others.reduce((left, right) => combine("+", left, right), first);
  }
  const tensor = operands.find(({ kind }) => kind === "tensor");
  if (tensor) {
    const help = name === "max" ? "of a tensor's elements along axes: x -> Max(x, y)" : undefined;
    return refuseValue(evaluation, `what ${name} is given`, tensor, "numbers", site, help);
  }
  return others.reduce((left, right) => {
    const test = combine(name === "min" ? "<=" : ">=", left, right);
    return test.kind === "bool" && test.value ? left : right;
  }, first);
}

function squareRoot(evaluation: Evaluation, values: readonly Value[], site: Site): Value {
  const place = placeOf(site.context, site.span);
  const [value] = values as readonly [Value, ...Value[]];
  if (values.length > 1) {
    fail(messages.tooManyArguments, { callee: "sqrt", found: values.length, known: ["number"] }, place);
  }
  if (value.kind === "tensor") {
    const help = "of a tensor's elements: x -> Sqrt";
    return refuseValue(evaluation, "the argument of sqrt", value, "a number", site, help);
  }
  const number = coerce(value, "float", "the argument of sqrt", site.span, evaluation.construction.bindings);
  if (number.kind !== "float" || number.value < 0) {
    return refuseValue(evaluation, "the argument of sqrt", value, "at least 0", site);
  }
  return { kind: "float", value: Math.sqrt(number.value) };
}

/** The largest integer that is not above a number. */
function floor(evaluation: Evaluation, values: readonly Value[], site: Site): Value {
  const [value] = values as readonly [Value, ...Value[]];
  if (values.length > 1) {
    const args = { callee: "floor", found: values.length, known: ["number"] };
    fail(messages.tooManyArguments, args, placeOf(site.context, site.span));
  }
  if (value.kind === "int") return value;
  if (value.kind === "ratio") {
    const { numerator, denominator } = value.ratio;
    const rest = numerator % denominator;
    return integer((numerator - rest) / denominator - (rest < 0 ? 1 : 0));
  }
  if (value.kind === "float" && Math.abs(value.value) <= Number.MAX_SAFE_INTEGER) {
    return integer(Math.floor(value.value));
  }
  return refuseValue(evaluation, "the argument of floor", value, "a number", site);
}

function sumOfTensors(evaluation: Evaluation, operands: readonly Value[], site: Site): Value {
  const tensors = operands.map((value) =>
    value.kind === "tensor"
      ? value.tensor
      : refuseValue(evaluation, "each operand of sum", value, "a tensor", site),
  );
  const names = tensors.map((_, index) => `operand ${index + 1}`);
  return applyInternal(evaluation.construction, "sum", { tensors, names }, site);
}
