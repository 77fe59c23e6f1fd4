import {
  divisionByZero,
  integerTooLarge,
  limitExceeded,
  wrongOperands,
} from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import {
  addSizes,
  type Bindings,
  evaluateSize,
  floorDivideSize,
  multiplySizes,
  type Size,
  scaleSize,
  subtractSizes,
} from "../graph/size.js";
import type { Span } from "../support/source.js";
import type { BinaryOperator } from "../syntax/ast.js";
import { limits } from "./state.js";
import { knownInteger } from "./types.js";
import { describeValue, integer, ratio, showValue, type Value } from "./values.js";

interface Operands {
  readonly operator: BinaryOperator;
  readonly left: Value;
  readonly right: Value;
  readonly span: Span;
  readonly bindings: Bindings;
}

/** Arithmetic, comparison and logic between compile-time values; integers and ratios are exact. */
export function applyOperator(operands: Operands): Value {
  const { operator, left, right } = operands;
  switch (operator) {
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(operands);
    case "==":
    case "!=": {
      const equal = sameValue(operands);
      return { kind: "bool", value: operator === "==" ? equal : !equal };
    }
    case "and":
    case "or": {
      if (left.kind !== "bool" || right.kind !== "bool")
        return refuse(operands, "both sides must be true or false");
      return {
        kind: "bool",
        value: operator === "and" ? left.value && right.value : left.value || right.value,
      };
    }
    default: {
      const difference = comparableNumber(left, operands) - comparableNumber(right, operands);
      const value =
        operator === "<"
          ? difference < 0
          : operator === "<="
            ? difference <= 0
            : operator === ">"
              ? difference > 0
              : difference >= 0;
      return { kind: "bool", value };
    }
  }
}

function refuse({ operator, left, right, span, bindings }: Operands, help?: string): never {
  const args = { operator, left: describeValue(left, bindings), right: describeValue(right, bindings) };
  fail(wrongOperands, { ...args, ...(help ? { help } : {}) }, { span });
}

function arithmetic(operands: Operands): Value {
  const { operator, left, right, span } = operands;
  if (left.kind === "string" && right.kind === "string" && operator === "+") {
    checkLength("characters in one text", left.value.length + right.value.length, span);
    return { kind: "string", value: left.value + right.value };
  }
  if (left.kind === "list" && right.kind === "list" && operator === "+") {
    checkLength("elements in one list", left.elements.length + right.elements.length, span);
    return { kind: "list", elements: [...left.elements, ...right.elements] };
  }
  if (left.kind === "float" || right.kind === "float") {
    if (operator === "%") return refuse(operands, "% works between integers");
    const a = comparableNumber(left, operands);
    const b = comparableNumber(right, operands);
    if (operator === "/" && b === 0) fail(divisionByZero, {}, { span });
    const value = operator === "+" ? a + b : operator === "-" ? a - b : operator === "*" ? a * b : a / b;
    return { kind: "float", value };
  }
  if (left.kind === "int" && right.kind === "int" && operator !== "/" && operator !== "%") {
    const [a, b] = [boundOf(left.size, operands.bindings), boundOf(right.size, operands.bindings)];
    checkExact(operands, operator === "*" ? a * b : a + b);
    if (operator === "+") return { kind: "int", size: addSizes(left.size, right.size) };
    if (operator === "-") return { kind: "int", size: subtractSizes(left.size, right.size) };
    return { kind: "int", size: multiplySizes(left.size, right.size) };
  }
  const [a, b] = [exactFraction(left, operands), exactFraction(right, operands)];
  if ((operator === "/" || operator === "%") && b.numerator === 0) fail(divisionByZero, {}, { span });
  if (operator === "%") {
    if (a.denominator !== 1 || b.denominator !== 1) return refuse(operands, "% works between integers");
    // Of the divisor's sign; to add the divisor first could leave the exact integers.
    const rest = a.numerator % b.numerator;
    return integer(rest !== 0 && rest < 0 !== b.numerator < 0 ? rest + b.numerator : rest);
  }
  const largest =
    Math.max(Math.abs(a.numerator), a.denominator) * Math.max(Math.abs(b.numerator), b.denominator);
  checkExact(operands, 2 * largest);
  // A size that is not bound yet can be halved where that is exact whatever it will be.
  if (
    operator === "/" &&
    left.kind === "int" &&
    b.denominator === 1 &&
    b.numerator > 0 &&
    evaluateSize(left.size) === undefined
  ) {
    const quotient = floorDivideSize(left.size, b.numerator);
    if (subtractSizes(scaleSize(quotient, b.numerator), left.size).terms.length === 0)
      return { kind: "int", size: quotient };
  }
  if (operator === "+" || operator === "-") {
    const sign = operator === "+" ? 1 : -1;
    return ratio(
      a.numerator * b.denominator + sign * b.numerator * a.denominator,
      a.denominator * b.denominator,
    );
  }
  return operator === "*"
    ? ratio(a.numerator * b.numerator, a.denominator * b.denominator)
    : ratio(a.numerator * b.denominator, a.denominator * b.numerator);
}

