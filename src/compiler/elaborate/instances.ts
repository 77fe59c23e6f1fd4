import * as names from "../diagnostics/catalogue/names.js";
import * as messages from "../diagnostics/catalogue/types.js";
import { unusedWithoutWeights, usesUnused } from "../diagnostics/catalogue/unused.js";
import { diagnose, fail, SlabFailure } from "../diagnostics/diagnostic.js";
import type { Value as GraphValue } from "../graph/graph.js";
import { positionOf, type Span, spanText } from "../support/source.js";
import type {
  Argument,
  DefinitionStatement,
  OutputStatement,
  ParameterDeclaration,
  RequireStatement,
  Statement,
} from "../syntax/ast.js";
import { bindArguments, calleeAt } from "./arguments.js";
import { Copies } from "./copies.js";
import { Evaluator } from "./evaluate.js";
import type { Instances } from "./evaluation.js";
import { expandFamily, shownMembers } from "./families.js";
import {
  type Cell,
  type CellStatement,
  type Context,
  type FamilyState,
  type Frame,
  identityAt,
  pathOf,
  placeOf,
} from "./frame.js";
import { type Output, outputFamily, valueOfLayer } from "./outputs.js";
import { isUnbound, keepBroken, keepRequirement } from "./requirements.js";
import { sharedLayer } from "./sharing.js";
import { type Construction, limits } from "./state.js";
import { coerce, describeType } from "./types.js";
import { familyName, integer, type LayerValue, type Value } from "./values.js";

/** Stands for a mistake that has been reported already: what depends on it says nothing more. */
export class AlreadyReported extends Error {}

/** Makes instances of layers and evaluates their definitions, each once and in the order in which they are needed. */
export class LayerInstances implements Instances {
  readonly evaluator: Evaluator;
  private readonly running: Cell[] = [];
  private readonly copies: Copies;

