import { misplacedGroup, unnamedSlice } from "../diagnostics/catalogue/arguments.js";
import { cycle, notAValue, unknownName } from "../diagnostics/catalogue/names.js";
import * as messages from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import { showSize } from "../graph/size.js";
import { showType } from "../graph/tensor.js";
import type { Span } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type {
  BinaryExpression,
  CallExpression,
  ComprehensionExpression,
  ConstDeclaration,
  Expression,
  PipeExpression,
} from "../syntax/ast.js";
import { applyInternal, applyJoined, tensorArithmetic, writtenOperations } from "./apply-operation.js";
import { type Evaluation, type Instances, refuseValue, type TensorValue } from "./evaluation.js";
import { type Context, type Frame, placeOf } from "./frame.js";
import { freeParameter } from "./free-parameter.js";
import { builtins, callBuiltin, callFunction } from "./functions.js";
import { memberOf } from "./members.js";
import type { ModuleScope } from "./modules.js";
import { operationArguments } from "./operation-arguments.js";
import { applyOperator } from "./operators.js";
import { generatedValues, integerOf } from "./ranges.js";
import { refuseDifferences } from "./sharing.js";
import { sliced } from "./slices.js";
import { applyStage } from "./stages.js";
import { type Construction, limits } from "./state.js";
import { table } from "./tables.js";
import { describeValue, integer, partsOf, showInText, type Value, viewOf } from "./values.js";

/** Evaluates expressions while a network is built. */
export class Evaluator implements Evaluation {
  private readonly constants = new Map<ConstDeclaration, Value | "running">();

  constructor(
    readonly construction: Construction,
    private readonly instances: Instances,
  ) {}

  evaluate(expression: Expression, context: Context): Value {
    this.construction.beginStep(expression.span);
    try {
      const value = this.valueOf(expression, context);
      if (value.kind === "list" || value.kind === "layer") checkParts(value, expression.span, context);
      return value;
    } finally {
      this.construction.endStep();
    }
  }

