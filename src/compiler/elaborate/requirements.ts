import { requirementFailed, unboundSize } from "../diagnostics/catalogue/types.js";
import { diagnose, SlabFailure } from "../diagnostics/diagnostic.js";
import { type Relation, relationHolds, relationSymbols } from "../graph/condition.js";
import {
  type Bindings,
  constantSize,
  evaluateSize,
  InexactSize,
  type Size,
  subtractSizes,
} from "../graph/size.js";
import type { BinaryExpression, Expression, RequireStatement } from "../syntax/ast.js";
import type { Evaluation } from "./evaluation.js";
import { type Context, placeOf } from "./frame.js";
import { showInText, type Value } from "./values.js";

/** Whether all that an evaluation lacks is sizes that are not given yet. */
export function isUnbound(failure: unknown): failure is SlabFailure {
  return failure instanceof SlabFailure && failure.diagnostics.every(({ code }) => code === unboundSize.code);
}

/**
 * Keeps what a `require` says about open sizes with the network's other conditions: equality, divisibility and bounds, alone
 * or joined by `and`. The rest of it is checked when the sizes are given.
 */
export function keepRequirement(evaluation: Evaluation, statement: RequireStatement, context: Context): void {
  const parts = statement.message.parts.map((part) =>
    typeof part === "string" ? part : (valueIfAny(evaluation, part, context) ?? "…"),
  );
  const message = (bindings: Bindings) =>
    parts.map((part) => (typeof part === "string" ? part : showInText(part, bindings))).join("");
  const relations = relationsIn(evaluation, statement.condition, context);
  keep(relations, message, { evaluation, statement, context });
  if (relations.length === 0) evaluation.construction.untold.add(statement.condition.span);
}

/**
 * Keeps a `require` that the given sizes break with the other conditions, if other sizes may keep it: it is reported with
 * those, and with sizes that keep all. Says whether it is so.
 */
export function keepBroken(
  evaluation: Evaluation,
  statement: RequireStatement,
  message: string,
  context: Context,
): boolean {
  const relations = relationsIn(evaluation, statement.condition, context);
  const { bindings } = evaluation.construction;
  const broken = relations.filter((relation) => relationHolds(relation, bindings) === false);
  if (broken.length === 0 || broken.some((relation) => relationSymbols(relation).size === 0)) return false;
  keep(relations, () => message, { evaluation, statement, context });
  return true;
}

interface Requirement {
  readonly evaluation: Evaluation;
  readonly statement: RequireStatement;
  readonly context: Context;
}

function keep(
  relations: readonly Relation[],
  message: (bindings: Bindings) => string,
  { evaluation: { construction }, statement, context }: Requirement,
): void {
  const place = placeOf(context, statement.condition.span);
  const report = (bindings: Bindings) =>
    construction.located(diagnose(requirementFailed, { message: message(bindings) }, place), context);
  for (const relation of relations) construction.conditions.push({ relation, report });
}

/** Relations of sizes that a condition asks for; none for what is no relation of sizes. */
function relationsIn(evaluation: Evaluation, condition: Expression, context: Context): readonly Relation[] {
  if (condition.kind !== "binary") return [];
  const { operator, left, right } = condition;
  if (operator === "and") {
    return [left, right].flatMap((part) => relationsIn(evaluation, part, context));
  }
  if (operator === "or") {
    const isFalse = (part: Expression) => {
      const value = valueIfAny(evaluation, part, context);
      return value?.kind === "bool" && !value.value;
    };
    if (isFalse(left)) return relationsIn(evaluation, right, context);
    if (isFalse(right)) return relationsIn(evaluation, left, context);
    return [];
  }
  const sizeOf = (expression: Expression): Size | undefined => {
    const value = valueIfAny(evaluation, expression, context);
    return value?.kind === "int" ? value.size : undefined;
  };
  const known = (expression: Expression) => {
    const size = sizeOf(expression);
    return size && evaluateSize(size);
  };
  if (operator === "==" && isRemainder(left)) {
    const [size, by, rest] = [sizeOf(left.left), known(left.right), known(right)];
    if (!size || by === undefined || rest === undefined || rest < 0 || rest >= by) return [];
    return [{ kind: "divisible", size: subtractSizes(size, constantSize(rest)), by }];
  }
  const [a, b] = [sizeOf(left), sizeOf(right)];
  return a && b ? comparison(operator, a, b) : [];
}

function comparison(operator: BinaryExpression["operator"], a: Size, b: Size): readonly Relation[] {
  const difference = (first: Size, second: Size, minimum: number): readonly Relation[] => {
    try {
      return [{ kind: "at-least", size: subtractSizes(first, second), minimum }];
    } catch (failure) {
      // Numbers so large are compared when the sizes are given.
      if (failure instanceof InexactSize) return [];
      throw failure;
    }
  };
  switch (operator) {
    case "==":
      return [{ kind: "equal", left: a, right: b }];
    case ">=":
      return difference(a, b, 0);
    case ">":
      return difference(a, b, 1);
    case "<=":
      return difference(b, a, 0);
    case "<":
      return difference(b, a, 1);
    default:
      return [];
  }
}

function isRemainder(expression: Expression): expression is BinaryExpression {
  return expression.kind === "binary" && expression.operator === "%";
}

/** A value where there is one yet; a part of a condition that others guard may have none with the sizes at hand. */
function valueIfAny(evaluation: Evaluation, expression: Expression, context: Context): Value | undefined {
  try {
    return evaluation.evaluate(expression, context);
  } catch (failure) {
    if (failure instanceof SlabFailure) return undefined;
    throw failure;
  }
}
