import type { Graph, Node, Value } from "../../graph/graph.js";
import { evaluateSize, noBindings } from "../../graph/size.js";
import { known } from "../../support/invariant.js";
import type { Remark } from "../pass.js";
import { readersOf } from "../readers.js";
import { signatureOf } from "../signature.js";
import { inputsAt, isShared, obstacle, type Tuple } from "./branches.js";
import { orderUnits } from "./order.js";

/** Nodes that compute the same of different tensors with the same weights, one of each branch. */
export type Stack = Tuple<Node>;

/** By node, the stack that it is in. */
export type Stacks = ReadonlyMap<Node, Stack>;

/**
 * Finds branches of a graph that compute the same with the same weights, each of its own tensor. It begins where weights are
 * shared, at the last nodes, and goes back along their inputs as long as the branches do the same; then forward.
 * What one branch needs of another one never becomes a stack.
 */
export function findStacks(graph: Graph): { readonly stacks: Stacks; readonly remarks: readonly Remark[] } {
  const remarks: Remark[] = [];
  let stacks: Stacks = new Map();
  const signatures = new Map(graph.nodes.map((node) => [node, signatureOf(node)]));
  for (const seed of sharedNodes(graph, signatures).toReversed()) {
    if (seed.some((node) => stacks.has(node))) continue;
    let reason = obstacle(seed);
    if (reason === undefined) {
      const grown = grownBack(seed, stacks, signatures);
      if (!orderUnits(graph, grown)) reason = "its applications depend on one another";
      else if (!isWorthIt(grown, stacks))
        reason = "there is no product of matrices in it, which a batch makes faster";
      else stacks = grown;
    }
    const node = known(seed[0], "a branch").name;
    if (reason !== undefined) remarks.push({ kind: "declined", node, text: reason });
  }
  const grown = grownForward(graph, stacks, signatures);
  return { stacks: orderUnits(graph, grown) ? grown : stacks, remarks: remarks.toReversed() };
}

/**
 * The nodes that share their weights, as sets of which no node depends on another one of its set, in the order of the sets'
 * last nodes.
 */
function sharedNodes(graph: Graph, signatures: ReadonlyMap<Node, string>): readonly Stack[] {
  const bySignature = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    if (Object.keys(node.parameters).length === 0 || node.inputs.length === 0) continue;
    const signature = known(signatures.get(node), node.name);
    bySignature.set(signature, [...(bySignature.get(signature) ?? []), node]);
  }
  const place = new Map(graph.nodes.map((node, index) => [node, index]));
  const last = (nodes: Stack) => known(place.get(known(nodes.at(-1), "a node")), "its place");
  return [...bySignature.values()]
    .filter(({ length }) => length > 1)
    .flatMap((nodes) => independent(nodes, graph.nodes.slice(place.get(nodes[0] as Node), last(nodes) + 1)))
    .filter(({ length }) => length > 1)
    .sort((a, b) => last(a) - last(b));
}

/** Nodes by how many others of them each one depends on, along the longest way. */
function independent(nodes: readonly Node[], between: readonly Node[]): readonly Stack[] {
  const wanted = new Set(nodes);
  const depth = new Map<Value, number>();
  const levels: Node[][] = [];
  for (const node of between) {
    let above = 0;
    for (const input of node.inputs) above = Math.max(above, depth.get(input) ?? 0);
    if (wanted.has(node)) {
      levels[above] = [...(levels[above] ?? []), node];
      above++;
    }
    depth.set(node, above);
  }
  return levels;
}

function grownBack(seed: Stack, stacks: Stacks, signatures: ReadonlyMap<Node, string>): Stacks {
  const grown = new Map(stacks);
  const open: Stack[] = [seed];
  for (let stack = open.pop(); stack; stack = open.pop()) {
    if (stack.some((node) => grown.has(node))) continue;
    for (const node of stack) grown.set(node, stack);
    for (const index of known(stack[0], "a branch").inputs.keys()) {
      const inputs = inputsAt(stack, index);
      if (areNodes(inputs) && isSame(inputs, signatures) && obstacle(inputs) === undefined) open.push(inputs);
    }
  }
  return grown;
}

/** Joining tensors and taking them apart costs more than a norm by itself would gain. */
function isWorthIt(grown: Stacks, before: Stacks): boolean {
  const added = [...grown.keys()].filter((node) => !before.has(node));
  return added.some((node) => evaluateSize(node.operation.cost(node).macs, noBindings) !== 0);
}

function areNodes(values: Tuple): values is Stack {
  return values.every(({ kind }) => kind === "node");
}

function isSame(nodes: Stack, signatures: ReadonlyMap<Node, string>): boolean {
  return nodes.every((node) => signatures.get(node) === signatures.get(nodes[0] as Node));
}

/** Takes in what follows stacks in every branch alike, and needs nothing else but what all branches have. */
function grownForward(graph: Graph, stacks: Stacks, signatures: ReadonlyMap<Node, string>): Stacks {
  const grown = new Map(stacks);
  const readers = readersOf(graph);
  for (const node of graph.nodes) {
    const first = node.inputs.flatMap((input) => (input.kind === "node" ? (grown.get(input) ?? []) : []));
    const source = node.inputs.find((input) => input.kind === "node" && grown.get(input)?.[0] === input);
    if (grown.has(node) || first.length === 0 || source?.kind !== "node") continue;
    const branches = known(grown.get(source), "a stack");
    const alike = branches.map((own, branch) =>
      branch === 0
        ? node
        : readers.get(own)?.find((other) => {
            if (grown.has(other) || signatures.get(other) !== signatures.get(node)) return false;
            return other.inputs.every(
              (input, index) => input === inBranch(node.inputs[index], branch, grown),
            );
          }),
    );
    const stack = alike.filter((other) => other !== undefined);
    if (stack.length < branches.length || obstacle(stack) !== undefined) continue;
    for (const member of stack) grown.set(member, stack);
  }
  return grown;
}

/** What a branch has where the first one has this value: undefined where that is not known. */
function inBranch(value: Value | undefined, branch: number, stacks: Stacks): Value | undefined {
  const stack = value?.kind === "node" ? stacks.get(value) : undefined;
  if (!stack) return value;
  return stack[0] === value ? stack[branch] : undefined;
}

/** Whether every input that differs between branches is a stack of its own. */
export function isStack(values: Tuple, stacks: Stacks): boolean {
  const [first] = values;
  const stack = first?.kind === "node" ? stacks.get(first) : undefined;
  return stack !== undefined && !isShared(values) && values.every((value, branch) => value === stack[branch]);
}
