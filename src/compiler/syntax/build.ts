import type { IToken } from "chevrotain";
import type * as cst from "../../../grammar/cst.generated.js";
import { unclosedBrace } from "../diagnostics/catalogue/syntax.js";
import { fail } from "../diagnostics/diagnostic.js";
import { known } from "../support/invariant.js";
import type { SourceFile, Span } from "../support/source.js";
import { joinSpans } from "../support/source.js";
import type * as ast from "./ast.js";
import { leftToRight, prefixed } from "./build-operators.js";
import { PipelineBuilder } from "./build-pipeline.js";
import { StatementBuilder, type StatementParts } from "./build-statements.js";
import { documentationOf, first, last, SourceReader } from "./cst-parts.js";
import { ignoredPattern, patternSegment } from "./path-pattern.js";
import { literalParts } from "./text-literal.js";

/** Reads the `{expression}` at an offset range of the file; text literals need it. */
export type ExpressionReader = (start: number, end: number) => ast.Expression;

/** Turns concrete syntax of one file into AST nodes. Holds nothing but the file and how to read nested expressions. */
export class AstBuilder extends SourceReader implements StatementParts {
  private readonly statements: StatementBuilder;

  constructor(
    file: SourceFile,
    private readonly readExpression: ExpressionReader,
  ) {
    super(file);
    this.statements = new StatementBuilder(file, this);
  }

  declaration(node: cst.DeclarationCstNode): ast.Declaration {
    const { children } = node;
    const documentation = documentationOf(children.DocComment);
    if (children.use?.[0]) return this.use(children.use[0]);
    if (children.constant?.[0]) return this.constant(children.constant[0], documentation);
    if (children.fn?.[0]) return this.fn(children.fn[0], documentation);
    if (children.view?.[0]) return this.view(children.view[0], documentation);
    if (children.layer?.[0]) return this.block("layer", children.layer[0], documentation);
    if (children.network?.[0]) return this.block("network", children.network[0], documentation);
    if (children.checkpoint?.[0]) return this.checkpoint(children.checkpoint[0], documentation);
    const pipeline = known(children.pipeline?.[0], "a declaration");
    return new PipelineBuilder(this.file, this).pipeline(pipeline, documentation);
  }

  private use(node: cst.UseCstNode): ast.UseDeclaration {
    const { Text, module, imported } = node.children;
    const quoted = Text?.[0];
    const source = quoted
      ? { kind: "file" as const, text: quoted.image.slice(1, -1), span: this.token(quoted) }
      : {
          kind: "module" as const,
          text: (module ?? []).map(({ image }) => image).join("."),
          span: joinSpans(this.token(first(module)), this.token(last(module))),
        };
    return {
      kind: "use",
      source,
      imported: imported.map((token) => this.name(token)),
      span: this.span(node),
    };
  }

  private constant(node: cst.ConstantCstNode, documentation: string): ast.ConstDeclaration {
    const { Identifier, expression } = node.children;
    const name = this.name(first(Identifier));
    return {
      kind: "const",
      documentation,
      name,
      value: this.expression(first(expression)),
      span: this.span(node),
    };
  }

  private fn(node: cst.FnCstNode, documentation: string): ast.FnDeclaration {
    const { Identifier, parameters, expression } = node.children;
    return {
      kind: "fn",
      documentation,
      name: this.name(first(Identifier)),
      parameters: this.parameters(parameters),
      value: this.expression(first(expression)),
      span: this.span(node),
    };
  }

  private view(node: cst.ViewCstNode, documentation: string): ast.ViewDeclaration {
    const { Identifier, role } = node.children;
    const roles = role.map(({ children }) => ({
      role: this.name(first(children.role)),
      axis: this.name(first(children.axis)),
    }));
    return { kind: "view", documentation, name: this.name(first(Identifier)), roles, span: this.span(node) };
  }

  private block<K extends "layer" | "network">(
    kind: K,
    node: cst.LayerCstNode | cst.NetworkCstNode,
    documentation: string,
  ) {
    const { Identifier, parameters, body } = node.children;
    const statements = first(body).children.statement ?? [];
    return {
      kind,
      documentation,
      name: this.name(first(Identifier)),
      parameters: this.parameters(parameters),
      body: statements.map((statement) => this.statements.statement(statement)),
      span: this.span(node),
    };
  }

