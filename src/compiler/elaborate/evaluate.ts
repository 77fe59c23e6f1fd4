import { unknownName } from "../diagnostics/catalogue/names.js";
import * as messages from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { Value as GraphValue } from "../graph/graph.js";
import type { AttributeValue, Operation } from "../graph/operation.js";
import { evaluateSize, showSize } from "../graph/size.js";
import { findAxis, showType } from "../graph/tensor.js";
import { operations } from "../ops/index.js";
import { known } from "../support/invariant.js";
import type { Span } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type {
  Argument,
  BinaryExpression,
  CallExpression,
  ComprehensionExpression,
  Expression,
  Generator,
  PipeExpression,
} from "../syntax/ast.js";
import { bindArguments } from "./arguments.js";
import { type Context, type Frame, placeOf } from "./frame.js";
import type { ModuleScope } from "./modules.js";
import { applyOperator } from "./operators.js";
import { type Construction, limits } from "./state.js";
import { coerce, toAttribute } from "./types.js";
import { describeValue, integer, showValue, type Value, type View, viewOf } from "./values.js";
import { lookBack, lookThrough } from "./views.js";

/** How expressions reach definitions and make instances. */
export interface Instances {
  /** The value of a definition without index, or undefined where the frame has none of that name. */
  definition(frame: Frame, name: string, span: Span): Value | undefined;
  member(frame: Frame, name: string, index: number, span: Span, context: Context): Value;
  instantiate(
    layer: Extract<Value, { kind: "layer" }>,
    input: GraphValue,
    given: readonly Argument[],
    label: string | undefined,
    span: Span,
    context: Context,
  ): Value;
}

const builtins = ["len", "min", "max", "sum"] as const;
const tensorOperators: Readonly<Record<string, string>> = { "+": "add", "-": "subtract", "*": "multiply", "/": "divide" };

/** The operations that are written in sources: layers after an arrow, and `concat` as a function. */
export const writtenOperations: ReadonlyMap<string, Operation> = new Map(
  operations
    .filter(({ name }) => /^[A-Z]/.test(name) || name === "concat")
    .map((operation) => [operation.name, operation]),
);
const internalOperations: ReadonlyMap<string, Operation> = new Map(
  operations.map((operation) => [operation.name, operation]),
);

/** Evaluates expressions while a network is built. */
export class Evaluator {
  constructor(
    private readonly construction: Construction,
    private readonly instances: Instances,
  ) {}

  evaluate(expression: Expression, context: Context): Value {
    switch (expression.kind) {
      case "integer":
        return integer(expression.value);
      case "float":
        return { kind: "float", value: expression.value };
      case "size":
        return { kind: "size", sizes: expression.sizes };
      case "boolean":
        return { kind: "bool", value: expression.value };
      case "text":
        return { kind: "string", value: this.text(expression.parts, context) };
      case "name":
        return this.lookUp(expression.name, expression.span, context);
      case "list":
        return { kind: "list", elements: expression.elements.map((element) => this.evaluate(element, context)) };
      case "comprehension":
        return { kind: "list", elements: this.comprehension(expression, context) };
      case "unary":
        return this.unary(expression, context);
      case "binary":
        return this.binary(expression, context);
      case "if":
        return this.condition(expression.condition, context)
          ? this.evaluate(expression.whenTrue, context)
          : this.evaluate(expression.whenFalse, context);
      case "call":
        return this.call(expression, context);
      case "index":
        return this.index(expression, context);
      case "member":
        return this.member(expression, context);
      case "pipe":
        return this.pipe(expression, context);
    }
  }

  text(parts: readonly (string | Expression)[], context: Context): string {
    const show = (part: Expression) => {
      const value = this.evaluate(part, context);
      return value.kind === "string" ? value.value : showValue(value, this.construction.bindings);
    };
    return parts.map((part) => (typeof part === "string" ? part : show(part))).join("");
  }

  /** A condition's truth. Fails where it is not true or false. */
  condition(expression: Expression, context: Context): boolean {
    const value = this.evaluate(expression, context);
    if (value.kind === "bool") return value.value;
    return this.wrongType("the condition", value, "true or false", expression.span, context);
  }

