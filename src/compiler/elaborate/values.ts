import type { Value as GraphValue } from "../graph/graph.js";
import type { AttributeValue, Operation, Ratio } from "../graph/operation.js";
import { type Bindings, constantSize, noBindings, type Size, showSize } from "../graph/size.js";
import { showType } from "../graph/tensor.js";
import type { Span } from "../support/source.js";
import type { FnDeclaration, LayerDeclaration, Name, ViewDeclaration } from "../syntax/ast.js";
import type { Frame } from "./frame.js";
import type { ModuleScope } from "./modules.js";

/** A bijection from roles to volume axes, `{ s: z, h: y, w: x }`. */
export interface View {
  readonly name: string;
  readonly roles: readonly { readonly role: string; readonly axis: string }[];
}

/** The arguments that a partial application of a layer has given, by parameter, with where each is written. */
export type LayerArguments = ReadonlyMap<string, { readonly value: Value; readonly span: Span }>;

/** The same for an operation, by name; `shown` is how the language writes the argument, `slope: 0.1`. */
export type OperationArguments = ReadonlyMap<
  string,
  { readonly attribute: AttributeValue; readonly shown: string; readonly span: Span }
>;

/** What an expression can come to while a network is built. Integers may be sizes that are not bound yet. */
export type Value =
  | { readonly kind: "int"; readonly size: Size }
  | { readonly kind: "ratio"; readonly ratio: Ratio }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "size"; readonly sizes: readonly number[] }
  | { readonly kind: "list"; readonly elements: readonly Value[]; readonly members?: Members }
  | { readonly kind: "axis"; readonly name: string }
  | { readonly kind: "view"; readonly view: View }
  | { readonly kind: "tensor"; readonly tensor: GraphValue; readonly members?: Members }
  | { readonly kind: "outputs"; readonly layer: string; readonly members: Members }
  | LayerValue
  | OperationValue
  | { readonly kind: "fn"; readonly declaration: FnDeclaration; readonly scope: ModuleScope }
  | { readonly kind: "builtin"; readonly name: "len" | "min" | "max" | "sum" | "sqrt" | "floor" }
  | { readonly kind: "family"; readonly frame: Frame; readonly name: string };

/** The named outputs of a layer. */
export type Members = ReadonlyMap<string, Value>;

/** The one instance that a layer is wherever it is applied: `shared gate = GateShift`. */
export interface SharedInstance {
  readonly name: Name;
  readonly path: readonly string[];
  readonly identity: string;
}

/** A layer, with the arguments that are bound already. */
export interface LayerValue {
  readonly kind: "layer";
  readonly declaration: LayerDeclaration;
  readonly scope: ModuleScope;
  readonly bound: LayerArguments;
  /** Where it was given to a parameter. */
  readonly origin?: Span;
  readonly shared?: SharedInstance;
}

/** An operation, with the arguments that are bound already. */
export interface OperationValue {
  readonly kind: "operation";
  readonly operation: Operation;
  readonly bound: OperationArguments;
  /** Where it was given to a parameter. */
  readonly origin?: Span;
  readonly shared?: SharedInstance;
}

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

/** What messages call a family: `outputFamily` marks those of outputs. */
export function familyName(name: string): string {
  return name.replace(/^output /, "");
}

/** What a layer or an operation is called, without the arguments that are bound. */
export function calleeName(value: Extract<Value, { kind: "layer" | "operation" }>): string {
  return value.kind === "layer" ? value.declaration.name.text : value.operation.name;
}

const knownParts = new WeakMap<Value, number>();

/** How many values a list or a layer holds, in all: what contains another twice counts it twice. */
export function partsOf(value: Value): number {
  const held =
    value.kind === "list"
      ? value.elements
      : value.kind === "layer"
        ? [...value.bound.values()].map((argument) => argument.value)
        : [];
  if (held.length === 0) return 1;
  const known = knownParts.get(value) ?? held.reduce((sum, part) => sum + partsOf(part), 0);
  knownParts.set(value, known);
  return known;
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
  outputs: "several outputs",
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
      return `layer ${showValue(value, bindings)}`;
    case "operation":
      return `operation ${showValue(value, bindings)}`;
    case "fn":
      return `fn ${value.declaration.name.text}`;
    case "builtin":
      return `function ${value.name}`;
    case "family":
      return `the family ${familyName(value.name)}[…]`;
    case "outputs":
      return `the outputs of ${value.layer}: ${[...value.members.keys()].join(", ")}`;
    default:
      return `${showValue(value, bindings)} (${kindNames[value.kind]})`;
  }
}

/** A value inside a text: a text as it is, anything else as the language writes it. */
export function showInText(value: Value, bindings: Bindings): string {
  return value.kind === "string" ? value.value : showValue(value, bindings);
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
    case "layer": {
      const given = [...value.bound].map(([name, { value }]) => `${name}: ${showValue(value, bindings)}`);
      return value.declaration.name.text + (given.length > 0 ? `(${given.join(", ")})` : "");
    }
    case "operation": {
      const given = [...value.bound.values()].map(({ shown }) => shown);
      return value.operation.name + (given.length > 0 ? `(${given.join(", ")})` : "");
    }
    default:
      return describeValue(value, bindings);
  }
}
