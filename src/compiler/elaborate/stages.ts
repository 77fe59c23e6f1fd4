import * as messages from "../diagnostics/catalogue/types.js";
import { fail, SlabFailure } from "../diagnostics/diagnostic.js";
import { placeText, type Span } from "../support/source.js";
import type { Expression, PipeExpression } from "../syntax/ast.js";
import { applyWritten, throughView } from "./apply-operation.js";
import { type Evaluation, type Instances, refuseValue } from "./evaluation.js";
import { type Context, placeOf } from "./frame.js";
import { refuseDifferences } from "./sharing.js";
import { describeValue, familyName, type Value } from "./values.js";
import { sizeThrough } from "./views.js";

/** Applies what follows an arrow to what stands before it: a layer, an operation, a view. Fails with a diagnostic. */
export function applyStage(
  evaluation: Evaluation,
  instances: Instances,
  input: Value,
  { source, label, undo, target }: PipeExpression,
  context: Context,
): Value {
  const { construction } = evaluation;
  if (input.kind === "size" || input.kind === "int") {
    const seen = sizeInView(evaluation, input, label !== undefined, undo, target, context);
    if (seen) return seen;
  }
  if (input.kind !== "tensor") {
    const place = { span: source.span, context };
    return refuseValue(evaluation, "what goes into ->", input, "a tensor", place, inputHelp(input));
  }
  const called = target.kind === "call";
  const applied = called ? target.target : target;
  const named = evaluation.evaluate(applied, context);
  // A function's result is applied: x -> choose(kind).
  const isFunction = called && (named.kind === "fn" || named.kind === "builtin");
  const callee = isFunction ? evaluation.evaluate(target, context) : named;
  const site = { span: applied.span, context };
  const name = evaluation.nameOf(source, context);
  if (undo || callee.kind === "view") {
    if (callee.kind !== "view") return refuseValue(evaluation, "what follows undo", callee, "a view", site);
    if (label) fail(messages.labelOnView, { view: callee.view.name }, placeOf(context, label.span));
    if (called) fail(messages.notCallable, viewCall(callee.view.name), placeOf(context, applied.span));
    return throughView(construction, input.tensor, callee.view, undo, name, site);
  }
  const given = called && !isFunction ? target.arguments : [];
  if (callee.kind === "layer" || callee.kind === "operation") refuseDifferences(callee, given, label, site);
  if (callee.kind === "layer") {
    return withOrigin(callee.origin, applied.span, () =>
      instances.instantiate(callee, input.tensor, given, label?.text, applied.span, context),
    );
  }
  if (callee.kind === "operation" && callee.operation.inputs.maximum === 1) {
    const operands = { tensors: [input.tensor], names: [name] };
    return withOrigin(callee.origin, applied.span, () =>
      applyWritten(evaluation, callee.operation, operands, given, label?.text, site, callee),
    );
  }
  const args = {
    name: evaluation.nameOf(target, context),
    found: describeValue(callee, construction.bindings),
    help:
      callee.kind === "operation"
        ? `write ${callee.operation.name}(a, b, …)`
        : "a layer, an operation or a view follows an arrow",
  };
  fail(messages.notAStage, args, placeOf(context, applied.span));
}

/** A size read in a view; nothing where what follows the arrow is not one. An int stands for all axes, in any order. */
function sizeInView(
  evaluation: Evaluation,
  input: Value & { kind: "size" | "int" },
  labelled: boolean,
  undo: boolean,
  target: Expression,
  context: Context,
): Value | undefined {
  if (labelled || target.kind === "call") return undefined;
  const callee = evaluation.evaluate(target, context);
  if (callee.kind !== "view") return undefined;
  if (input.kind === "int") return input;
  const { axisOrder } = evaluation.construction;
  const sizes = sizeThrough(input.sizes, callee.view, undo, axisOrder, target.span);
  return { kind: "size", sizes };
}

/** A mistake that comes up where a parameter is applied may lie where the parameter was given. */
function withOrigin<T>(origin: Span | undefined, applied: Span, apply: () => T): T {
  if (!origin) return apply();
  try {
    return apply();
  } catch (failure) {
    if (!(failure instanceof SlabFailure)) throw failure;
    const name = applied.file.text.slice(applied.start, applied.end);
    const note = { label: "given", text: `${name}: ${placeText(origin, applied)}` };
    throw new SlabFailure(failure.diagnostics.map((each) => ({ ...each, notes: [...each.notes, note] })));
  }
}

function inputHelp(value: Value): string | undefined {
  if (value.kind === "family") return `name one of its members, such as ${familyName(value.name)}[0]`;
  if (value.kind === "list") return "take one element, or join them with sum(…) or concat(…, along: c)";
  return undefined;
}

function viewCall(name: string) {
  return { name, found: `view ${name}`, help: `a view takes no arguments: -> ${name}` };
}
