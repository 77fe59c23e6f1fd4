import { duplicateWeights, sharedWeightsDiffer, unusedDefinition } from "../diagnostics/catalogue/names.js";
import { limitExceeded } from "../diagnostics/catalogue/types.js";
import { type Diagnostic, diagnose, fail, SlabFailure } from "../diagnostics/diagnostic.js";
import { type Condition, relationHolds } from "../graph/condition.js";
import type { Value as GraphValue, Node, Parameter } from "../graph/graph.js";
import type { Attributes, Operation, ParameterSpec } from "../graph/operation.js";
import type { Bindings } from "../graph/size.js";
import { positionOf, type Span } from "../support/source.js";
import type { DefinitionStatement } from "../syntax/ast.js";
import { type Context, placeOf } from "./frame.js";

/** Networks larger than this are taken for a recurrence that does not end. */
export const limits = {
  nodes: 100_000,
  /** Layers within layers, calls within calls. */
  nesting: 64,
  /** Expressions that wait for one another, through definitions and layers: each takes part of the stack. */
  waiting: 1_200,
  family: 10_000,
  /** Elements of a list, characters of a text. */
  elements: 100_000,
  steps: 3_000_000,
} as const;

interface OwnedParameter {
  readonly parameter: Parameter;
  readonly identity: string;
  /** Where the layers around it are called, from the network inwards, and last the operation itself. */
  readonly calls: readonly Span[];
}

/** One application of an operation, before it is checked. */
export interface Application {
  readonly operation: Operation;
  readonly inputs: readonly GraphValue[];
  readonly inputNames: readonly string[];
  readonly attributes: Attributes;
  /** The label, where there is one. */
  readonly label?: string;
  readonly span: Span;
  readonly argumentSpans?: ReadonlyMap<string, Span>;
  readonly context: Context;
}

/** The network under construction: the only mutable part of elaboration. */
export class Construction {
  readonly nodes: Node[] = [];
  readonly parameters = new Map<string, OwnedParameter>();
  readonly conditions: Condition[] = [];
  private readonly failed = new Map<string, Diagnostic>();
  private readonly uses = new Map<DefinitionStatement, boolean>();
  private readonly names = new Map<string, number>();
  private steps = 0;
  private waiting = 0;

  constructor(
    readonly bindings: Bindings,
    /** The order in which `undo` puts axes back: as the network's inputs declare them. */
    readonly axisOrder: string[] = [],
  ) {}

  get diagnostics(): readonly Diagnostic[] {
    return [...this.failed.values()];
  }

  /** Evaluates an expression; fails where a program takes more than it could need, as runaway recursion does. */
  step<T>(span: Span, evaluate: () => T): T {
    this.steps += 1;
    this.waiting += 1;
    try {
      if (this.steps > limits.steps) {
        fail(limitExceeded, { what: "steps of evaluation", limit: limits.steps }, { span });
      }
      if (this.waiting > limits.waiting) {
        fail(
          limitExceeded,
          { what: "expressions that wait for one another", limit: limits.waiting },
          { span },
        );
      }
      return evaluate();
    } finally {
      this.waiting -= 1;
    }
  }

  /** Keeps a message; one mistake seen from several instances is one message. */
  report(diagnostic: Diagnostic): void {
    const place = diagnostic.place;
    const where =
      place && "span" in place
        ? `${place.span.file.path}:${place.span.start}:${place.span.end}`
        : place?.path;
    const key = `${diagnostic.code} ${where}`;
    if (!this.failed.has(key)) this.failed.set(key, diagnostic);
  }

  /** A definition counts as used when one of its instances is. */
  noteUse(statement: DefinitionStatement, used: boolean): void {
    this.uses.set(statement, used || this.uses.get(statement) === true);
  }

  /** Warnings for definitions that no instance uses. */
  unusedDefinitions(): Diagnostic[] {
    return [...this.uses]
      .filter(([, used]) => !used)
      .map(([{ name }]) => diagnose(unusedDefinition, { name: name.text }, { span: name.span }));
  }

  /** Checks an application by its operation's shape rule and adds it to the network. */
  apply(application: Application): GraphValue {
    const { operation, inputs, inputNames, attributes, label, span, context } = application;
    const path = (label === undefined ? context.defaultPath : [...context.labelPath, label]).join(".");
    const { output, parameters = [] } = operation.infer({
      inputs: inputs.map(({ type }) => type),
      inputNames,
      attributes,
      bindings: this.bindings,
      refuse: (kind, args, argument) => {
        const place = placeOf(context, (argument && application.argumentSpans?.get(argument)) || span);
        throw new SlabFailure([this.located(diagnose(kind, args, place), context)]);
      },
      require: (relation, kind, args) => {
        const report = (bindings: Bindings) =>
          this.located(diagnose(kind, args(bindings), placeOf(context, span)), context);
        const holds = relationHolds(relation, new Map());
        if (holds === true) return;
        if (holds === false) throw new SlabFailure([report(this.bindings)]);
        this.conditions.push({ relation, report });
      },
    });
    const identity = `${context.identity}/${span.file.path}:${span.start}`;
    const owned: Record<string, Parameter> = {};
    for (const spec of parameters) owned[spec.role] = this.own(spec, path, identity, span, context);
    if (this.nodes.length >= limits.nodes)
      fail(limitExceeded, { what: "operations", limit: limits.nodes }, { span });
    const named = label !== undefined || parameters.length > 0;
    const node: Node = {
      kind: "node",
      name: this.uniqueName(
        (named ? path : `${path}.${operation.name}`) + context.tags.map((tag) => `@${tag}`).join(""),
      ),
      path,
      operation,
      attributes,
      inputs,
      parameters: owned,
      type: output,
      span,
    };
    this.nodes.push(node);
    return node;
  }

  private own(spec: ParameterSpec, path: string, identity: string, span: Span, context: Context): Parameter {
    const full = `${path}.${spec.role}`;
    const calls = [...context.frame.calls, span];
    const known = this.parameters.get(full);
    if (!known) {
      const parameter = { path: full, shape: spec.shape, buffer: spec.buffer ?? false };
      this.parameters.set(full, { parameter, identity, calls });
      return parameter;
    }
    if (known.identity !== identity) {
      // Inside a layer that is used twice both come from one place; where it is called they differ.
      const apart = calls.findIndex((call, index) => call !== known.calls[index]);
      const here = calls[apart] ?? span;
      const there = known.calls[apart] ?? (known.calls.at(-1) as Span);
      const first = positionOf(there.file, there.start);
      const args = {
        path: full,
        callee: here.file.text.slice(here.start, here.end),
        firstLine: first.line,
        firstColumn: first.column,
        ...(there.file === here.file ? {} : { firstFile: there.file.path }),
      };
      fail(duplicateWeights, args, placeOf(context, here));
    }
    const first = known.parameter.shape.join("x");
    const second = spec.shape.join("x");
    if (first !== second) fail(sharedWeightsDiffer, { path: full, first, second }, placeOf(context, span));
    return known.parameter;
  }

  /** Says in which instance a mistake inside a layer came up. */
  private located(diagnostic: Diagnostic, { frame }: Context): Diagnostic {
    if (frame.path.length === 0) return diagnostic;
    return { ...diagnostic, notes: [...diagnostic.notes, { label: "in", text: frame.path.join(".") }] };
  }

  private uniqueName(wanted: string): string {
    const count = (this.names.get(wanted) ?? 0) + 1;
    this.names.set(wanted, count);
    return count === 1 ? wanted : this.uniqueName(`${wanted}_${count}`);
  }
}
