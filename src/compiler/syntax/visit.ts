import type { Expression } from "./ast.js";

/** The expressions directly inside an expression, in reading order. */
export function childExpressions(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "integer":
    case "float":
    case "size":
    case "boolean":
    case "name":
      return [];
    case "text":
      return expression.parts.filter((part) => typeof part !== "string");
    case "list":
      return expression.elements;
    case "group":
      return expression.elements.map(({ value }) => value);
    case "comprehension": {
      const { from, to } = expression.generator;
      return [expression.element, from, ...(to ? [to] : [])];
    }
    case "table":
      return [expression.element, ...expression.axes.map(({ size }) => size)];
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "if":
      return [expression.condition, expression.whenTrue, expression.whenFalse];
    case "call":
      return [expression.target, ...expression.arguments.map(({ value }) => value)];
    case "index":
      return [expression.target, expression.index];
    case "slice": {
      const bounds = expression.slices.flatMap(({ first, last }) => [first, last]);
      return [expression.target, ...bounds.filter((bound) => bound !== undefined)];
    }
    case "param": {
      const sizes = expression.axes.map(({ size }) => size);
      return [...sizes, expression.init?.argument].filter((part) => part !== undefined);
    }
    case "member":
      return [expression.target];
    case "pipe":
      return [expression.source, expression.target];
  }
}
