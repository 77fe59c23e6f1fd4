import type { Span } from "../support/source.js";
import { type Evaluation, refuseValue } from "./evaluation.js";
import type { Context, Frame } from "./frame.js";
import type { Value } from "./values.js";

/** What one output of a body came to; the members of a family in the order in which they are written. */
export type Output =
  | { readonly kind: "value"; readonly name?: string; readonly value: Value; readonly span: Span }
  | {
      readonly kind: "family";
      readonly name: string;
      readonly members: readonly { readonly index: number; readonly value: Value; readonly span: Span }[];
    };

/** Under which name a family of outputs stands in its frame, where no definition can be. */
export function outputFamily(name: string): string {
  return `output ${name}`;
}

/**
 * What an application of a layer comes to: its output without a name, or its only one, which carries the named ones as
 * members; else the named ones alone. Outputs are tensors, lists of them, or what another layer gives. Fails with a
 * diagnostic.
 */
export function valueOfLayer(
  evaluation: Evaluation,
  outputs: readonly Output[],
  frame: Frame,
  context: Context,
): Value {
  const layer = frame.declaration.name.text;
  const members = new Map<string, Value>();
  for (const output of outputs) {
    const { name } = output;
    const what = name === undefined ? `the output of ${layer}` : `output ${name} of ${layer}`;
    if (output.kind === "family") {
      for (const { value, span } of output.members)
        requireTensors(evaluation, what, value, { span, context });
      members.set(output.name, { kind: "family", frame, name: outputFamily(output.name) });
      continue;
    }
    requireTensors(evaluation, what, output.value, { span: output.span, context });
    if (name !== undefined) members.set(name, output.value);
  }
  const unnamed = outputs.find((output) => output.kind === "value" && output.name === undefined);
  const main = unnamed ?? (outputs.length === 1 ? outputs[0] : undefined);
  if (main?.kind !== "value") return { kind: "outputs", layer, members };
  const { value, span } = main;
  if (members.size === 0) return value;
  if (value.kind === "tensor" || value.kind === "list") return { ...value, members };
  if (!unnamed) return value;
  return refuseValue(evaluation, `the output of ${layer}`, value, "a tensor", { span, context });
}

function requireTensors(
  evaluation: Evaluation,
  what: string,
  value: Value,
  site: { readonly span: Span; readonly context: Context },
): void {
  if (value.kind === "tensor" || value.kind === "outputs") return;
  if (value.kind === "list") {
    for (const element of value.elements)
      requireTensors(evaluation, `each element of ${what}`, element, site);
    return;
  }
  refuseValue(evaluation, what, value, "a tensor", site);
}