  private valueOf(expression: Expression, context: Context): Value {
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
        return this.list(expression.elements, context);
      case "group": {
        const found = { found: this.nameOf(expression, context) };
        return fail(misplacedGroup, found, placeOf(context, expression.span));
      }
      case "comprehension":
        return { kind: "list", elements: this.comprehension(expression, context) };
      case "table":
        return table(this, expression, context);
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
      case "param":
        return freeParameter(this, expression, context);
      case "slice":
        return sliced(this, expression, context);
      case "member":
        return this.member(expression, context);
      case "pipe":
        return this.pipe(expression, context);
    }
  }

  text(parts: readonly (string | Expression)[], context: Context): string {
    const show = (part: Expression) => showInText(this.evaluate(part, context), this.construction.bindings);
    const text = parts.map((part) => (typeof part === "string" ? part : show(part))).join("");
    if (text.length > limits.elements) {
      const span = parts.find((part) => typeof part !== "string")?.span;
      const args = { what: "characters in one text", limit: limits.elements };
      fail(messages.limitExceeded, args, span && placeOf(context, span));
    }
    return text;
  }

  /** A condition's truth. Fails where it is not true or false. */
  condition(expression: Expression, context: Context): boolean {
    const value = this.evaluate(expression, context);
    if (value.kind === "bool") return value.value;
    return this.wrongType("the condition", value, "true or false", expression.span, context);
  }

  private wrongType(what: string, value: Value, expected: string, span: Span, context: Context): never {
    refuseValue(this, what, value, expected, { span, context });
  }

  private lookUp(name: string, span: Span, context: Context): Value {
    const local = context.variables.get(name) ?? context.frame.locals.get(name);
    if (local) return local;
    const defined = this.instances.definition(context.frame, name, span);
    if (defined) return defined;
    const global = this.global(name, context.frame.scope, span, context);
    if (global) return global;
    const candidates = namesInReach(context.frame);
    const [suggestion] = suggestions(name, [...candidates, ...context.variables.keys()]);
    fail(unknownName, { name, ...(suggestion ? { suggestion } : {}) }, placeOf(context, span));
  }

  private global(name: string, scope: ModuleScope, span: Span, context: Context): Value | undefined {
    const found = scope.names.get(name);
    switch (found?.declaration.kind) {
      case "const":
        return this.constant(found.declaration, found.scope, span, context);
      case "fn":
        return { kind: "fn", declaration: found.declaration, scope: found.scope };
      case "view":
        return { kind: "view", view: viewOf(found.declaration) };
      case "layer":
        return { kind: "layer", declaration: found.declaration, scope: found.scope, bound: new Map() };
      case "network":
      case "checkpoint":
      case "pipeline":
        fail(notAValue, { name, what: found.declaration.kind }, placeOf(context, span));
    }
    const operation = writtenOperations.get(name);
    if (operation) return { kind: "operation", operation, bound: new Map() };
    const builtin = builtins.find((candidate) => candidate === name);
    return builtin ? { kind: "builtin", name: builtin } : undefined;
  }

  /** A constant is evaluated once, where it is first used. */
  private constant(declaration: ConstDeclaration, scope: ModuleScope, span: Span, context: Context): Value {
    const done = this.constants.get(declaration);
    if (done === "running") {
      const running = [...this.constants].filter(([, value]) => value === "running");
      const names = running.map(([{ name }]) => name.text);
      const chain = [...names.slice(names.indexOf(declaration.name.text)), declaration.name.text];
      fail(cycle, { chain }, { span });
    }
    if (done) return done;
    this.constants.set(declaration, "running");
    try {
      const value = this.atTopLevel(declaration.value, scope, context, new Map());
      this.constants.set(declaration, value);
      return value;
    } catch (failure) {
      this.constants.delete(declaration);
      throw failure;
    }
  }

  atTopLevel(
    value: Expression,
    scope: ModuleScope,
    context: Context,
    variables: ReadonlyMap<string, Value>,
  ): Value {
    const depth = context.frame.depth + 1;
    if (depth > limits.nesting) {
      const args = { what: "calls within calls", limit: limits.nesting };
      fail(messages.limitExceeded, args, { span: value.span });
    }
    const frame: Frame = {
      ...context.frame,
      scope,
      depth,
      locals: variables,
      cells: new Map(),
      families: new Map(),
    };
    return this.evaluate(value, { ...context, frame, variables: new Map() });
  }

  private unary(
    { operator, operand, span }: Extract<Expression, { kind: "unary" }>,
    context: Context,
  ): Value {
    if (operator === "not") return { kind: "bool", value: !this.condition(operand, context) };
    const value = this.evaluate(operand, context);
    if (value.kind === "tensor") {
      const operand = { tensors: [value.tensor], names: ["the tensor"] };
      return applyInternal(this.construction, "negate", operand, { span, context });
    }
    this.refuseUnapplied(operator, value, operand, context);
    return applyOperator({
      operator: "-",
      left: integer(0),
      right: value,
      span,
      bindings: this.construction.bindings,
    });
  }

  private binary({ operator, left, right, span }: BinaryExpression, context: Context): Value {
    if (operator === "and" || operator === "or") {
      const first = this.condition(left, context);
      if (first === (operator === "or")) return { kind: "bool", value: first };
      return { kind: "bool", value: this.condition(right, context) };
    }
    const a = this.evaluate(left, context);
    const b = this.evaluate(right, context);
    if ("+-*/".includes(operator)) {
      this.refuseUnapplied(operator, a, left, context);
      this.refuseUnapplied(operator, b, right, context);
    }
    if (a.kind !== "tensor" && b.kind !== "tensor") {
      return applyOperator({ operator, left: a, right: b, span, bindings: this.construction.bindings });
    }
    const names = [this.nameOf(left, context), this.nameOf(right, context)];
    return tensorArithmetic(this, operator, a, b, names, { span, context });
  }

  /** What becomes a tensor only where it is applied, or by a name, is not calculated with. */
  private refuseUnapplied(operator: string, value: Value, { span }: Expression, context: Context): void {
    if (value.kind !== "outputs" && value.kind !== "layer" && value.kind !== "operation") return;
    refuseValue(this, `each side of ${operator}`, value, "a tensor", { span, context });
  }

  private list(expressions: readonly Expression[], context: Context): Value {
    const elements: Value[] = [];
    for (const expression of expressions) elements.push(this.evaluate(expression, context));
    return { kind: "list", elements };
  }

  private comprehension({ element, generator }: ComprehensionExpression, context: Context): Value[] {
    const values: Value[] = [];
    // A loop, not `map`: what waits takes part of the stack.
    for (const [position, value] of generatedValues(this, generator, context).entries()) {
      const variables = new Map(context.variables).set(generator.variable.text, value);
      const tags = [...context.tags, tagOf(value, position)];
      values.push(this.evaluate(element, { ...context, variables, tags }));
    }
    return values;
  }

  private call({ target, arguments: given }: CallExpression, context: Context): Value {
    const callee = this.evaluate(target, context);
    // Messages point at what is called: the arguments can go on for lines.
    const site = { span: target.span, context };
    if (callee.kind === "builtin") return callBuiltin(this, callee.name, given, site);
    if (callee.kind === "fn") return callFunction(this, callee, given, site);
    if (callee.kind === "operation" && callee.operation.inputs.maximum > 1) {
      return applyJoined(this, callee.operation, given, site);
    }
    if (callee.kind === "layer" || callee.kind === "operation")
      refuseDifferences(callee, given, undefined, site);
    if (callee.kind === "layer") return this.instances.bind(callee, given, target.span, context);
    if (callee.kind === "operation") {
      return { ...callee, bound: operationArguments(this, callee.operation, given, callee.bound, site) };
    }
    const found = describeValue(callee, this.construction.bindings);
    fail(messages.notCallable, { name: this.nameOf(target, context), found }, placeOf(context, target.span));
  }

  private index({ target, index, span }: Extract<Expression, { kind: "index" }>, context: Context): Value {
    const value = this.evaluate(target, context);
    if (value.kind === "family") {
      return this.instances.member(
        value.frame,
        value.name,
        integerOf(this, index, "the index", context),
        span,
        context,
      );
    }
    if (value.kind === "tensor") this.refuseUnnamed(value, index, span, context);
    const elements = elementsOf(value);
    if (!elements)
      return this.wrongType("what is indexed", value, "a list or a family name[i]", target.span, context);
    const position = integerOf(this, index, "the index", context);
    const element = value.kind === "int" && position >= 0 ? value : elements[position];
    if (!element)
      fail(messages.outOfList, { index: position, length: elements.length }, placeOf(context, index.span));
    return element;
  }

  private refuseUnnamed({ tensor }: TensorValue, index: Expression, span: Span, context: Context): never {
    const found = showType(tensor.type, this.construction.bindings);
    const axis = tensor.type.axes.at(-1)?.name ?? "c";
    fail(unnamedSlice, { found, axis, index: this.nameOf(index, context) }, placeOf(context, span));
  }

  private member({ target, member }: Extract<Expression, { kind: "member" }>, context: Context): Value {
    return memberOf(this, this.evaluate(target, context), member, target.span, context);
  }

  /** Small, as are the others that wait while what comes before is evaluated: each takes part of the stack. */
  private pipe(expression: PipeExpression, context: Context): Value {
    const input = this.evaluate(expression.source, context);
    return applyStage(this, this.instances, input, expression, context);
  }

  /** What a message calls an expression: its label, its name, `enc[2]`, or else its text. */
  nameOf(expression: Expression, context: Context): string {
    if (expression.kind === "pipe") return expression.label?.text ?? this.nameOf(expression.target, context);
    if (expression.kind === "call") return this.nameOf(expression.target, context);
    if (expression.kind === "name") return expression.name;
    if (expression.kind === "index") {
      return `${this.nameOf(expression.target, context)}[${integerOf(this, expression.index, "the index", context)}]`;
    }
    const { file, start, end } = expression.span;
    const text = file.text.slice(start, end).replace(/\s+/g, " ");
    return text.length > 40 ? `${text.slice(0, 39)}…` : text;
  }
}

/** How the nodes of a comprehension's element are told from those of the others: `unet.conv1@axial`. */
function tagOf(value: Value, position: number): string {
  if (value.kind === "view") return value.view.name;
  return value.kind === "int" ? showSize(value.size) : String(position);
}

/** What holds another value twice, and that one another, soon has more parts than can be shown or compared. */
function checkParts(value: Value, span: Span, context: Context): void {
  if (partsOf(value) <= limits.elements) return;
  const args = { what: "values in one list or layer", limit: limits.elements };
  fail(messages.limitExceeded, args, placeOf(context, span));
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

/** What brackets choose from: a list, or a size, which an int stands for whatever the axis. */
function elementsOf(value: Value): readonly Value[] | undefined {
  if (value.kind === "list") return value.elements;
  if (value.kind === "size") return value.sizes.map(integer);
  return value.kind === "int" ? [value] : undefined;
}
