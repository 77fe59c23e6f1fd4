import * as axisMessages from "../diagnostics/catalogue/arguments.js";
import * as messages from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { AxisArgument, AxisArgumentSpec, AxisPart, Operation } from "../graph/operation.js";
import { joinSpans, type Span } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type { Argument, Expression, Name } from "../syntax/ast.js";
import type { Evaluation, Site } from "./evaluation.js";
import { placeOf } from "./frame.js";
import { limits } from "./state.js";
import { argumentTypes, knownInteger } from "./types.js";
import { describeValue } from "./values.js";

/** The leading arguments without names as one group: `Mean(h, w)` is `Mean((h, w))`. */
export function withGroupedAxes(given: readonly Argument[]): readonly Argument[] {
  const end = given.findIndex(({ name }) => name);
  const positional = end < 0 ? given : given.slice(0, end);
  const [first, ...others] = positional;
  const last = others.at(-1);
  if (!first || !last) return given;
  const elements = positional.flatMap((argument) =>
    argument.value.kind === "group" ? argument.value.elements : [argument],
  );
  const group = { kind: "group" as const, elements, span: joinSpans(first.value.span, last.value.span) };
  return [{ value: group }, ...given.slice(positional.length)];
}

/** `d`, `(h, w)`: bare names of axes, each once. */
export function axesIn(
  evaluation: Evaluation,
  argument: Expression,
  what: string,
  site: Site,
): readonly string[] {
  const elements: readonly Argument[] = argument.kind === "group" ? argument.elements : [{ value: argument }];
  requireFew(elements, argument.span, site);
  const axes: string[] = [];
  for (const { name, value } of elements) {
    if (name || value.kind !== "name") {
      const span = name ? joinSpans(name.span, value.span) : value.span;
      const found = name ? textOf(span) : foundIn(evaluation, value, site);
      const help = "write the axes without quotes, such as (h, w)";
      fail(
        messages.wrongType,
        { what, found, expected: argumentTypes.axes, help },
        placeOf(site.context, span),
      );
    }
    if (axes.includes(value.name)) {
      fail(axisMessages.axisTwice, { axis: value.name, callee: what }, placeOf(site.context, value.span));
    }
    axes.push(value.name);
  }
  return axes;
}

/** One axis argument with where it is written. */
export interface ReadAxisArgument {
  readonly argument: AxisArgument;
  readonly span: Span;
}

/** Evaluates and checks what an operation takes under the names of axes. Fails with a diagnostic. */
export function readAxisArguments(
  evaluation: Evaluation,
  operation: Operation,
  spec: AxisArgumentSpec,
  given: readonly Argument[],
  site: Site,
): readonly ReadAxisArgument[] {
  const reader = new AxisArgumentReader(evaluation, operation, spec, site);
  return given.map((argument) => reader.read(argument));
}

/** Refuses a call that names fewer axes than its operation needs. */
export function requireEnoughAxes(
  callee: string,
  spec: AxisArgumentSpec,
  found: number,
  { span, context }: Site,
): void {
  if (found >= spec.minimum) return;
  const example = `arguments under the names of axes, as in ${exampleOf(callee, spec)}`;
  const args = { callee, example, minimum: spec.minimum };
  fail(axisMessages.missingAxisArgument, args, placeOf(context, span));
}

class AxisArgumentReader {
  constructor(
    private readonly evaluation: Evaluation,
    private readonly operation: Operation,
    private readonly spec: AxisArgumentSpec,
    private readonly site: Site,
  ) {}

  read({ name, value }: Argument): ReadAxisArgument {
    if (!name) {
      const callee = this.operation.name;
      const args = { callee, found: textOf(value.span), example: exampleOf(callee, this.spec) };
      fail(axisMessages.positionalForAxis, args, placeOf(this.site.context, value.span));
    }
    const argument = { axis: name.text, value: this.valueOf(name, value) };
    return { argument, span: joinSpans(name.span, value.span) };
  }

  private valueOf(axis: Name, value: Expression): AxisArgument["value"] {
    switch (this.spec.kind) {
      case "int":
        return this.integer(axis, value);
      case "pair":
        return this.pair(axis, value);
      case "axis":
        return value.kind === "name" ? value.name : this.refuse(axis, value);
      case "parts":
        return this.parts(axis, value);
    }
  }

  private integer(axis: Name, expression: Expression): number {
    const { context } = this.site;
    if (expression.kind === "group") return this.refuse(axis, expression);
    const value = this.evaluation.evaluate(expression, context);
    if (value.kind !== "int") return this.refuse(axis, expression);
    return knownInteger(value, expression.span, this.evaluation.construction.bindings);
  }

  private pair(axis: Name, expression: Expression): number | readonly [number, number] {
    if (expression.kind !== "group") return this.integer(axis, expression);
    const [before, after, ...more] = expression.elements;
    if (!before || !after || more.length > 0 || before.name || after.name)
      return this.refuse(axis, expression);
    return [this.integer(axis, before.value), this.integer(axis, after.value)];
  }

  private parts(axis: Name, expression: Expression): readonly AxisPart[] {
    const elements = expression.kind === "group" ? expression.elements : [{ value: expression }];
    requireFew(elements, expression.span, this.site);
    return elements.map(({ name, value }): AxisPart => {
      if (!name) return value.kind === "name" ? { name: value.name } : this.refuse(axis, value);
      const size = value.kind === "group" ? undefined : this.evaluation.evaluate(value, this.site.context);
      if (size?.kind !== "int") {
        const what = `the size of ${name.text} in ${this.operation.name}`;
        const found = foundIn(this.evaluation, value, this.site);
        const expected = "an integer";
        fail(messages.wrongType, { what, found, expected }, placeOf(this.site.context, value.span));
      }
      return { name: name.text, size: size.size };
    });
  }

  private refuse(axis: Name, value: Expression): never {
    const [suggestion] = suggestions(
      axis.text,
      this.operation.arguments.map(({ name }) => name),
    );
    const args = {
      axis: axis.text,
      callee: this.operation.name,
      found: foundIn(this.evaluation, value, this.site),
      expected: expectations[this.spec.kind],
      example: exampleOf(this.operation.name, this.spec),
      ...(suggestion ? { suggestion } : {}),
    };
    fail(axisMessages.wrongAxisArgument, args, placeOf(this.site.context, value.span));
  }
}

function exampleOf(callee: string, { kind, example }: AxisArgumentSpec): string {
  return `${callee}(${example ?? examples[kind]})`;
}

const expectations: Readonly<Record<AxisArgumentSpec["kind"], string>> = {
  int: "an integer",
  pair: "an integer, or two in parentheses",
  axis: "the name of an axis",
  parts: "a group of axes",
};

const examples: Readonly<Record<AxisArgumentSpec["kind"], string>> = {
  int: "x: 2",
  pair: "x: (1, 2)",
  axis: "x: u",
  parts: "t: (x, y)",
};

/** A group of more axes than any tensor has is a mistake, or meant to exhaust the compiler. */
function requireFew(elements: readonly Argument[], span: Span, { context }: Site): void {
  if (elements.length <= limits.axes) return;
  fail(axisMessages.tooManyAxes, { found: elements.length, limit: limits.axes }, placeOf(context, span));
}

/** What a message says was found: the value with its type, or the text where it has none. */
function foundIn(evaluation: Evaluation, expression: Expression, { context }: Site): string {
  if (expression.kind === "group") return textOf(expression.span);
  return describeValue(evaluation.evaluate(expression, context), evaluation.construction.bindings);
}

export function textOf({ file, start, end }: Span): string {
  const text = file.text.slice(start, end).replace(/\s+/g, " ");
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
