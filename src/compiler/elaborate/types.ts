import { unboundSize, unknownType, wrongType } from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { ArgumentSpec, AttributeValue } from "../graph/operation.js";
import { type Bindings, evaluateSize, showSize } from "../graph/size.js";
import type { Span } from "../support/source.js";
import { alternatives, suggestions } from "../support/suggest.js";
import type { TypeReference } from "../syntax/ast.js";
import { calleeName, describeValue, type Value } from "./values.js";

/** The types of parameters, with how messages call them. */
export const parameterTypes: Readonly<Record<string, string>> = {
  int: "an integer",
  float: "a number",
  ratio: "a ratio such as 1/4",
  bool: "true or false",
  string: "a text",
  size: "a size such as 3 or 1x3x3",
  view: "a view",
  layer: "a layer or an operation, such as Conv(8) or LeakyReLU(0.1)",
  tensor: "a tensor",
};

/** What the arguments of operations are, with how messages call them. */
export const argumentTypes: Readonly<Record<ArgumentSpec["type"], string>> = {
  int: "an integer",
  float: "a number",
  ratio: "a ratio such as 1/4",
  bool: "true or false",
  string: "a text",
  axis: "the name of an axis",
  axes: "an axis, or several in parentheses",
  extent: "an integer or a size such as 1x3x3",
};

/** Rejects a type that the language does not have. */
export function checkType({ text, span }: TypeReference): void {
  const element = text.replace(/^\[+|\]+$/g, "");
  if (Object.hasOwn(parameterTypes, element)) return;
  const [suggestion] = suggestions(element, Object.keys(parameterTypes));
  fail(unknownType, { found: element, ...(suggestion ? { suggestion } : {}) }, { span });
}

const listExamples: Readonly<Record<string, string>> = {
  "[int]": "[8, 16]",
  "[float]": "[0.5, 1.5]",
  "[ratio]": "[1/2, 1/4]",
  "[bool]": "[true, false]",
  "[string]": '["relu", "elu"]',
  "[size]": "[1x3x3, 3x3x3]",
  "[view]": "[sagittal, coronal, axial]",
  "[layer]": "[ReLU, LeakyReLU(0.1)]",
  "[tensor]": "[dec[1], dec[2]]",
};

/** A value as one of a parameter's type: an int also serves as ratio, float or size, a list of ints as size. Fails with a diagnostic. */
export function coerce(value: Value, type: string, what: string, span: Span, bindings: Bindings): Value {
  const refuse = (): never => {
    const args = { what, found: describeValue(value, bindings), expected: describeType(type) };
    const help = coercionHelp(value, type);
    fail(wrongType, { ...args, ...(help ? { help } : {}) }, { span });
  };
  if (type.startsWith("[")) {
    if (value.kind !== "list") return refuse();
    const inner = type.slice(1, -1);
    return {
      kind: "list",
      elements: value.elements.map((element, index) =>
        // `width[2]`, `width[2] of Block`
        coerce(element, inner, what.replace(/^[^ ]+/, `$&[${index}]`), span, bindings),
      ),
    };
  }
  switch (type) {
    case "float":
      if (value.kind === "ratio")
        return { kind: "float", value: value.ratio.numerator / value.ratio.denominator };
      if (value.kind === "int") return { kind: "float", value: knownInteger(value, span, bindings) };
      return value.kind === "float" ? value : refuse();
    case "ratio":
      return value.kind === "ratio" || value.kind === "int" ? value : refuse();
    case "size":
      if (value.kind === "size" || value.kind === "int") return value;
      return { kind: "size", sizes: integersOf(value, span, bindings) ?? refuse() };
    case "layer":
      if (value.kind === "layer" || (value.kind === "operation" && value.operation.inputs.maximum === 1))
        return { ...value, origin: value.origin ?? span };
      return refuse();
    default:
      return value.kind === type ? value : refuse();
  }
}

