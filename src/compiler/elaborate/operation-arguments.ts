import { axisTwice } from "../diagnostics/catalogue/arguments.js";
import { boundArgument } from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { ArgumentSpec, AttributeValue, Operation } from "../graph/operation.js";
import { placeText } from "../support/source.js";
import type { Argument, Expression } from "../syntax/ast.js";
import { bindArguments, calleeAt } from "./arguments.js";
import { axesIn, readAxisArguments, textOf, withGroupedAxes } from "./axis-arguments.js";
import type { Evaluation, Site } from "./evaluation.js";
import { placeOf } from "./frame.js";
import { toAttribute } from "./types.js";
import { type OperationArguments, showValue } from "./values.js";

/**
 * Evaluates and checks the arguments of an operation, after those that a partial application has given `earlier`. What
 * is given under the name of an axis stands under that name, as a list of one. Fails with a diagnostic.
 */
export function operationArguments(
  evaluation: Evaluation,
  operation: Operation,
  given: readonly Argument[],
  earlier: OperationArguments,
  site: Site,
): OperationArguments {
  const { axisArguments } = operation;
  const callee = calleeAt(operation.name, site.span);
  const { bindings } = evaluation.construction;
  const parameters = operation.arguments.map(({ name }) => name);
  const all = new Map(earlier);
  let ordinary = operation.arguments[0]?.variadic ? withGroupedAxes(given) : given;
  if (axisArguments) {
    const isOrdinary = ({ name }: Argument) => name !== undefined && parameters.includes(name.text);
    const underAxes = ordinary.filter((argument) => !isOrdinary(argument));
    ordinary = ordinary.filter(isOrdinary);
    for (const { argument, span } of readAxisArguments(
      evaluation,
      operation,
      axisArguments,
      underAxes,
      site,
    )) {
      const { axis } = argument;
      const bound = earlier.get(axis);
      if (bound) fail(boundArgument, { name: axis, callee, first: placeText(bound.span, span) }, { span });
      if (all.has(axis)) fail(axisTwice, { axis, callee }, placeOf(site.context, span));
      all.set(axis, { attribute: [argument], shown: textOf(span), span });
    }
  }
  const bound = bindArguments(callee, parameters, ordinary, site.span, earlier);
  for (const spec of operation.arguments) {
    const argument = bound.get(spec.name);
    if (!argument) continue;
    const { attribute, shown } = attributeOf(argument, spec);
    all.set(spec.name, { attribute, shown: `${spec.name}: ${shown}`, span: argument.span });
  }
  return all;

  function attributeOf(
    argument: Expression,
    spec: ArgumentSpec,
  ): { readonly attribute: AttributeValue; readonly shown: string } {
    if (spec.type === "axes") {
      const attribute = axesIn(evaluation, argument, `${spec.name} of ${callee}`, site);
      return { attribute, shown: attribute.length === 1 ? `${attribute[0]}` : `(${attribute.join(", ")})` };
    }
    // An axis is a bare name; a name in scope that holds something else does not hide it.
    const value =
      spec.type === "axis" && argument.kind === "name"
        ? { kind: "axis" as const, name: argument.name }
        : evaluation.evaluate(argument, site.context);
    const attribute = toAttribute(value, spec, callee, argument.span, bindings);
    return { attribute, shown: showValue(value, bindings) };
  }
}
