import {
  differentLayersShare,
  duplicateWeights,
  sharedWeightsDiffer,
  unusedDefinition,
} from "../diagnostics/catalogue/names.js";
import { limitExceeded } from "../diagnostics/catalogue/types.js";
import { sizeTooLarge } from "../diagnostics/catalogue/views.js";
import { type Diagnostic, diagnose, fail, type Place, SlabFailure } from "../diagnostics/diagnostic.js";
import { type Condition, relationHolds } from "../graph/condition.js";
import type { AppliedLayer, Value as GraphValue, Node, Parameter } from "../graph/graph.js";
import type { Attributes, Inference, Operation, ParameterSpec, ShapeContext } from "../graph/operation.js";
import { type Bindings, InexactSize } from "../graph/size.js";
import { known } from "../support/invariant.js";
import { placeText, positionOf, type Span } from "../support/source.js";
import type { DefinitionStatement } from "../syntax/ast.js";
import { type Call, type Context, identityAt, pathOf, placeOf } from "./frame.js";
import type { SharedInstance } from "./values.js";

/** Networks larger than this are taken for a recurrence that does not end. */
export const limits = {
  nodes: 100_000,
  /** Layers within layers, calls within calls. */
  nesting: 64,
  /** Expressions that wait for one another, through definitions and layers: each takes part of the stack. */
  waiting: 1_000,
  family: 10_000,
  /** Axes that one argument names. */
  axes: 64,
  /** Elements of a list, characters of a text. */
  elements: 100_000,
  steps: 3_000_000,
} as const;

interface OwnedParameter {
  readonly parameter: Parameter;
  readonly identity: string;
  /** Where the layers around it are called, from the network inwards, and last the operation itself. */
  readonly calls: readonly Call[];
}

/** One application of an operation, before it is checked. */
export interface Application {
  readonly operation: Operation;
  readonly inputs: readonly GraphValue[];
  readonly inputNames: readonly string[];
  readonly attributes: Attributes;
  /** The label, where there is one. */
  readonly label?: string;
  /** Where it is one instance of its own, which has neither the label's nor the place's path. */
  readonly shared?: SharedInstance;
  readonly span: Span;
  readonly argumentSpans?: ReadonlyMap<string, Span>;
  readonly context: Context;
}

/** The network under construction: the only mutable part of elaboration. */
export class Construction {
  readonly nodes: Node[] = [];
  readonly parameters = new Map<string, OwnedParameter>();
  /** The weights of unused definitions. */
  readonly held = new Set<Parameter>();
  readonly conditions: Condition[] = [];
  /** What a `require` says about open sizes that is no condition among those. */
  readonly untold = new Set<Span>();
  /** Whether a `require` rules the given sizes out, so that what comes after it was not built. */
  ruledOut = false;
  private readonly failed = new Map<string, Diagnostic>();
  private readonly uses = new Map<DefinitionStatement, boolean>();
  private readonly names = new Map<string, number>();
  /** How nodes are called before the elements that they are seen through are added. */
  private readonly origins = new Map<Node, { readonly base: string; readonly tags: readonly string[] }>();
  private steps = 0;
  private waiting = 0;
  private deepest = 0;
  private deepestSpan: Span | undefined;

  constructor(
    readonly bindings: Bindings,
    /** The order in which `undo` puts axes back: as the network's inputs declare them. */
    readonly axisOrder: string[] = [],
  ) {}

  get diagnostics(): readonly Diagnostic[] {
    return [...this.failed.values()];
  }

  /** Begins to evaluate an expression; fails where a program takes more than it could need, as runaway recursion does. */
  beginStep(span: Span): void {
    this.steps += 1;
    if (this.steps > limits.steps) {
      fail(limitExceeded, { what: "steps of evaluation", limit: limits.steps }, { span });
    }
    if (this.waiting >= limits.waiting) {
      const args = { what: "expressions that wait for one another", limit: limits.waiting };
      fail(limitExceeded, args, { span });
    }
    this.waiting += 1;
    if (this.waiting > this.deepest) {
      this.deepest = this.waiting;
      this.deepestSpan = span;
    }
  }

  /** Ends what `beginStep` began. */
  endStep(): void {
    this.waiting -= 1;
  }

