import type { IToken } from "chevrotain";
import { known } from "../support/invariant.js";
import { joinSpans, type Span } from "../support/source.js";
import type * as ast from "./ast.js";

/** `a - b - c` as `(a - b) - c`: one operator, in any order, stands between each two operands. */
export function leftToRight(
  operands: readonly ast.Expression[],
  operators: readonly IToken[] = [],
): ast.Expression {
  const [head, ...tail] = operands;
  const sorted = [...operators].sort((a, b) => a.startOffset - b.startOffset);
  return tail.reduce<ast.Expression>(
    (left, right, index) => {
      const operator = known(sorted[index], "an operator").image as ast.BinaryOperator;
      return { kind: "binary", operator, left, right, span: joinSpans(left.span, right.span) };
    },
    known(head, "an operand"),
  );
}

/** An operand behind operators such as `not not`, which stand at these places. */
export function prefixed(
  operator: "-" | "not",
  places: readonly Span[],
  operand: ast.Expression,
): ast.Expression {
  return places.toReversed().reduce<ast.Expression>((inner, place) => {
    return { kind: "unary", operator, operand: inner, span: joinSpans(place, inner.span) };
  }, operand);
}
