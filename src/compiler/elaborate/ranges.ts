import { limitExceeded, unboundSize } from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import { evaluateSize, showSize } from "../graph/size.js";
import { known } from "../support/invariant.js";
import type { Expression, Generator } from "../syntax/ast.js";
import { type Evaluation, refuseValue } from "./evaluation.js";
import { type Context, placeOf } from "./frame.js";
import { limits } from "./state.js";
import { knownInteger } from "./types.js";
import { integer, type Value } from "./values.js";

/** A whole number that is known now. Fails with a diagnostic; `what` is how it calls the number. */
export function integerOf(
  evaluation: Evaluation,
  expression: Expression,
  what: string,
  context: Context,
): number {
  const { bindings } = evaluation.construction;
  const value = evaluation.evaluate(expression, context);
  if (value.kind !== "int") {
    return refuseValue(evaluation, what, value, "an integer", { span: expression.span, context });
  }
  const number = evaluateSize(value.size, bindings);
  if (number !== undefined) return number;
  return fail(unboundSize, { size: showSize(value.size) }, placeOf(context, expression.span));
}

/** What `for i in …` runs over: the numbers of a range or the elements of a list, in order. */
export function generatedValues(
  evaluation: Evaluation,
  generator: Generator,
  context: Context,
): readonly Value[] {
  return generator.to
    ? numbersOf(evaluation, generator, context).map(integer)
    : elementsOf(evaluation, generator.from, context);
}

/** The same where every element must be a whole number; `what` is how messages call one. */
export function generatedIntegers(
  evaluation: Evaluation,
  generator: Generator,
  what: string,
  context: Context,
): readonly number[] {
  if (generator.to) return numbersOf(evaluation, generator, context);
  const { span } = generator.from;
  return elementsOf(evaluation, generator.from, context).map((value) => {
    if (value.kind !== "int") return refuseValue(evaluation, what, value, "an integer", { span, context });
    return knownInteger(value, span, evaluation.construction.bindings);
  });
}

/** `a..b` has both its ends and runs in either direction; `a..<b` runs upwards, leaves b out, and may be empty. */
function numbersOf(evaluation: Evaluation, generator: Generator, context: Context): number[] {
  const from = integerOf(evaluation, generator.from, "the start of a range", context);
  const end = known(generator.to, "the end of a range");
  const to = integerOf(evaluation, end, "the end of a range", context);
  const length = generator.below ? Math.max(to - from, 0) : Math.abs(to - from) + 1;
  if (length > limits.family) {
    const args = { what: "numbers in one range", limit: limits.family };
    fail(limitExceeded, args, placeOf(context, generator.span));
  }
  const step = generator.below || to >= from ? 1 : -1;
  return Array.from({ length }, (_, offset) => from + step * offset);
}

function elementsOf(evaluation: Evaluation, expression: Expression, context: Context): readonly Value[] {
  const value = evaluation.evaluate(expression, context);
  if (value.kind === "list") return value.elements;
  const site = { span: expression.span, context };
  return refuseValue(evaluation, "what follows `in`", value, "a list or a range", site);
}