  /** What is said where the stack ends before `limits.waiting` does, as it may where expressions wait in layers. */
  stackExceeded(): Diagnostic {
    const limit = Math.floor(this.deepest / 100) * 100;
    const args = { what: "expressions that wait for one another", limit };
    return diagnose(limitExceeded, args, this.deepestSpan && { span: this.deepestSpan });
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
    const { operation, inputs, inputNames, attributes, label, shared, span, context } = application;
    const path = pathOf(context, label, shared).join(".");
    const { output, parameters = [] } = inferred(operation, placeOf(context, span), {
      inputs: inputs.map(({ type }) => type),
      inputNames,
      tables: inputs.map(numbersOf),
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
    // Elements of a comprehension share weights; two operations that take turns at one place do not.
    const identity = `${shared?.identity ?? identityAt(context, span)}:${operation.name}`;
    const owned: Record<string, Parameter> = {};
    const call = { span, callee: operation.name };
    const isShared = shared !== undefined;
    for (const spec of parameters) {
      owned[spec.role] = this.own(spec, path, identity, call, { context, isShared });
    }
    if (this.nodes.length >= limits.nodes)
      fail(limitExceeded, { what: "operations", limit: limits.nodes }, { span });
    const named = label !== undefined || parameters.length > 0;
    const base = named ? path : `${path}.${operation.name}`;
    const node: Node = {
      kind: "node",
      name: this.uniqueName(base, context.tags),
      path,
      operation,
      attributes,
      inputs,
      parameters: owned,
      type: output,
      span,
      ...(parameters.length === 0 && inputs.every(isConstant) ? { constant: true } : {}),
      ...(context.frame.applied ? { within: context.frame.applied } : {}),
    };
    this.nodes.push(node);
    this.origins.set(node, { base, tags: context.tags });
    return node;
  }

  /**
   * Adds an operation that is another one's copy for the next element of a comprehension. The first `replaced` of the tags
   * that the other one is seen through are not the copy's.
   */
  copy(
    node: Node,
    inputs: readonly GraphValue[],
    tags: readonly string[],
    replaced: number,
    within: AppliedLayer | undefined,
  ): Node {
    const { base, tags: own } = known(this.origins.get(node), "how a node is called");
    const all = [...tags, ...own.slice(replaced)];
    if (this.nodes.length >= limits.nodes) {
      fail(limitExceeded, { what: "operations", limit: limits.nodes }, { span: node.span });
    }
    const copy = { ...node, name: this.uniqueName(base, all), inputs, ...(within ? { within } : {}) };
    this.nodes.push(copy);
    this.origins.set(copy, { base, tags: all });
    return copy;
  }

  private own(
    spec: ParameterSpec,
    path: string,
    identity: string,
    call: Call,
    { context, isShared }: { readonly context: Context; readonly isShared: boolean },
  ): Parameter {
    const { span } = call;
    const full = spec.free ? path : `${path}.${spec.role}`;
    const calls = [...context.frame.calls, call];
    const known = this.parameters.get(full);
    if (!known) {
      const { shape, buffer = false, documentation } = spec;
      const parameter = { path: full, shape, buffer, ...(documentation ? { documentation } : {}) };
      this.parameters.set(full, { parameter, identity, calls });
      return parameter;
    }
    if (known.identity !== identity) {
      // Inside a layer that is used twice both come from one place; where it is called they differ.
      const apart = calls.findIndex(({ span, callee }, index) => {
        const other = known.calls[index];
        return span !== other?.span || callee !== other.callee;
      });
      const here = calls[apart]?.span ?? span;
      const there = (known.calls[apart] ?? (known.calls.at(-1) as Call)).span;
      if (here === there) {
        const [first, second] = [known.calls[apart]?.callee ?? "", calls[apart]?.callee ?? ""];
        fail(differentLayersShare, { path: full, first, second }, placeOf(context, here));
      }
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
    if (first !== second) {
      const args = { path: full, first, second, isWritten: isShared };
      fail(sharedWeightsDiffer, args, placeOf(context, span));
    }
    return known.parameter;
  }

  /** Says in which instance a mistake inside a layer came up, and who uses the layer where that is another file. */
  located(diagnostic: Diagnostic, { frame }: Context): Diagnostic {
    const notes = frame.path.length === 0 ? [] : [{ label: "in", text: frame.path.join(".") }];
    const { place } = diagnostic;
    const own = place && "span" in place ? place.span : undefined;
    const caller = own && frame.calls.find(({ span }) => span.file !== own.file);
    if (caller) notes.push({ label: "used", text: `${caller.callee}: ${placeText(caller.span, own)}` });
    return { ...diagnostic, notes: [...diagnostic.notes, ...notes] };
  }

  private uniqueName(base: string, tags: readonly string[]): string {
    return this.unused(base + tags.map((tag) => `@${tag}`).join(""));
  }

  private unused(wanted: string): string {
    const count = (this.names.get(wanted) ?? 0) + 1;
    this.names.set(wanted, count);
    return count === 1 ? wanted : this.unused(`${wanted}_${count}`);
  }
}

/** What a shape rule says; sizes that no number can hold exactly are the user's mistake too. */
function inferred(operation: Operation, place: Place, context: ShapeContext): Inference {
  try {
    return operation.infer(context);
  } catch (failure) {
    if (failure instanceof InexactSize) fail(sizeTooLarge, { operation: operation.name }, place);
    throw failure;
  }
}

/** The numbers of a table. */
function numbersOf(value: GraphValue): readonly number[] | undefined {
  return value.kind === "node" && value.operation.name === "table"
    ? (value.attributes.values as readonly number[])
    : undefined;
}

function isConstant(value: GraphValue): boolean {
  return value.kind === "node" && value.constant === true;
}