  /** A whole number that is known now. */
  integer(expression: Expression, what: string, context: Context): number {
    const value = this.evaluate(expression, context);
    if (value.kind !== "int") return this.wrongType(what, value, "an integer", expression.span, context);
    const number = evaluateSize(value.size, this.construction.bindings);
    if (number === undefined) fail(messages.unboundSize, { size: showSize(value.size) }, placeOf(context, expression.span));
    return number;
  }

  /** The numbers of a range, in order; both ends belong to it. */
  range(generator: Generator, context: Context): number[] {
    const from = this.integer(generator.from, "the start of a range", context);
    const to = this.integer(known(generator.to, "the end of a range"), "the end of a range", context);
    const length = Math.abs(to - from) + 1;
    if (length > limits.family) fail(messages.limitExceeded, { what: "a range", limit: limits.family }, { span: generator.span });
    const step = to < from ? -1 : 1;
    return Array.from({ length }, (_, offset) => from + step * offset);
  }

  private wrongType(what: string, value: Value, expected: string, span: Span, context: Context): never {
    const found = describeValue(value, this.construction.bindings);
    fail(messages.wrongType, { what, found, expected }, placeOf(context, span));
  }

  private lookUp(name: string, span: Span, context: Context): Value {
    const local = context.variables.get(name) ?? context.frame.locals.get(name);
    if (local) return local;
    const defined = this.instances.definition(context.frame, name, span);
    if (defined) return defined;
    const global = this.global(name, context.frame.scope, context);
    if (global) return global;
    const candidates = namesInReach(context.frame);
    const [suggestion] = suggestions(name, [...candidates, ...context.variables.keys()]);
    fail(unknownName, { name, ...(suggestion ? { suggestion } : {}) }, placeOf(context, span));
  }

  private global(name: string, scope: ModuleScope, context: Context): Value | undefined {
    const found = scope.names.get(name);
    switch (found?.declaration.kind) {
      case "const":
        return this.constant(found.declaration.value, found.scope, context);
      case "fn":
        return { kind: "fn", declaration: found.declaration, scope: found.scope };
      case "view":
        return { kind: "view", view: viewOf(found.declaration) };
      case "layer":
        return { kind: "layer", declaration: found.declaration, scope: found.scope };
    }
    const operation = writtenOperations.get(name);
    if (operation) return { kind: "operation", operation };
    const builtin = builtins.find((candidate) => candidate === name);
    return builtin ? { kind: "builtin", name: builtin } : undefined;
  }

  /** An expression at the top of a file sees that file's names only. */
  private constant(value: Expression, scope: ModuleScope, context: Context, variables = new Map<string, Value>()): Value {
    const depth = context.frame.depth + 1;
    if (depth > limits.nesting) fail(messages.limitExceeded, { what: "nested calls", limit: limits.nesting }, { span: value.span });
    const frame: Frame = { ...context.frame, scope, depth, locals: variables, cells: new Map(), families: new Map() };
    return this.evaluate(value, { ...context, frame, variables: new Map() });
  }

  private unary({ operator, operand, span }: Extract<Expression, { kind: "unary" }>, context: Context): Value {
    if (operator === "not") return { kind: "bool", value: !this.condition(operand, context) };
    const value = this.evaluate(operand, context);
    if (value.kind === "tensor") return this.internal("negate", [value.tensor], ["the tensor"], span, context);
    return applyOperator({ operator: "-", left: integer(0), right: value, span, bindings: this.construction.bindings });
  }

  private binary({ operator, left, right, span }: BinaryExpression, context: Context): Value {
    if (operator === "and" || operator === "or") {
      const first = this.condition(left, context);
      if (first === (operator === "or")) return { kind: "bool", value: first };
      return { kind: "bool", value: this.condition(right, context) };
    }
    const a = this.evaluate(left, context);
    const b = this.evaluate(right, context);
    if (a.kind !== "tensor" && b.kind !== "tensor") {
      return applyOperator({ operator, left: a, right: b, span, bindings: this.construction.bindings });
    }
    const operation = tensorOperators[operator];
    const names = [this.nameOf(left, context), this.nameOf(right, context)];
    if (operation && a.kind === "tensor" && b.kind === "tensor") {
      return this.internal(operation, [a.tensor, b.tensor], names, span, context);
    }
    const scaled = operation && this.withNumber(operator, a, b, names, span, context);
    if (scaled) return scaled;
    const bindings = this.construction.bindings;
    const args = { operator, left: describeValue(a, bindings), right: describeValue(b, bindings) };
    fail(messages.wrongOperands, args, placeOf(context, span));
  }

