import * as messages from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { Span } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type { Argument, Expression } from "../syntax/ast.js";

/** Pairs a call's arguments with the callee's parameters, by position and then by name. Fails with a diagnostic. */
export function bindArguments(
  callee: string,
  parameters: readonly string[],
  given: readonly Argument[],
  span: Span,
): ReadonlyMap<string, Expression> {
  const bound = new Map<string, Expression>();
  let named = false;
  given.forEach(({ name, value }, index) => {
    if (!name) {
      if (named) fail(messages.positionalAfterNamed, { callee }, { span: value.span });
      const parameter = parameters[index];
      if (parameter === undefined) {
        fail(messages.tooManyArguments, { callee, found: given.length, known: parameters }, { span });
      }
      bound.set(parameter, value);
      return;
    }
    named = true;
    if (!parameters.includes(name.text)) {
      const [suggestion] = suggestions(name.text, parameters);
      const args = { name: name.text, callee, known: parameters, ...(suggestion ? { suggestion } : {}) };
      fail(messages.unknownArgument, args, { span: name.span });
    }
    if (bound.has(name.text))
      fail(messages.duplicateArgument, { name: name.text, callee }, { span: name.span });
    bound.set(name.text, value);
  });
  return bound;
}
