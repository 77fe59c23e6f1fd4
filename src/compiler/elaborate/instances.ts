import * as names from "../diagnostics/catalogue/names.js";
import * as messages from "../diagnostics/catalogue/types.js";
import { diagnose, fail, SlabFailure } from "../diagnostics/diagnostic.js";
import type { Value as GraphValue } from "../graph/graph.js";
import { positionOf, type Span } from "../support/source.js";
import type { Argument, DefinitionStatement, ParameterDeclaration } from "../syntax/ast.js";
import { bindArguments } from "./arguments.js";
import { Evaluator } from "./evaluate.js";
import type { Instances } from "./evaluation.js";
import { type Cell, type Context, type FamilyState, type Frame, placeOf } from "./frame.js";
import { type Construction, limits } from "./state.js";
import { coerce, describeType } from "./types.js";
import { integer, type Value } from "./values.js";

/** Stands for a mistake that has been reported already: what depends on it says nothing more. */
export class AlreadyReported extends Error {}

/** Makes instances of layers and evaluates their definitions, each once and in the order in which they are needed. */
export class LayerInstances implements Instances {
  readonly evaluator: Evaluator;
  private readonly running: Cell[] = [];

  constructor(private readonly construction: Construction) {
    this.evaluator = new Evaluator(construction, this);
  }

  /** A frame for a declaration, with its definitions waiting. */
  frame(parts: Omit<Frame, "cells" | "families">): Frame {
    const cells = new Map<string, Cell>();
    const families = new Map<string, FamilyState>();
    const frame: Frame = { ...parts, cells, families };
    const definitions = parts.declaration.body.filter((statement) => statement.kind === "definition");
    for (const statement of definitions) {
      const name = statement.name.text;
      const indexed = statement.index !== undefined;
      const earlier = definitions.find(
        (other) => other !== statement && other.name.text === name && other.span.start < statement.span.start,
      );
      if (parts.locals.has(name) || (earlier && !(indexed && earlier.index))) {
        this.reportDuplicate(statement, earlier?.name.span ?? parts.declaration.name.span);
      } else if (indexed) {
        const statements = [...(families.get(name)?.statements ?? []), statement];
        families.set(name, { statements, members: undefined, expanding: false });
      } else {
        cells.set(name, { statement, display: name, state: { kind: "waiting" }, used: false });
      }
    }
    return frame;
  }

  private reportDuplicate(statement: DefinitionStatement, first: Span): void {
    const args = {
      name: statement.name.text,
      what: "the name",
      firstLine: positionOf(first.file, first.start).line,
    };
    this.construction.report(diagnose(names.duplicateName, args, { span: statement.name.span }));
  }

  definition(frame: Frame, name: string, span: Span): Value | undefined {
    const cell = frame.cells.get(name);
    if (cell) return this.value(cell, frame, span);
    return frame.families.has(name) ? { kind: "family", frame, name } : undefined;
  }

  member(frame: Frame, name: string, index: number, span: Span, context: Context): Value {
    const members = this.members(frame, name);
    const cell = members.get(index);
    if (cell) return this.value(cell, frame, span);
    const known = [...members.keys()].sort((a, b) => a - b);
    const shown = known.length === 0 ? "nothing" : `${known[0]}..${known.at(-1)}`;
    fail(names.notAMember, { name, index: String(index), members: shown }, placeOf(context, span));
  }

  /** The members of a family; its ranges are evaluated when the first of them is asked for. */
  members(frame: Frame, name: string): Map<number, Cell> {
    const family = frame.families.get(name) as FamilyState;
    if (family.members) return family.members;
    const first = family.statements[0] as DefinitionStatement;
    if (family.expanding)
      fail(names.cycle, { chain: [`the range of ${name}`, name] }, { span: first.name.span });
    family.expanding = true;
    const members = new Map<number, Cell>();
    try {
      for (const statement of family.statements) {
        const range = this.indices(statement, frame);
        for (const { index, variable } of range) {
          const earlier = members.get(index);
          if (earlier) {
            const args = {
              name: `${name}[${index}]`,
              what: "the name",
              firstLine: positionOf(statement.span.file, earlier.statement.span.start).line,
              ...(variable === undefined ? {} : { range: shownRange(range.map((member) => member.index)) }),
            };
            fail(names.duplicateName, args, { span: statement.name.span });
          }
          members.set(index, {
            statement,
            display: `${name}[${index}]`,
            index,
            ...(variable === undefined ? {} : { variable }),
            state: { kind: "waiting" },
            used: false,
          });
        }
      }
    } finally {
      family.expanding = false;
    }
    family.members = members;
    return members;
  }