  /** A tensor and a number: `x * 2`, `1 - x`, `x / 3`. */
  private withNumber(operator: string, a: Value, b: Value, names: string[], span: Span, context: Context): Value | undefined {
    const [tensor, other] = a.kind === "tensor" ? [a, b] : [b as Extract<Value, { kind: "tensor" }>, a];
    if (!["int", "ratio", "float"].includes(other.kind)) return undefined;
    const number = coerce(other, "float", "the number", span, this.construction.bindings) as { value: number };
    const tensorFirst = a.kind === "tensor";
    const apply = (factor: number, offset: number) =>
      this.internal("scale", [tensor.tensor], names, span, context, { factor, offset });
    if (operator === "*") return apply(number.value, 0);
    if (operator === "+") return apply(1, number.value);
    if (operator === "-") return tensorFirst ? apply(1, -number.value) : apply(-1, number.value);
    if (tensorFirst) {
      if (number.value === 0) fail(messages.divisionByZero, {}, placeOf(context, span));
      return apply(1 / number.value, 0);
    }
    const inverse = this.internal("reciprocal", [tensor.tensor], names, span, context);
    return this.internal("scale", [inverse.tensor], names, span, context, { factor: number.value, offset: 0 });
  }

  private internal(
    name: string,
    inputs: readonly GraphValue[],
    inputNames: readonly string[],
    span: Span,
    context: Context,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): Extract<Value, { kind: "tensor" }> {
    const operation = known(internalOperations.get(name), `operation ${name}`);
    const tensor = this.construction.apply({ operation, inputs, inputNames, attributes, span, context });
    return { kind: "tensor", tensor };
  }

  private comprehension({ element, generator }: ComprehensionExpression, context: Context): Value[] {
    const elements = generator.to ? this.range(generator, context).map(integer) : this.listOf(generator.from, context);
    return elements.map((value, position) => {
      const variables = new Map(context.variables).set(generator.variable.text, value);
      const tag = value.kind === "view" ? value.view.name : value.kind === "int" ? showSize(value.size) : String(position);
      return this.evaluate(element, { ...context, variables, tags: [...context.tags, tag] });
    });
  }

  private listOf(expression: Expression, context: Context): readonly Value[] {
    const value = this.evaluate(expression, context);
    if (value.kind === "list") return value.elements;
    return this.wrongType("what follows `in`", value, "a list or a range", expression.span, context);
  }

  private call({ target, arguments: given, span }: CallExpression, context: Context): Value {
    const callee = this.evaluate(target, context);
    if (callee.kind === "builtin") return this.builtin(callee.name, given, span, context);
    if (callee.kind === "fn") return this.callFunction(callee, given, span, context);
    if (callee.kind === "operation" && callee.operation.inputs.maximum > 1) {
      return this.joined(callee.operation, given, span, context);
    }
    if (callee.kind === "operation" || callee.kind === "layer") {
      const name = callee.kind === "operation" ? callee.operation.name : callee.declaration.name.text;
      fail(messages.needsInput, { name }, placeOf(context, span));
    }
    const found = describeValue(callee, this.construction.bindings);
    fail(messages.notCallable, { name: this.nameOf(target, context), found }, placeOf(context, span));
  }

  private callFunction(
    { declaration, scope }: Extract<Value, { kind: "fn" }>,
    given: readonly Argument[],
    span: Span,
    context: Context,
  ): Value {
    const name = declaration.name.text;
    const bound = bindArguments(name, declaration.parameters.map((parameter) => parameter.name.text), given, span);
    const variables = new Map<string, Value>();
    for (const parameter of declaration.parameters) {
      const argument = bound.get(parameter.name.text);
      const value = argument
        ? this.evaluate(argument, context)
        : parameter.default && this.constant(parameter.default, scope, context, new Map(variables));
      if (!value) {
        fail(messages.missingArgument, { name: parameter.name.text, callee: name, type: parameter.type.text }, placeOf(context, span));
      }
      const what = `${parameter.name.text} of ${name}`;
      variables.set(
        parameter.name.text,
        coerce(value, parameter.type.text, what, argument?.span ?? span, this.construction.bindings),
      );
    }
    return this.constant(declaration.value, scope, context, variables);
  }