  private checkpoint(node: cst.CheckpointCstNode, documentation: string): ast.CheckpointDeclaration {
    const { Identifier, network, mapping, ignored } = node.children;
    return {
      kind: "checkpoint",
      documentation,
      name: this.name(first(Identifier)),
      network: this.name(first(network)),
      rules: (mapping ?? []).map((rule) => ({
        pattern: rule.children.segment.map((segment) => patternSegment(this.file, segment)),
        target: this.text(first(rule.children.Text)),
        span: this.span(rule),
      })),
      ignored: (ignored ?? []).map(({ children }) => ignoredPattern(this.file, first(children.Text))),
      span: this.span(node),
    };
  }

  private parameters(nodes: readonly cst.ParametersCstNode[] | undefined): ast.ParameterDeclaration[] {
    return (nodes?.[0]?.children.parameter ?? []).map(({ children }) => {
      const value = children.expression?.[0];
      const type = first(children.type);
      return {
        documentation: documentationOf(children.DocComment),
        name: this.name(first(children.Identifier)),
        type: { text: this.sourceOf(type).replace(/\s/g, ""), span: this.span(type) },
        ...(value ? { default: this.expression(value) } : {}),
      };
    });
  }

  generator(node: cst.GeneratorCstNode): ast.Generator {
    const { Identifier, disjunction, RangeBelow, last: to } = node.children;
    return {
      variable: this.name(first(Identifier)),
      from: this.disjunction(first(disjunction)),
      ...(to?.[0] ? { to: this.disjunction(to[0]), below: RangeBelow !== undefined } : {}),
      span: this.span(node),
    };
  }

  expression(node: cst.ExpressionCstNode): ast.Expression {
    const { disjunction, stage } = node.children;
    let result = this.disjunction(first(disjunction));
    for (const { children, ...rest } of stage ?? []) {
      const label = children.label?.[0];
      const undone = children.undone?.[0];
      const target = this.postfix(undone ?? first(children.postfix));
      result = {
        kind: "pipe",
        source: result,
        ...(label ? { label: this.name(label) } : {}),
        undo: undone !== undefined,
        target,
        span: joinSpans(label ? this.token(label) : this.span({ ...rest, children }), target.span),
      };
    }
    return result;
  }

  private disjunction(node: cst.DisjunctionCstNode): ast.Expression {
    const { conjunction, operator } = node.children;
    return leftToRight(
      conjunction.map((part) => this.conjunction(part)),
      operator,
    );
  }

  private conjunction(node: cst.ConjunctionCstNode): ast.Expression {
    const { negation, operator } = node.children;
    return leftToRight(
      negation.map((part) => this.negation(part)),
      operator,
    );
  }

  private negation(node: cst.NegationCstNode): ast.Expression {
    const { Not, comparison } = node.children;
    return prefixed("not", this.tokens(Not), this.comparison(first(comparison)));
  }

  private comparison(node: cst.ComparisonCstNode): ast.Expression {
    const { additive, operator } = node.children;
    return leftToRight(
      additive.map((part) => this.additive(part)),
      operator,
    );
  }

  private additive(node: cst.AdditiveCstNode): ast.Expression {
    const { multiplicative, operator } = node.children;
    return leftToRight(
      multiplicative.map((part) => this.multiplicative(part)),
      operator,
    );
  }

  private multiplicative(node: cst.MultiplicativeCstNode): ast.Expression {
    const { unary, operator } = node.children;
    return leftToRight(
      unary.map((part) => this.unary(part)),
      operator,
    );
  }

  private unary(node: cst.UnaryCstNode): ast.Expression {
    const { Minus, postfix } = node.children;
    return prefixed("-", this.tokens(Minus), this.postfix(first(postfix)));
  }

  private postfix(node: cst.PostfixCstNode): ast.Expression {
    const { primary, suffix } = node.children;
    return (suffix ?? []).reduce<ast.Expression>(
      (target, { children, ...rest }) => {
        const span = joinSpans(target.span, this.span({ ...rest, children }));
        if (children.member?.[0])
          return { kind: "member", target, member: this.name(children.member[0]), span };
        if (children.subscript?.[0]) return this.subscript(target, children.subscript[0], span);
        return { kind: "call", target, arguments: this.arguments(children.argument ?? []), span };
      },
      this.primary(first(primary)),
    );
  }

