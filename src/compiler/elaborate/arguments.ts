import * as messages from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import { placeText, type Span } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type { Argument, Expression } from "../syntax/ast.js";

/** What arguments are called in PyTorch and elsewhere, with Slab's names for them. */
const frameworkNames: ReadonlyMap<string, readonly string[]> = new Map([
  ["dim", ["along", "axis", "axes"]],
  ["axis", ["along", "axes"]],
  ["eps", ["epsilon"]],
  ["negative_slope", ["slope", "alpha"]],
  ["kernel_size", ["kernel"]],
  ["out_channels", ["out"]],
  ["out_features", ["out"]],
  ["filters", ["out"]],
  ["num_groups", ["groups"]],
  ["scale_factor", ["scale"]],
  ["p", ["rate"]],
  ["shifts", ["distance"]],
  ["normalized_shape", ["axes"]],
]);

/** What messages call a callee: its name, and what it is called where it is used, `Plain, which is block here,`. */
export function calleeAt(name: string, { file, start, end }: Span): string {
  const text = file.text.slice(start, end);
  return /^\w+(\[[^\]]*\])?$/.test(text) && text !== name ? `${name}, which is ${text} here,` : name;
}

/**
 * Pairs a call's arguments with the callee's parameters, by position and then by name. Those that a partial application
 * has `bound` already are left out of the positions. Fails with a diagnostic.
 */
export function bindArguments(
  callee: string,
  parameters: readonly string[],
  given: readonly Argument[],
  span: Span,
  bound: ReadonlyMap<string, { readonly span: Span }> = new Map(),
): ReadonlyMap<string, Expression> {
  const free = parameters.filter((parameter) => !bound.has(parameter));
  const paired = new Map<string, Expression>();
  let named = false;
  given.forEach(({ name, value }, index) => {
    if (!name) {
      if (named) fail(messages.positionalAfterNamed, { callee }, { span: value.span });
      const parameter = free[index];
      if (parameter === undefined) {
        const already = parameters.filter((name) => bound.has(name));
        fail(messages.tooManyArguments, { callee, found: given.length, known: free, already }, { span });
      }
      paired.set(parameter, value);
      return;
    }
    named = true;
    if (!parameters.includes(name.text)) {
      const elsewhere = (frameworkNames.get(name.text) ?? []).find((own) => parameters.includes(own));
      const suggestion = elsewhere ?? suggestions(name.text, parameters)[0];
      const args = { name: name.text, callee, known: parameters, ...(suggestion ? { suggestion } : {}) };
      fail(messages.unknownArgument, args, { span: name.span });
    }
    const earlier = bound.get(name.text);
    if (earlier) {
      const at = { name: name.text, callee, first: placeText(earlier.span, name.span) };
      fail(messages.boundArgument, at, { span: name.span });
    }
    if (paired.has(name.text))
      fail(messages.duplicateArgument, { name: name.text, callee }, { span: name.span });
    paired.set(name.text, value);
  });
  return paired;
}