  private builtin(name: (typeof builtins)[number], given: readonly Argument[], span: Span, context: Context): Value {
    const values = given.map(({ value }) => this.evaluate(value, context));
    const only = values.length === 1 && values[0]?.kind === "list" ? values[0].elements : undefined;
    if (name === "len") {
      if (only) return integer(only.length);
      const [value] = values;
      if (!value || values.length > 1) fail(messages.tooManyArguments, { callee: name, found: values.length, known: ["list"] }, placeOf(context, span));
      return this.wrongType("the argument of len", value, "a list", span, context);
    }
    const operands = only ?? values;
    const [first, ...others] = operands;
    if (!first) fail(messages.wrongType, { what: `the argument of ${name}`, found: "nothing", expected: "at least one value" }, placeOf(context, span));
    if (name === "sum") {
      if (first.kind !== "tensor") {
        return others.reduce((left, right) => applyOperator({ operator: "+", left, right, span, bindings: this.construction.bindings }), first);
      }
      const tensors = operands.map((value) =>
        value.kind === "tensor" ? value.tensor : this.wrongType("each operand of sum", value, "a tensor", span, context),
      );
      return this.internal("sum", tensors, tensors.map((_, index) => `operand ${index + 1}`), span, context);
    }
    const better = (left: Value, right: Value) => {
      const operator = name === "min" ? "<=" : ">=";
      const test = applyOperator({ operator, left, right, span, bindings: this.construction.bindings });
      return test.kind === "bool" && test.value ? left : right;
    };
    return others.reduce(better, first);
  }

  /** An operation on several tensors, written as a function: `concat(a, b, along: c)`. */
  private joined(operation: Operation, given: readonly Argument[], span: Span, context: Context): Value {
    const tensors: GraphValue[] = [];
    const names: string[] = [];
    const positional = given.filter(({ name }) => !name);
    for (const { value } of positional) {
      const operand = this.evaluate(value, context);
      const elements = operand.kind === "list" ? operand.elements : [operand];
      elements.forEach((element, index) => {
        if (element.kind !== "tensor") return this.wrongType(`each operand of ${operation.name}`, element, "a tensor", value.span, context);
        tensors.push(element.tensor);
        names.push(operand.kind === "list" ? `operand ${index + 1}` : this.nameOf(value, context));
      });
    }
    if (tensors.length < operation.inputs.minimum) {
      const expected = `given at least ${operation.inputs.minimum} tensors`;
      fail(messages.wrongType, { what: operation.name, found: String(tensors.length), expected }, placeOf(context, span));
    }
    const named = given.filter(({ name }) => name);
    return { kind: "tensor", tensor: this.operation(operation, tensors, names, named, undefined, span, context) };
  }

  private operation(
    operation: Operation,
    inputs: readonly GraphValue[],
    inputNames: readonly string[],
    given: readonly Argument[],
    label: string | undefined,
    span: Span,
    context: Context,
  ): GraphValue {
    const { name } = operation;
    const bound = bindArguments(name, operation.arguments.map((spec) => spec.name), given, span);
    const attributes: Record<string, AttributeValue> = {};
    const argumentSpans = new Map<string, Span>();
    for (const spec of operation.arguments) {
      const argument = bound.get(spec.name);
      if (argument) {
        const value = spec.type === "axis" ? this.axis(argument, context) : this.evaluate(argument, context);
        attributes[spec.name] = toAttribute(value, spec, name, argument.span, this.construction.bindings);
        argumentSpans.set(spec.name, argument.span);
      } else if (spec.default !== undefined) {
        attributes[spec.name] = spec.default;
      } else if (!spec.optional) {
        fail(messages.missingArgument, { name: spec.name, callee: name, type: spec.type }, placeOf(context, span));
      }
    }
    const labelled = label === undefined ? {} : { label };
    return this.construction.apply({ operation, inputs, inputNames, attributes, span, argumentSpans, context, ...labelled });
  }

