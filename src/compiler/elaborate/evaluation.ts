import { needsInput, severalOutputs, wrongType } from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { Value as GraphValue } from "../graph/graph.js";
import type { Span } from "../support/source.js";
import type { Argument, Expression } from "../syntax/ast.js";
import { type Context, type Frame, placeOf } from "./frame.js";
import type { ModuleScope } from "./modules.js";
import type { Construction } from "./state.js";
import { calleeName, describeValue, type LayerValue, type Value } from "./values.js";

/** How expressions reach definitions and make instances. */
export interface Instances {
  /** The value of a definition without index, or undefined where the frame has none of that name. */
  definition(frame: Frame, name: string, span: Span): Value | undefined;
  member(frame: Frame, name: string, index: number, span: Span, context: Context): Value;
  /** A layer with more of its arguments given, not applied yet. */
  bind(layer: LayerValue, given: readonly Argument[], span: Span, context: Context): LayerValue;
  instantiate(
    layer: LayerValue,
    input: GraphValue,
    given: readonly Argument[],
    label: string | undefined,
    span: Span,
    context: Context,
  ): Value;
}

/** What calls and operations need of the evaluator around them. */
export interface Evaluation {
  readonly construction: Construction;
  evaluate(expression: Expression, context: Context): Value;
  /** Evaluates what stands at the top of a file, which sees that file's names and `variables` only. */
  atTopLevel(
    value: Expression,
    scope: ModuleScope,
    context: Context,
    variables: ReadonlyMap<string, Value>,
  ): Value;
  /** What a message calls an expression: its label, its name, `enc[2]`, or else its text. */
  nameOf(expression: Expression, context: Context): string;
}

export type TensorValue = Extract<Value, { kind: "tensor" }>;

/** Where something is applied. */
export interface Site {
  readonly span: Span;
  readonly context: Context;
}

/** Fails: `what` must be `expected`. A layer where a tensor must be has not been applied to one. */
export function refuseValue(
  { construction }: Evaluation,
  what: string,
  value: Value,
  expected: string,
  { span, context }: Site,
  help?: string,
): never {
  const found = describeValue(value, construction.bindings);
  if (expected === "a tensor" && (value.kind === "layer" || value.kind === "operation")) {
    fail(needsInput, { name: calleeName(value), found }, placeOf(context, span));
  }
  if (expected === "a tensor" && value.kind === "outputs") {
    const outputs = [...value.members.keys()];
    fail(severalOutputs, { what, layer: value.layer, outputs }, placeOf(context, span));
  }
  fail(wrongType, { what, found, expected, ...(help ? { help } : {}) }, placeOf(context, span));
}
