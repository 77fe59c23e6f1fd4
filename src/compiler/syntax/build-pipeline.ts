import type { IToken } from "chevrotain";
import type * as cst from "../../../grammar/cst.generated.js";
import type { SourceFile } from "../support/source.js";
import type * as ast from "./ast.js";
import { first, SourceReader } from "./cst-parts.js";

/** Reads the parts of a pipeline that stand in other declarations, too. */
export interface PartReader {
  expression(node: cst.ExpressionCstNode): ast.Expression;
  arguments(nodes: readonly cst.ArgumentCstNode[]): ast.Argument[];
  text(token: IToken): ast.TextExpression;
}

/** Turns the concrete syntax of a `pipeline` into its AST node. */
export class PipelineBuilder extends SourceReader {
  constructor(
    file: SourceFile,
    private readonly read: PartReader,
  ) {
    super(file);
  }

  pipeline(node: cst.PipelineCstNode, documentation: string): ast.PipelineDeclaration {
    const { Identifier, network, settings, property, labels } = node.children;
    return {
      kind: "pipeline",
      documentation,
      name: this.name(first(Identifier)),
      network: this.name(first(network)),
      settings: this.read.arguments(settings?.[0]?.children.argument ?? []),
      properties: (property ?? []).map(({ children, ...rest }) => ({
        name: this.name(first(children.Identifier)),
        value: this.read.expression(first(children.expression)),
        ...(children.unit?.[0] ? { unit: this.name(children.unit[0]) } : {}),
        span: this.span({ ...rest, children }),
      })),
      blocks: (labels ?? []).map(({ children, ...rest }) => ({
        name: this.name(first(children.Identifier)),
        labels: (children.label ?? []).map((label) => this.label(label)),
        span: this.span({ ...rest, children }),
      })),
      span: this.span(node),
    };
  }

  private label({ children: { Integer, Text, colour } }: cst.LabelCstNode): ast.PipelineLabel {
    const number = first(Integer);
    return {
      number: { value: Number(number.image), span: this.token(number) },
      name: this.read.text(first(Text)),
      ...(colour?.[0] ? { colour: this.read.text(colour[0]) } : {}),
    };
  }
}
