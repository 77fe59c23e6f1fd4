import * as messages from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import { findAxis, showType } from "../graph/tensor.js";
import type { Span } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type { Name } from "../syntax/ast.js";
import { type Evaluation, refuseValue } from "./evaluation.js";
import { type Context, placeOf } from "./frame.js";
import { integer, type Value } from "./values.js";

/** `value.member`: an output of a layer, else the size of a tensor's axis, or its rank. Fails with a diagnostic. */
export function memberOf(
  evaluation: Evaluation,
  value: Value,
  member: Name,
  span: Span,
  context: Context,
): Value {
  const members = "members" in value ? value.members : undefined;
  const output = members?.get(member.text);
  if (output) return output;
  const place = placeOf(context, member.span);
  if (value.kind === "outputs") {
    const outputs = [...value.members.keys()];
    const [suggestion] = suggestions(member.text, outputs);
    const args = { layer: value.layer, name: member.text, outputs, ...(suggestion ? { suggestion } : {}) };
    fail(messages.unknownOutput, args, place);
  }
  if (value.kind !== "tensor") {
    return refuseValue(evaluation, `what has a .${member.text}`, value, "a tensor", { span, context });
  }
  const { type } = value.tensor;
  if (member.text === "rank") return integer(type.axes.length);
  const axis = findAxis(type, member.text);
  if (axis) return { kind: "int", size: axis.size };
  const args = {
    member: member.text,
    found: showType(type, evaluation.construction.bindings),
    known: [...type.axes.map(({ name }) => name), "rank", ...(members?.keys() ?? [])],
  };
  fail(messages.unknownMember, args, place);
}