function coercionHelp(value: Value, type: string): string | undefined {
  if (type === "ratio" && value.kind === "float") return ratioHelp(value.value);
  if (type === "layer" && value.kind === "operation")
    return `${value.operation.name} joins several tensors, and a layer has one input`;
  if (type === "layer" && value.kind === "tensor")
    return "name the layer alone, without what it is applied to: Block(8), not x -> Block(8)";
  if (type === "tensor" && value.kind === "outputs")
    return `take one of them by its name: .${[...value.members.keys()].join(", .")}`;
  if (type === "tensor" && (value.kind === "layer" || value.kind === "operation"))
    return `put it after an arrow: x -> ${calleeName(value)}(…)`;
  return undefined;
}

/** Ratios are exact; the fraction that a decimal number was meant to be. */
function ratioHelp(value: number): string {
  for (let denominator = 1; denominator <= 1000; denominator++) {
    const numerator = Math.round(value * denominator);
    if (numerator / denominator === value) return `ratios are exact: write ${numerator}/${denominator}`;
  }
  return "ratios are exact: write a fraction such as 1/4";
}

/** What messages call a type of the language. */
export function describeType(type: string): string {
  return type.startsWith("[")
    ? `a list such as ${listExamples[type] ?? type}`
    : (parameterTypes[type] ?? type);
}

/** The number of an int, where its size is bound. Fails with a diagnostic. */
export function knownInteger(value: Extract<Value, { kind: "int" }>, span: Span, bindings: Bindings): number {
  const number = evaluateSize(value.size, bindings);
  if (number === undefined) fail(unboundSize, { size: showSize(value.size) }, { span });
  return number;
}

/** The numbers of a list of integers, which serves as a size; none of another value. */
function integersOf(value: Value, span: Span, bindings: Bindings): readonly number[] | undefined {
  if (value.kind !== "list" || value.elements.length === 0) return undefined;
  const integers = value.elements.filter((element) => element.kind === "int");
  if (integers.length < value.elements.length) return undefined;
  return integers.map((element) => knownInteger(element, span, bindings));
}

/** A value as an operation's argument. Fails with a diagnostic. */
export function toAttribute(
  value: Value,
  spec: ArgumentSpec,
  callee: string,
  span: Span,
  bindings: Bindings,
): AttributeValue {
  const what = `${spec.name} of ${callee}`;
  const refuse = (expected: string, usual?: string): never => {
    const help = value.kind === "tensor" ? "what goes into a layer stands before an arrow: x -> …" : usual;
    const args = { what, found: describeValue(value, bindings), expected, ...(help ? { help } : {}) };
    return fail(wrongType, args, { span });
  };
  switch (spec.type) {
    case "int":
      return value.kind === "int" ? knownInteger(value, span, bindings) : refuse("an integer");
    case "float":
      if (value.kind === "int") return knownInteger(value, span, bindings);
      if (value.kind === "ratio") return value.ratio.numerator / value.ratio.denominator;
      return value.kind === "float" ? value.value : refuse("a number");
    case "ratio":
      if (value.kind === "int") return { numerator: knownInteger(value, span, bindings), denominator: 1 };
      if (value.kind === "ratio") return value.ratio;
      return refuse(argumentTypes.ratio, value.kind === "float" ? ratioHelp(value.value) : undefined);
    case "bool":
      return value.kind === "bool" ? value.value : refuse("true or false");
    case "string": {
      const choices = spec.choices ?? [];
      const words = choices.map((choice) => JSON.stringify(choice));
      if (value.kind !== "string") return refuse(words.length > 0 ? alternatives(words) : "a text");
      if (choices.length > 0 && !choices.includes(value.value)) return refuse(alternatives(words));
      return value.value;
    }
    case "axis":
      return value.kind === "axis"
        ? value.name
        : refuse(argumentTypes.axis, "write the axis without quotes, such as x");
    case "axes":
      return refuse(argumentTypes.axes);
    case "extent":
      if (value.kind === "int") return knownInteger(value, span, bindings);
      if (value.kind === "size") return value.sizes;
      return integersOf(value, span, bindings) ?? refuse(argumentTypes.extent);
  }
}
