import { fail } from "../diagnostics/diagnostic.js";
import { relationHolds } from "../graph/condition.js";
import type { Graph, Node, Parameter, Value } from "../graph/graph.js";
import type { Attributes, Operation, ShapeContext } from "../graph/operation.js";
import type { TensorType } from "../graph/tensor.js";
import { rearrange } from "../ops/rearrange.js";
import { invariant, known } from "../support/invariant.js";

/** What a new node is made of. Name, path and place are those of the node that it stands for. */
export interface Application {
  readonly operation: Operation;
  readonly inputs: readonly Value[];
  readonly attributes?: Attributes;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  /** Tells several nodes apart that stand for one; without it the node has the name of that one. */
  readonly part?: string;
}

/** Makes a graph anew, node by node and in order: each is kept, or others take its place. */
export class Rewriter {
  private readonly nodes: Node[] = [];
  private readonly current = new Map<Value, Value>();
  private readonly names = new Set<string>();
  /** Names of nodes that may still be kept. */
  private readonly before: ReadonlySet<string>;

  constructor(readonly graph: Graph) {
    this.before = new Set(graph.nodes.map(({ name }) => name));
  }

  /** What stands for a value of the old graph now. */
  now(value: Value): Value {
    const found = this.current.get(value);
    if (found) return found;
    invariant(value.kind === "input", `${value.name} was not rewritten yet`);
    return value;
  }

  /** Keeps a node as it is, on what its inputs are now: values of the same types. */
  keep(node: Node, inputs: readonly Value[] = node.inputs.map((input) => this.now(input))): Node {
    const isSame = inputs.every((input, index) => input === node.inputs[index]);
    const kept = isSame ? node : { ...node, inputs };
    this.push(kept);
    this.current.set(node, kept);
    return kept;
  }

  /** Says what stands for a node from now on. */
  replace(node: Node, by: Value): void {
    this.current.set(node, by);
  }

  /** Adds a node, whose type follows from its operation's shape rule. */
  apply(origin: Node, { operation, inputs, attributes = {}, parameters = {}, part }: Application): Node {
    const withDefaults = { ...defaultsOf(operation), ...attributes };
    const { output } = operation.infer(shapeContext(this.graph, inputs, withDefaults));
    const wanted = part === undefined ? origin.name : `${origin.name}~${part}`;
    let name = wanted;
    const isTaken = () => this.names.has(name) || (name !== origin.name && this.before.has(name));
    for (let count = 2; isTaken(); count++) name = `${wanted}~${count}`;
    const node: Node = {
      kind: "node",
      name,
      path: origin.path,
      operation,
      attributes: withDefaults,
      inputs,
      parameters,
      type: output,
      span: origin.span,
      ...(origin.within ? { within: origin.within } : {}),
    };
    this.push(node);
    return node;
  }

  /** The value with its axes in another order. */
  reorder(origin: Node, value: Value, order: readonly string[], part: string): Value {
    const names = value.type.axes.map(({ name }) => name);
    if (names.every((name, index) => name === order[index])) return value;
    const attributes = { axes: order, names: order };
    return this.apply(origin, { operation: rearrange, inputs: [value], attributes, part });
  }

  /** The new graph, without what no output depends on any more. */
  finish(): Graph {
    const outputs = this.graph.outputs.map(({ name, value }) => ({ name, value: this.now(value) }));
    return withoutDeadNodes({ ...this.graph, nodes: this.nodes, outputs });
  }

  private push(node: Node): void {
    invariant(!this.names.has(node.name), `two nodes are called ${node.name}`);
    this.names.add(node.name);
    this.nodes.push(node);
  }
}

/** Leaves out the nodes, and with them the weights, that no output depends on. */
export function withoutDeadNodes(graph: Graph): Graph {
  const needed = new Set<Value>(graph.outputs.map(({ value }) => value));
  for (const node of graph.nodes.toReversed()) {
    if (needed.has(node)) for (const input of node.inputs) needed.add(input);
  }
  const nodes = graph.nodes.filter((node) => needed.has(node));
  const parameters = new Map<string, Parameter>();
  for (const node of nodes) {
    for (const parameter of Object.values(node.parameters)) parameters.set(parameter.path, parameter);
  }
  return { ...graph, nodes, parameters: [...parameters.values()] };
}

function defaultsOf(operation: Operation): Attributes {
  const defaults = operation.arguments.flatMap(({ name, default: value }) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(defaults);
}

/** Passes only make what is right: a refusal is a mistake of theirs. */
function shapeContext(graph: Graph, inputs: readonly Value[], attributes: Attributes): ShapeContext {
  return {
    inputs: inputs.map(({ type }) => type),
    inputNames: inputs.map(({ name }) => name),
    attributes,
    bindings: graph.bindings,
    refuse: (kind, args) => {
      try {
        return fail(kind, args);
      } catch (failure) {
        throw new Error("a pass made a node that its operation refuses", { cause: failure });
      }
    },
    require: (relation) =>
      invariant(
        relationHolds(relation, graph.bindings),
        "a pass made a node whose sizes do not fit its operation",
      ),
  };
}

/** The size of an axis, which is bound. */
export function sizeOf(type: TensorType, axis: string): number {
  const size = known(
    type.axes.find(({ name }) => name === axis),
    `axis ${axis}`,
  ).size;
  invariant(size.terms.length === 0, `the size of ${axis} is open`);
  return size.constant;
}