/** At least as large as the size is under the bindings, and as every coefficient in it. */
function boundOf({ constant, terms }: Size, bindings: Bindings): number {
  return terms.reduce((total, { coefficient, factors }) => {
    const product = factors.reduce((bound, factor) => {
      const own =
        factor.kind === "symbol" ? (bindings.get(factor.name) ?? 1) : boundOf(factor.numerator, bindings);
      return bound * own;
    }, Math.abs(coefficient));
    return total + product;
  }, Math.abs(constant));
}

function checkExact({ operator, left, right, span, bindings }: Operands, bound: number): void {
  if (bound <= Number.MAX_SAFE_INTEGER) return;
  fail(
    integerTooLarge,
    { operator, left: showValue(left, bindings), right: showValue(right, bindings) },
    { span },
  );
}

function checkLength(what: string, length: number, span: Span): void {
  if (length > limits.elements) fail(limitExceeded, { what, limit: limits.elements }, { span });
}

function exactFraction(value: Value, operands: Operands): { numerator: number; denominator: number } {
  if (value.kind === "ratio") return value.ratio;
  if (value.kind === "int")
    return { numerator: knownInteger(value, operands.span, operands.bindings), denominator: 1 };
  return refuse(operands);
}

function comparableNumber(value: Value, operands: Operands): number {
  switch (value.kind) {
    case "int":
      return knownInteger(value, operands.span, operands.bindings);
    case "ratio":
      return value.ratio.numerator / value.ratio.denominator;
    case "float":
      return value.value;
    default:
      return refuse(operands);
  }
}

function sameValue(operands: Operands): boolean {
  const { left, right } = operands;
  if (left.kind === "int" && right.kind === "int") {
    const difference = subtractSizes(left.size, right.size);
    if (difference.terms.length === 0) return difference.constant === 0;
  }
  const numeric = (value: Value) => value.kind === "int" || value.kind === "ratio" || value.kind === "float";
  if (numeric(left) && numeric(right))
    return comparableNumber(left, operands) === comparableNumber(right, operands);
  // An integer stands for each number of a size, as it does in a stride.
  const [size, int] = left.kind === "size" ? [left, right] : [right, left];
  if (size.kind === "size" && int.kind === "int") {
    return size.sizes.every((entry) => entry === knownInteger(int, operands.span, operands.bindings));
  }
  if (left.kind !== right.kind) return refuse(operands, "both sides must be of one type");
  if (left.kind === "layer" || left.kind === "operation")
    return refuse(
      operands,
      "layers are not compared: say by a text or a bool which is meant, and choose the layer by it",
    );
  if (left.kind === "list" && right.kind === "list") {
    return (
      left.elements.length === right.elements.length &&
      left.elements.every((element, index) =>
        sameValue({ ...operands, left: element, right: right.elements[index] as Value }),
      )
    );
  }
  if (left.kind === "size" && right.kind === "size") return left.sizes.join("x") === right.sizes.join("x");
  if (left.kind === "view" && right.kind === "view") return left.view.name === right.view.name;
  if (
    (left.kind === "bool" && right.kind === "bool") ||
    (left.kind === "string" && right.kind === "string")
  ) {
    return left.value === right.value;
  }
  return refuse(operands);
}