  /** An axis is a bare name; a name in scope that holds something else does not hide it. */
  private axis(expression: Expression, context: Context): Value {
    return expression.kind === "name" ? { kind: "axis", name: expression.name } : this.evaluate(expression, context);
  }

  private index({ target, index, span }: Extract<Expression, { kind: "index" }>, context: Context): Value {
    const value = this.evaluate(target, context);
    if (value.kind === "family") {
      return this.instances.member(value.frame, value.name, this.integer(index, "the index", context), span, context);
    }
    if (value.kind !== "list") return this.wrongType("what is indexed", value, "a list or a family name[i]", target.span, context);
    const position = this.integer(index, "the index", context);
    const element = value.elements[position];
    if (!element) fail(messages.outOfList, { index: position, length: value.elements.length }, placeOf(context, index.span));
    return element;
  }

  private member({ target, member }: Extract<Expression, { kind: "member" }>, context: Context): Value {
    const value = this.evaluate(target, context);
    if (value.kind !== "tensor") return this.wrongType(`what has a .${member.text}`, value, "a tensor", target.span, context);
    const type = value.tensor.type;
    if (member.text === "rank") return integer(type.axes.length);
    const axis = findAxis(type, member.text);
    if (axis) return { kind: "int", size: axis.size };
    const args = { member: member.text, found: showType(type, this.construction.bindings), known: [...type.axes.map(({ name }) => name), "rank"] };
    fail(messages.unknownMember, args, placeOf(context, member.span));
  }

  private pipe({ source, label, undo, target }: PipeExpression, context: Context): Value {
    const input = this.evaluate(source, context);
    if (input.kind !== "tensor") return this.wrongType("what goes into ->", input, "a tensor", source.span, context);
    const called = target.kind === "call";
    const callee = this.evaluate(called ? target.target : target, context);
    if (undo || callee.kind === "view") {
      if (callee.kind !== "view" || called) return this.wrongType("what follows undo", callee, "a view", target.span, context);
      return this.throughView(input.tensor, callee.view, undo, this.nameOf(source, context), target.span, context);
    }
    const given = called ? target.arguments : [];
    if (callee.kind === "layer") return this.instances.instantiate(callee, input.tensor, given, label?.text, target.span, context);
    if (callee.kind === "operation" && callee.operation.inputs.maximum === 1) {
      const names = [this.nameOf(source, context)];
      const tensor = this.operation(callee.operation, [input.tensor], names, given, label?.text, target.span, context);
      return { kind: "tensor", tensor };
    }
    const args = {
      name: this.nameOf(target, context),
      found: describeValue(callee, this.construction.bindings),
      help: "a layer, an operation or a view follows an arrow",
    };
    fail(messages.notCallable, args, placeOf(context, target.span));
  }

  private throughView(tensor: GraphValue, view: View, undo: boolean, name: string, span: Span, context: Context): Value {
    const seen = { type: tensor.type, view, span, bindings: this.construction.bindings };
    const { axes, names } = undo ? lookBack(seen, this.construction.axisOrder) : lookThrough(seen);
    return this.internal("rearrange", [tensor], [name], span, context, { axes, names });
  }

  /** What a message calls an expression: its label, its name, `enc[2]`, or else its text. */
  private nameOf(expression: Expression, context: Context): string {
    if (expression.kind === "pipe") return expression.label?.text ?? this.nameOf(expression.target, context);
    if (expression.kind === "call") return this.nameOf(expression.target, context);
    if (expression.kind === "name") return expression.name;
    if (expression.kind === "index") {
      return `${this.nameOf(expression.target, context)}[${this.integer(expression.index, "the index", context)}]`;
    }
    const { file, start, end } = expression.span;
    const text = file.text.slice(start, end).replace(/\s+/g, " ");
    return text.length > 40 ? `${text.slice(0, 39)}…` : text;
  }
}

function namesInReach(frame: Frame): string[] {
  return [
    ...frame.locals.keys(),
    ...frame.cells.keys(),
    ...frame.families.keys(),
    ...frame.scope.names.keys(),
    ...writtenOperations.keys(),
    ...builtins,
  ];
}