  private subscript(target: ast.Expression, { children }: cst.SubscriptCstNode, span: Span): ast.Expression {
    if (children.index?.[0])
      return { kind: "index", target, index: this.expression(children.index[0]), span };
    const slices = (children.slice ?? []).map((node): ast.AxisSlice => {
      const { Identifier, Range, RangeBelow, first: from, last: to } = node.children;
      return {
        axis: this.name(first(Identifier)),
        kind: RangeBelow ? "below" : Range ? "through" : "position",
        ...(from?.[0] ? { first: this.disjunction(from[0]) } : {}),
        ...(to?.[0] ? { last: this.disjunction(to[0]) } : {}),
        span: this.span(node),
      };
    });
    return { kind: "slice", target, slices, span };
  }

  arguments(nodes: readonly cst.ArgumentCstNode[]): ast.Argument[] {
    return nodes.map(({ children }) => {
      const name = children.Identifier?.[0];
      const element = this.expression(first(children.expression));
      const generator = children.generator?.[0] && this.generator(children.generator[0]);
      const value: ast.Expression = generator
        ? { kind: "comprehension", element, generator, span: joinSpans(element.span, generator.span) }
        : element;
      return { ...(name ? { name: this.name(name) } : {}), value };
    });
  }

  private primary(node: cst.PrimaryCstNode): ast.Expression {
    const { Integer, Float, SizeLiteral, Text, True, False, Identifier, parenthesized, list, conditional } =
      node.children;
    const span = this.span(node);
    if (Integer?.[0]) return { kind: "integer", value: Number(Integer[0].image), span };
    if (Float?.[0]) return { kind: "float", value: Number(Float[0].image), span };
    if (SizeLiteral?.[0]) return { kind: "size", sizes: SizeLiteral[0].image.split("x").map(Number), span };
    if (Text?.[0]) return this.text(Text[0]);
    if (True || False) return { kind: "boolean", value: True !== undefined, span };
    if (Identifier?.[0]) return { kind: "name", name: Identifier[0].image, span };
    if (parenthesized?.[0]) return this.parenthesized(parenthesized[0]);
    if (list?.[0]) {
      const elements = (list[0].children.expression ?? []).map((element) => this.expression(element));
      const generator = list[0].children.generator?.[0];
      const positions = list[0].children.positions?.[0];
      if (positions) {
        const axes = positions.children.position.map(({ children }) => ({
          name: this.name(first(children.Identifier)),
          size: this.disjunction(first(children.disjunction)),
        }));
        return { kind: "table", element: first(elements), axes, span };
      }
      return generator
        ? { kind: "comprehension", element: first(elements), generator: this.generator(generator), span }
        : { kind: "list", elements, span };
    }
    const { condition, whenTrue, whenFalse } = first(conditional).children;
    return {
      kind: "if",
      condition: this.disjunction(first(condition)),
      whenTrue: this.expression(first(whenTrue)),
      whenFalse: this.expression(first(whenFalse)),
      span,
    };
  }

  /** One value without a name is that value; anything else is a group. */
  private parenthesized(node: cst.ParenthesizedCstNode): ast.Expression {
    const elements = node.children.element.map(({ children }) => {
      const name = children.Identifier?.[0];
      return {
        ...(name ? { name: this.name(name) } : {}),
        value: this.expression(first(children.expression)),
      };
    });
    const only = elements.length === 1 ? elements[0] : undefined;
    return only && !only.name ? only.value : { kind: "group", elements, span: this.span(node) };
  }

  text(token: IToken): ast.TextExpression {
    const parts = literalParts(token.image).map((part) => {
      if (part.kind === "characters") return part.text;
      const start = token.startOffset + part.start;
      if (!part.closed) fail(unclosedBrace, {}, { span: { file: this.file, start: start - 1, end: start } });
      return this.readExpression(start, token.startOffset + part.end);
    });
    return { kind: "text", parts, span: this.token(token) };
  }
}
