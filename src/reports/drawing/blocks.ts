import { type AppliedLayer, arithmeticOf, type Graph, type Node, type Value } from "../../compiler/index.js";
import { sameType } from "./shapes.js";

/** What becomes one shape of a drawing. */
export interface Block {
  readonly kind: "input" | "output" | "layer" | "operations" | "join" | "view";
  /** In the order in which they are computed; none for inputs and outputs. */
  readonly nodes: readonly Node[];
  /** For `layer`. */
  readonly applied?: AppliedLayer;
  /** For inputs and outputs, and where elements of a comprehension come from one place of the text, the same for all. */
  readonly origin: string;
  /** What it takes, in order. */
  readonly inputs: readonly Link[];
}

/** A value that one block takes from another. */
export interface Link {
  readonly from: Block;
  readonly value: Value;
}

interface MutableBlock extends Block {
  readonly nodes: Node[];
  readonly inputs: Link[];
}

/**
 * The blocks of a network in the order in which they are computed: closed layers; operations, each with those after it
 * that change neither its shape nor its way, such as norms and activations; joins of several tensors; views.
 */
export function blocksOf(graph: Graph, closed: ReadonlySet<AppliedLayer>): readonly Block[] {
  const blockOf = new Map<Value, MutableBlock>();
  const blocks: MutableBlock[] = [];
  const layers = new Map<AppliedLayer, MutableBlock>();
  const consumers = consumersOf(graph);
  const add = (block: MutableBlock) => {
    blocks.push(block);
    return block;
  };
  for (const input of graph.inputs) {
    blockOf.set(input, add({ kind: "input", nodes: [], origin: input.name, inputs: [] }));
  }
  const computed = new Set<Value>(graph.inputs);
  for (const node of graph.nodes) {
    // What follows from weights and tables alone belongs to what takes it.
    const taken = node.inputs.filter((value) => computed.has(value));
    if (taken.length === 0) continue;
    computed.add(node);
    const [only, ...others] = taken;
    const source = only && others.length === 0 ? blockOf.get(only) : undefined;
    // A sum of one tensor is that tensor, and the order of its axes changes nothing.
    if (source && node.inputs.length === 1 && (node.operation.inputs.maximum > 1 || isReordering(node))) {
      blockOf.set(node, source);
      continue;
    }
    const applied = outermostClosed(node, closed);
    const block = applied
      ? (layers.get(applied) ??
        add({ kind: "layer", nodes: [], applied, origin: originOf(applied), inputs: [] }))
      : (extended(node, taken, blockOf, consumers) ?? add(newBlock(node, taken)));
    if (applied) layers.set(applied, block);
    block.nodes.push(node);
    blockOf.set(node, block);
    for (const value of taken) {
      const from = blockOf.get(value);
      if (!from || from === block) continue;
      if (block.kind === "layer" && block.inputs.some((link) => link.value === value)) continue;
      block.inputs.push({ from, value });
    }
  }
  for (const { name, value } of graph.outputs) {
    const from = blockOf.get(value);
    if (from) add({ kind: "output", nodes: [], origin: name, inputs: [{ from, value }] });
  }
  return blocks;
}

/** Whether a node only says in which order axes stand. */
function isReordering({ operation, attributes }: Node): boolean {
  return operation.name === "rearrange" && !("view" in attributes) && !("undo" in attributes);
}

/** `taken`: which of its inputs depend on the network's. */
function newBlock(node: Node, taken: readonly Value[]): MutableBlock {
  const { view, undo } = node.attributes;
  const isView = typeof view === "string" || typeof undo === "string";
  const isJoin = new Set(taken).size > 1 && arithmeticOf(node) !== "macs";
  const kind = isView ? "view" : isJoin ? "join" : "operations";
  return { kind, nodes: [], origin: originOf(node), inputs: [] };
}

/** The block that an operation continues: it has no weights to multiply with, and nothing else sees what it takes. */
function extended(
  node: Node,
  taken: readonly Value[],
  blockOf: ReadonlyMap<Value, MutableBlock>,
  consumers: ReadonlyMap<Value, number>,
): MutableBlock | undefined {
  const [input, ...others] = taken;
  if (input?.kind !== "node" || others.length > 0 || newBlock(node, taken).kind !== "operations")
    return undefined;
  const block = blockOf.get(input);
  if (block?.kind !== "operations" || consumers.get(input) !== 1) return undefined;
  if (input.within !== node.within || arithmeticOf(node) === "macs") return undefined;
  return sameType(input.type, node.type) || node.operation.layout ? block : undefined;
}

/** How many operations and outputs take a value. */
function consumersOf({ nodes, outputs }: Graph): ReadonlyMap<Value, number> {
  const counts = new Map<Value, number>();
  const taken = [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ value }) => value)];
  for (const value of taken) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function outermostClosed(node: Node, closed: ReadonlySet<AppliedLayer>): AppliedLayer | undefined {
  for (let applied = node.within; applied; applied = applied.within) if (closed.has(applied)) return applied;
  return undefined;
}

/** The path and the places in the text, from the network inwards: what elements of a comprehension have in common. */
function originOf({ path, span, within }: AppliedLayer | Node): string {
  const around = within ? `${originOf(within)} ` : "";
  return `${around}${path} ${span.file.path}:${span.start}`;
}