  constructor(private readonly construction: Construction) {
    this.copies = new Copies(construction);
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
    for (const statement of parts.declaration.body) {
      if (statement.kind !== "output" || !statement.name || !statement.index) continue;
      const { name } = statement;
      const key = outputFamily(name.text);
      const statements = [...(families.get(key)?.statements ?? []), { ...statement, name }];
      families.set(key, { statements, members: undefined, expanding: false });
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
    const shown = familyName(name);
    const args = { name: shown, index: String(index), members: shownMembers(shown, members.keys()) };
    fail(names.notAMember, args, placeOf(context, span));
  }

  /** The members of a family; its ranges are evaluated when the first of them is asked for. */
  members(frame: Frame, name: string): Map<number, Cell> {
    const family = frame.families.get(name) as FamilyState;
    if (family.members) return family.members;
    const shown = familyName(name);
    const first = family.statements[0] as CellStatement;
    if (family.expanding)
      fail(names.cycle, { chain: [`the range of ${shown}`, shown] }, { span: first.name.span });
    family.expanding = true;
    try {
      family.members = expandFamily(this.evaluator, family, shown, this.bodyContext(frame, shown));
    } finally {
      family.expanding = false;
    }
    return family.members;
  }

  private value(cell: Cell, frame: Frame, span: Span): Value {
    const { statement } = cell;
    if (statement.kind === "definition" && statement.unused) {
      fail(usesUnused, { name: statement.name.text }, { span });
    }
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
      const { statement } = cell;
      const context = this.bodyContext(frame, statement.name.text, cell);
      const from = this.construction.nodes.length;
      const written = this.evaluator.evaluate(statement.value, context);
      if (statement.kind === "definition" && statement.unused) this.hold(statement, from, context);
      const isShared = statement.kind === "definition" && statement.shared;
      const value = isShared ? sharedLayer(written, statement, context) : written;
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

  /** Keeps the weights of what an unused definition made: the nodes from an index on. */
  private hold({ name, value }: DefinitionStatement, from: number, context: Context): void {
    const held = this.construction.nodes.slice(from).flatMap(({ parameters }) => Object.values(parameters));
    if (held.length === 0) fail(unusedWithoutWeights, { name: name.text }, placeOf(context, value.span));
    for (const parameter of held) this.construction.held.add(parameter);
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
    layer: LayerValue,
    input: GraphValue,
    given: readonly Argument[],
    label: string | undefined,
    span: Span,
    context: Context,
  ): Value {
    const { declaration, scope, shared } = layer;
    const depth = context.frame.depth + 1;
    if (depth > limits.nesting)
      fail(
        messages.limitExceeded,
        { what: "layers within layers", limit: limits.nesting },
        placeOf(context, span),
      );
    const name = declaration.name.text;
    const locals = new Map<string, Value>();
    const path = pathOf(context, label, shared);
    const { applied: within } = context.frame;
    const parts = {
      declaration,
      applied: { layer: name, path: path.join("."), span, ...(within ? { within } : {}) },
      scope,
      path,
      identity: shared?.identity ?? identityAt(context, span),
      tags: context.tags,
      depth,
      calls: [...context.frame.calls, { span, callee: name }],
      locals,
    };
    const bound = this.bind(layer, given, span, context).bound;
    for (const parameter of declaration.parameters) {
      const argument = bound.get(parameter.name.text);
      const type = parameter.type.text;
      const value = argument?.value ?? this.default(parameter, { ...parts, locals: new Map(locals) });
      if (!value) {
        const callee = calleeAt(name, span);
        const args = { name: parameter.name.text, callee, expected: describeType(type) };
        fail(messages.missingArgument, args, placeOf(context, span));
      }
      locals.set(parameter.name.text, value);
    }
    locals.set("input", { kind: "tensor", tensor: input });
    const copy = shared ? undefined : this.copies.of(parts.identity, parts);
    if (copy) return copy;
    const from = this.construction.nodes.length;
    const frame = this.frame(parts);
    const outputs = this.runBody(frame);
    if (outputs.length === 0) fail(names.noOutput, { what: "layer", name }, { span: declaration.name.span });
    const value = valueOfLayer(this.evaluator, outputs, frame, this.bodyContext(frame, "output"));
    if (!shared) this.copies.keep(parts.identity, parts, from, value);
    return value;
  }

  bind(layer: LayerValue, given: readonly Argument[], span: Span, context: Context): LayerValue {
    const { declaration } = layer;
    const callee = calleeAt(declaration.name.text, span);
    const parameters = declaration.parameters.map(({ name }) => name.text);
    const written = bindArguments(callee, parameters, given, span, layer.bound);
    const bound = new Map(layer.bound);
    for (const { name, type } of declaration.parameters) {
      const argument = written.get(name.text);
      if (!argument) continue;
      const what = `${name.text} of ${callee}`;
      const value = this.evaluator.evaluate(argument, context);
      const checked = coerce(value, type.text, what, argument.span, this.construction.bindings);
      bound.set(name.text, { value: checked, span: argument.span });
    }
    return { ...layer, bound };
  }

  /** A default may use the parameters before it and the names of its own file. */
  default(parameter: ParameterDeclaration, instance: Omit<Frame, "cells" | "families">): Value | undefined {
    if (!parameter.default) return undefined;
    const frame: Frame = { ...instance, cells: new Map(), families: new Map() };
    const { name, type } = parameter;
    const value = this.evaluator.evaluate(parameter.default, this.bodyContext(frame, name.text));
    const what = `${name.text} of ${instance.declaration.name.text}`;
    return coerce(value, type.text, what, parameter.default.span, this.construction.bindings);
  }

  /** Checks a body's requirements and evaluates its outputs, then everything else in it, so that all is checked. */
  runBody(frame: Frame): Output[] {
    const outputs: Output[] = [];
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
    const families = new Set<string>();
    for (const { kind, name, index, value: expression } of outputStatements(frame)) {
      const { span } = expression;
      if (name && index) {
        if (families.has(name.text)) continue;
        families.add(name.text);
        attempt(() => outputs.push(this.outputFamily(name.text, frame, attempt)));
        continue;
      }
      const context = this.bodyContext(frame, name?.text ?? kind);
      attempt(() => {
        const value = this.evaluator.evaluate(expression, context);
        outputs.push({ kind: "value", ...(name ? { name: name.text } : {}), value, span });
      });
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

  /** Evaluates every member of a family of outputs, so that the mistakes of all are found. */
  private outputFamily(name: string, frame: Frame, attempt: (action: () => void) => void): Output {
    const members: { index: number; value: Value; span: Span }[] = [];
    for (const [index, cell] of this.members(frame, outputFamily(name))) {
      const { span } = cell.statement.value;
      attempt(() => members.push({ index, value: this.value(cell, frame, span), span }));
    }
    return { kind: "family", name, members };
  }

  private checkUnused(cell: Cell, frame: Frame, attempt: (action: () => void) => void): void {
    const { statement } = cell;
    if (statement.kind === "definition") {
      // What other settings need is there for a reason.
      const isNeeded = cell.used || statement.unused || isNamedElsewhere(statement, frame.declaration.body);
      this.construction.noteUse(statement, isNeeded);
    }
    if (!cell.used) attempt(() => this.run(cell, frame));
  }

  private require(statement: RequireStatement, frame: Frame): void {
    const context = this.bodyContext(frame, "require");
    try {
      if (this.evaluator.condition(statement.condition, context)) return;
    } catch (failure) {
      if (!isUnbound(failure)) throw failure;
      keepRequirement(this.evaluator, statement, context);
      return;
    }
    const message = this.evaluator.text(statement.message.parts, context);
    if (keepBroken(this.evaluator, statement, message, context)) {
      this.construction.ruledOut = true;
      throw new AlreadyReported();
    }
    fail(messages.requirementFailed, { message }, placeOf(context, statement.condition.span));
  }
}

function outputStatements({ declaration }: Frame): OutputStatement[] {
  return declaration.body.filter((statement) => statement.kind === "output");
}

/** Whether another statement has a definition's name in its text, be it in what is not chosen with the settings at hand. */
function isNamedElsewhere({ name, span }: DefinitionStatement, body: readonly Statement[]): boolean {
  const word = new RegExp(`\\b${name.text}\\b`);
  return body.some((other) => other.span !== span && word.test(spanText(other.span)));
}
