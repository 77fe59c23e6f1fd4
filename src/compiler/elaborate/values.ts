import type { Value as GraphValue } from "../graph/graph.js";
import type { Operation, Ratio } from "../graph/operation.js";
import { type Bindings, constantSize, noBindings, type Size, showSize } from "../graph/size.js";
import { showType } from "../graph/tensor.js";
import type { FnDeclaration, LayerDeclaration, ViewDeclaration } from "../syntax/ast.js";
import type { Frame } from "./frame.js";
import type { ModuleScope } from "./modules.js";

/** A bijection from roles to volume axes, `{ s: z, h: y, w: x }`. */
export interface View {
  readonly name: string;
  readonly roles: readonly { readonly role: string; readonly axis: string }[];
}

/** What an expression can come to while a network is built. Integers may be sizes that are not bound yet. */
export type Value =
  | { readonly kind: "int"; readonly size: Size }
  | { readonly kind: "ratio"; readonly ratio: Ratio }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "size"; readonly sizes: readonly number[] }
  | { readonly kind: "list"; readonly elements: readonly Value[] }
  | { readonly kind: "axis"; readonly name: string }
  | { readonly kind: "view"; readonly view: View }
  | { readonly kind: "tensor"; readonly tensor: GraphValue }
  | { readonly kind: "layer"; readonly declaration: LayerDeclaration; readonly scope: ModuleScope }
  | { readonly kind: "operation"; readonly operation: Operation }
  | { readonly kind: "fn"; readonly declaration: FnDeclaration; readonly scope: ModuleScope }
  | { readonly kind: "builtin"; readonly name: "len" | "min" | "max" | "sum" }
  | { readonly kind: "family"; readonly frame: Frame; readonly name: string };

export function integer(value: number): Value {
  return { kind: "int", size: constantSize(value) };
}

/** An exact quotient: an int where it is whole, else a ratio in lowest terms. */
export function ratio(numerator: number, denominator: number): Value {
  const sign = denominator < 0 ? -1 : 1;
  const divisor = greatestCommonDivisor(Math.abs(numerator), Math.abs(denominator)) || 1;
  const top = (sign * numerator) / divisor;
  const bottom = (sign * denominator) / divisor;
  return bottom === 1 ? integer(top) : { kind: "ratio", ratio: { numerator: top, denominator: bottom } };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

export function viewOf(declaration: ViewDeclaration): View {
  return {
    name: declaration.name.text,
    roles: declaration.roles.map(({ role, axis }) => ({ role: role.text, axis: axis.text })),
  };
}

const kindNames: Readonly<Record<Value["kind"], string>> = {
  int: "an integer",
  ratio: "a ratio",
  float: "a number",
  bool: "true or false",
  string: "a text",
  size: "a size",
  list: "a list",
  axis: "an axis",
  view: "a view",
  tensor: "a tensor",
  layer: "a layer",
  operation: "an operation",
  fn: "a function",
  builtin: "a function",
  family: "a family of definitions",
};

/** A value with its type, for messages: `3 (an integer)`, `float[n: 1, c: 8, x, y, z]`. */
export function describeValue(value: Value, bindings: Bindings = noBindings): string {
  switch (value.kind) {
    case "tensor":
      return showType(value.tensor.type, bindings);
    case "layer":
      return `layer ${value.declaration.name.text}`;
    case "operation":
      return `operation ${value.operation.name}`;
    case "fn":
      return `fn ${value.declaration.name.text}`;
    case "builtin":
      return `function ${value.name}`;
    case "family":
      return `the family ${value.name}[…]`;
    default:
      return `${showValue(value, bindings)} (${kindNames[value.kind]})`;
  }
}

/** A compile-time value as the language writes it. */
export function showValue(value: Value, bindings: Bindings = noBindings): string {
  switch (value.kind) {
    case "int":
      return showSize(value.size, bindings);
    case "ratio":
      return `${value.ratio.numerator}/${value.ratio.denominator}`;
    case "float":
      return Number.isInteger(value.value) ? value.value.toFixed(1) : String(value.value);
    case "bool":
      return String(value.value);
    case "string":
      return JSON.stringify(value.value);
    case "size":
      return value.sizes.join("x");
    case "list":
      return `[${value.elements.map((element) => showValue(element, bindings)).join(", ")}]`;
    case "view":
      return value.view.name;
    case "axis":
      return value.name;
    default:
      return describeValue(value, bindings);
  }
}