  private indices(statement: DefinitionStatement, frame: Frame): { index: number; variable?: string }[] {
    const context = this.bodyContext(frame, statement.name.text);
    const index = statement.index as NonNullable<DefinitionStatement["index"]>;
    if (!statement.generator) return [{ index: this.evaluator.integer(index, "the index", context) }];
    const variable = statement.generator.variable.text;
    const simple = index.kind === "name" && index.name === variable && statement.generator.to !== undefined;
    if (!simple) {
      const found = statement.span.file.text.slice(index.span.start, index.span.end);
      const help = `write ${statement.name.text}[${variable}] = … for ${variable} in first..last`;
      fail(
        messages.wrongType,
        { what: "the index of a family", found, expected: "the variable of its range", help },
        { span: index.span },
      );
    }
    return this.evaluator.range(statement.generator, context).map((number) => ({ index: number, variable }));
  }

  private value(cell: Cell, frame: Frame, span: Span): Value {
    cell.used = true;
    switch (cell.state.kind) {
      case "done":
        return cell.state.value;
      case "failed":
        throw new AlreadyReported();
      case "running": {
        const chain = this.running.slice(this.running.indexOf(cell)).map(({ display }) => display);
        return fail(names.cycle, { chain: [...chain, cell.display] }, { span });
      }
    }
    return this.run(cell, frame);
  }

  private run(cell: Cell, frame: Frame): Value {
    cell.state = { kind: "running" };
    this.running.push(cell);
    try {
      const { name, value: expression } = cell.statement;
      const value = this.evaluator.evaluate(expression, this.bodyContext(frame, name.text, cell));
      cell.state = { kind: "done", value };
      return value;
    } catch (failure) {
      cell.state = { kind: "failed" };
      this.absorb(failure);
      throw new AlreadyReported();
    } finally {
      this.running.pop();
    }
  }

  /** Keeps a user's mistake and goes on; anything else is thrown on. */
  absorb(failure: unknown): void {
    if (failure instanceof SlabFailure) {
      for (const diagnostic of failure.diagnostics) this.construction.report(diagnostic);
    } else if (!(failure instanceof AlreadyReported)) {
      throw failure;
    }
  }

  /** How names and weights are called inside a definition: labels of a family's member go under `name.index`. */
  bodyContext(frame: Frame, name: string, cell?: Cell): Context {
    const member = cell?.index === undefined ? [] : [name, String(cell.index)];
    const variables = new Map<string, Value>();
    if (cell?.variable !== undefined) variables.set(cell.variable, integer(cell.index as number));
    return {
      frame,
      variables,
      labelPath: [...frame.path, ...member],
      defaultPath: [...frame.path, ...(member.length > 0 ? member : [name])],
      identity: cell?.index === undefined ? frame.identity : `${frame.identity}#${name}${cell.index}`,
      tags: frame.tags,
      ...(cell?.variable === undefined ? {} : { remark: `for ${cell.variable} = ${cell.index}` }),
    };
  }

  instantiate(
    { declaration, scope }: Extract<Value, { kind: "layer" }>,
    input: GraphValue,
    given: readonly Argument[],
    label: string | undefined,
    span: Span,
    context: Context,
  ): Value {
    const depth = context.frame.depth + 1;
    if (depth > limits.nesting)
      fail(
        messages.limitExceeded,
        { what: "layers within layers", limit: limits.nesting },
        placeOf(context, span),
      );
    const name = declaration.name.text;
    const locals = this.arguments(name, declaration.parameters, given, span, context, scope);
    locals.set("input", { kind: "tensor", tensor: input });
    const frame = this.frame({
      declaration,
      scope,
      path: label === undefined ? context.defaultPath : [...context.labelPath, label],
      identity: `${context.identity}/${span.file.path}:${span.start}`,
      tags: context.tags,
      depth,
      calls: [...context.frame.calls, span],
      locals,
    });
    const outputs = this.runBody(frame);
    const output = outputs[0];
    if (!output) fail(names.noOutput, { what: "layer", name }, { span: declaration.name.span });
    return output.value;
  }

