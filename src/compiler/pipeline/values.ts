import { unknownWord } from "../diagnostics/catalogue/pipelines.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { Context } from "../elaborate/frame.js";
import { LayerInstances } from "../elaborate/instances.js";
import type { ModuleScope } from "../elaborate/modules.js";
import { Construction } from "../elaborate/state.js";
import { coerce } from "../elaborate/types.js";
import type { Value } from "../elaborate/values.js";
import { noBindings } from "../graph/size.js";
import { suggestions } from "../support/suggest.js";
import type { Expression, NetworkDeclaration, TextExpression } from "../syntax/ast.js";

/** Reads the values of a pipeline's properties: numbers may be made of the file's constants and functions. */
export class PipelineValues {
  private readonly instances = new LayerInstances(new Construction(noBindings));
  private readonly context: Context;

  constructor(network: NetworkDeclaration, scope: ModuleScope) {
    const frame = this.instances.frame({
      declaration: { ...network, parameters: [], body: [] },
      scope,
      path: [],
      identity: "",
      tags: [],
      depth: 0,
      calls: [],
      locals: new Map(),
    });
    this.context = this.instances.bodyContext(frame, "pipeline");
  }

  evaluate(expression: Expression): Value {
    return this.instances.evaluator.evaluate(expression, this.context);
  }

  text({ parts }: TextExpression): string {
    return this.instances.evaluator.text(parts, this.context);
  }

  /** A number; int and ratio serve as one, too. Fails with a diagnostic. */
  number(expression: Expression, what: string): number {
    const value = coerce(this.evaluate(expression), "float", what, expression.span, noBindings);
    return value.kind === "float" ? value.value : Number.NaN;
  }

  /** True or false. Fails with a diagnostic. */
  truth(expression: Expression, what: string): boolean {
    const value = coerce(this.evaluate(expression), "bool", what, expression.span, noBindings);
    return value.kind === "bool" && value.value;
  }

  /** A bare word, one of `choices`. Fails with SLAB2326. */
  word<T extends string>(expression: Expression, property: string, choices: readonly T[]): T {
    const found = this.shown(expression);
    const word =
      expression.kind === "name" ? choices.find((choice) => choice === expression.name) : undefined;
    if (word !== undefined) return word;
    const [suggestion] = suggestions(found.replace(/"/g, ""), choices);
    const args = { property, found, choices, ...(suggestion ? { suggestion } : {}) };
    return fail(unknownWord, args, { span: expression.span });
  }

  /** An expression as it is written, on one line. */
  shown({ span: { file, start, end } }: Expression): string {
    const text = file.text.slice(start, end).replace(/\s+/g, " ");
    return text.length > 60 ? `${text.slice(0, 60)}…` : text;
  }
}
