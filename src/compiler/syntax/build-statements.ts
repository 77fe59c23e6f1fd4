import type * as cst from "../../../grammar/cst.generated.js";
import type { SourceFile } from "../support/source.js";
import type * as ast from "./ast.js";
import type { PartReader } from "./build-pipeline.js";
import { documentationOf, first, SourceReader } from "./cst-parts.js";

/** Reads the parts of statements that stand elsewhere, too. */
export interface StatementParts extends PartReader {
  generator(node: cst.GeneratorCstNode): ast.Generator;
}

/** Turns the concrete syntax of a layer's or network's statements into AST nodes. */
export class StatementBuilder extends SourceReader {
  constructor(
    file: SourceFile,
    private readonly read: StatementParts,
  ) {
    super(file);
  }

  statement(node: cst.StatementCstNode): ast.Statement {
    const { DocComment, inputDeclaration, freeParameter, outputStatement, requirement, definition } =
      node.children;
    const documentation = documentationOf(DocComment);
    if (inputDeclaration?.[0]) return this.input(inputDeclaration[0], documentation);
    if (freeParameter?.[0]) return this.freeParameter(freeParameter[0], documentation);
    if (outputStatement?.[0]) {
      const { Identifier, index, expression, generator } = outputStatement[0].children;
      return {
        kind: "output",
        documentation,
        ...(Identifier?.[0] ? { name: this.name(Identifier[0]) } : {}),
        ...(index?.[0] ? { index: this.read.expression(index[0]) } : {}),
        value: this.read.expression(first(expression)),
        ...(generator?.[0] ? { generator: this.read.generator(generator[0]) } : {}),
        span: this.span(outputStatement[0]),
      };
    }
    if (requirement?.[0]) {
      const { expression, Text } = requirement[0].children;
      return {
        kind: "require",
        condition: this.read.expression(first(expression)),
        message: this.read.text(first(Text)),
        span: this.span(requirement[0]),
      };
    }
    return this.definition(first(definition), documentation);
  }

  private input(node: cst.InputDeclarationCstNode, documentation: string): ast.InputStatement {
    const { Identifier, tensorType } = node.children;
    return {
      kind: "input",
      documentation,
      name: this.name(first(Identifier)),
      ...this.tensorType(first(tensorType)),
      span: this.span(node),
    };
  }

  /** A free parameter is a definition like others, with a value that is written in this way alone. */
  private freeParameter(node: cst.FreeParameterCstNode, documentation: string): ast.DefinitionStatement {
    const { Identifier, tensorType, distribution, expression } = node.children;
    const name = this.name(first(Identifier));
    const argument = expression?.[0] && this.read.expression(expression[0]);
    const init = distribution?.[0] && {
      name: this.name(distribution[0]),
      ...(argument ? { argument } : {}),
    };
    const span = this.span(node);
    const value: ast.ParamExpression = {
      kind: "param",
      name,
      documentation,
      ...this.tensorType(first(tensorType)),
      ...(init ? { init } : {}),
      span,
    };
    return { kind: "definition", documentation, name, shared: false, unused: false, value, span };
  }

  private tensorType({ children: { Identifier, axis } }: cst.TensorTypeCstNode) {
    return {
      element: this.name(first(Identifier)),
      axes: axis.map(({ children }) => ({
        name: this.name(first(children.Identifier)),
        ...(children.expression?.[0] ? { size: this.read.expression(children.expression[0]) } : {}),
      })),
    };
  }

  private definition(node: cst.DefinitionCstNode, documentation: string): ast.DefinitionStatement {
    const { Shared, Unused, Identifier, index, expression, generator } = node.children;
    return {
      kind: "definition",
      documentation,
      shared: Shared !== undefined,
      unused: Unused !== undefined,
      name: this.name(first(Identifier)),
      ...(index?.[0] ? { index: this.read.expression(index[0]) } : {}),
      value: this.read.expression(first(expression)),
      ...(generator?.[0] ? { generator: this.read.generator(generator[0]) } : {}),
      span: this.span(node),
    };
  }
}