  private arguments(
    callee: string,
    parameters: readonly ParameterDeclaration[],
    given: readonly Argument[],
    span: Span,
    context: Context,
    scope: Frame["scope"],
  ): Map<string, Value> {
    const bound = bindArguments(
      callee,
      parameters.map(({ name }) => name.text),
      given,
      span,
    );
    const locals = new Map<string, Value>();
    for (const parameter of parameters) {
      const name = parameter.name.text;
      const argument = bound.get(name);
      const value = argument
        ? this.evaluator.evaluate(argument, context)
        : this.default(parameter, locals, scope, context.frame);
      if (!value)
        fail(
          messages.missingArgument,
          { name, callee, expected: describeType(parameter.type.text) },
          placeOf(context, span),
        );
      const place = argument?.span ?? parameter.default?.span ?? span;
      locals.set(
        name,
        coerce(value, parameter.type.text, `${name} of ${callee}`, place, this.construction.bindings),
      );
    }
    return locals;
  }

  /** A default may use the parameters before it and the names of its own file. */
  default(
    parameter: ParameterDeclaration,
    earlier: ReadonlyMap<string, Value>,
    scope: Frame["scope"],
    frame: Frame,
  ): Value | undefined {
    if (!parameter.default) return undefined;
    const own: Frame = { ...frame, scope, locals: new Map(earlier), cells: new Map(), families: new Map() };
    return this.evaluator.evaluate(parameter.default, this.bodyContext(own, parameter.name.text));
  }

  /** Checks a body's requirements and evaluates its outputs, then everything else in it, so that all is checked. */
  runBody(frame: Frame): { readonly name: string; readonly value: Value; readonly span: Span }[] {
    const outputs: { name: string; value: Value; span: Span }[] = [];
    let failed = false;
    const attempt = (action: () => void) => {
      try {
        action();
      } catch (failure) {
        this.absorb(failure);
        failed = true;
      }
    };
    for (const statement of frame.declaration.body) {
      if (statement.kind === "require") attempt(() => this.require(statement, frame));
    }
    // What the author has ruled out goes wrong in other ways too: that says nothing new.
    if (failed) throw new AlreadyReported();
    for (const statement of frame.declaration.body) {
      if (statement.kind !== "output") continue;
      const name = statement.name?.text ?? "output";
      const context = this.bodyContext(frame, name);
      const { value: expression, span } = statement;
      attempt(() => outputs.push({ name, value: this.evaluator.evaluate(expression, context), span }));
    }
    for (const cell of [...frame.cells.values()]) this.checkUnused(cell, frame, attempt);
    for (const name of frame.families.keys()) {
      attempt(() => {
        for (const cell of this.members(frame, name).values()) this.checkUnused(cell, frame, attempt);
      });
    }
    if (failed) throw new AlreadyReported();
    return outputs;
  }

  private checkUnused(cell: Cell, frame: Frame, attempt: (action: () => void) => void): void {
    this.construction.noteUse(cell.statement, cell.used);
    if (!cell.used) attempt(() => this.run(cell, frame));
  }

  private require(
    statement: Extract<Frame["declaration"]["body"][number], { kind: "require" }>,
    frame: Frame,
  ): void {
    const context = this.bodyContext(frame, "require");
    try {
      if (this.evaluator.condition(statement.condition, context)) return;
    } catch (failure) {
      // A requirement on sizes that are not given yet is checked when they are.
      const unbound =
        failure instanceof SlabFailure &&
        failure.diagnostics.every(({ code }) => code === messages.unboundSize.code);
      if (unbound) return;
      throw failure;
    }
    const message = this.evaluator.text(statement.message.parts, context);
    fail(messages.requirementFailed, { message }, placeOf(context, statement.condition.span));
  }
}

/** A range as it is written, `1..0`, and whether it runs downwards. */
function shownRange(indices: readonly number[]): { text: string; downwards: boolean } {
  const [first, last] = [indices[0] as number, indices.at(-1) as number];
  return { text: `${first}..${last}`, downwards: first > last };
}
