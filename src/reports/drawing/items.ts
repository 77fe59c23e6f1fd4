import type { Graph, Node, Value } from "../../compiler/index.js";
import { type Caption, captionOf, joinSymbol } from "./captions.js";
import { type Part, type PartLink, type Region, signatureOf } from "./parts.js";
import { sameType } from "./shapes.js";

/** One box, circle or label of a drawing. */
export interface Item {
  readonly kind: "input" | "output" | "layer" | "operations" | "join" | "view";
  /** One caption, or several where a sequence of blocks repeats. For a join its symbol, or its name. */
  readonly captions: readonly Caption[];
  /** How often what is in it follows on itself. */
  readonly repeats: number;
  /** What it gives; for an output what it takes. */
  readonly value: Value;
  readonly inputs: readonly ItemLink[];
  readonly region?: Region;
}

export interface ItemLink {
  readonly from: Item;
  readonly value: Value;
  /** How many elements of a comprehension come together here. */
  readonly times: number;
}

/** A sequence of at most so many blocks is looked for that repeats. */
const longestPeriod = 4;

/** The items of a drawing, in order: one for each part, and one for parts that repeat one after another. */
export function itemsOf(graph: Graph, parts: readonly Part[]): readonly Item[] {
  const takers = new Map<Part, { readonly part: Part; readonly value: Value }[]>();
  for (const part of parts) {
    for (const { from, value } of part.inputs)
      takers.set(from, [...(takers.get(from) ?? []), { part, value }]);
  }
  const given = new Map([...takers].map(([part, [first]]) => [part, first?.value]));
  /** The only part that a part goes to, where that takes nothing else but what the part takes, too. */
  const next = (part: Part): Part | undefined => {
    const [taker, ...others] = takers.get(part) ?? [];
    if (!taker || others.some((other) => other.part !== taker.part)) return undefined;
    const reached = new Set([part, ...part.inputs.map(({ from }) => from)]);
    if (taker.part.region !== part.region) return undefined;
    return taker.part.inputs.every(({ from }) => reached.has(from)) ? taker.part : undefined;
  };
  const itemOf = new Map<Part, Item>();
  const items: Item[] = [];
  for (const part of parts) {
    if (itemOf.has(part)) continue;
    const { members, period } = repetitionFrom(part, next, given);
    const last = members.at(-1) ?? part;
    const item: Item = {
      kind: part.blocks[0].kind,
      captions: captionsOf(members, period, graph),
      repeats: members.length / period,
      value: given.get(last) ?? (part.inputs[0] as PartLink).value,
      inputs: part.inputs.flatMap(({ from, value, times }) => {
        const source = itemOf.get(from);
        return source ? [{ from: source, value, times }] : [];
      }),
      ...(part.region ? { region: part.region } : {}),
    };
    for (const member of members) itemOf.set(member, item);
    items.push(item);
  }
  return items;
}

interface Repetition {
  readonly members: readonly Part[];
  /** How many of the members follow one another before they repeat. */
  readonly period: number;
}

/** The longest repetition that begins with a part; of equally long ones that with the shortest period. */
function repetitionFrom(
  first: Part,
  next: (part: Part) => Part | undefined,
  given: ReadonlyMap<Part, Value | undefined>,
): Repetition {
  const chain = [first];
  for (let part = next(first); part; part = next(part)) chain.push(part);
  let best: Repetition = { members: [first], period: 1 };
  if (!canRepeat(first)) return best;
  for (let period = 1; period <= longestPeriod; period++) {
    let count = period;
    for (; count < chain.length; count++) {
      const [part, before] = [chain[count], chain[count - period]] as [Part, Part];
      // The first block of a level may also change size and channels.
      const follows = period === 1 && count === 1 ? followsOnEntry : isSame;
      if (!canRepeat(part) || !follows(before, part, given)) break;
    }
    const whole = count - (count % period);
    if (whole > period && whole > best.members.length) best = { members: chain.slice(0, whole), period };
  }
  return best;
}

function canRepeat({ blocks }: Part): boolean {
  return blocks[0].kind === "layer" || blocks[0].kind === "operations";
}

/**
 * Whether two parts compute the same, or are one layer with weights of the same kinds: what has no weights may differ
 * then, such as whether windows are shifted.
 */
function isSame(a: Part, b: Part, given: ReadonlyMap<Part, Value | undefined>): boolean {
  if (!isAlike(a, b, given)) return false;
  const [left, right] = [a.blocks[0].nodes, b.blocks[0].nodes];
  const signatures = (nodes: readonly Node[]) => nodes.map(signatureOf).join("\n");
  if (signatures(left) === signatures(right)) return true;
  return a.blocks[0].kind === "layer" && weightsOf(left) === weightsOf(right) && weightsOf(left) !== "";
}

/** Operations with weights, what they do, and the weights' sizes. */
function weightsOf(nodes: readonly Node[]): string {
  const shapes = (node: Node) =>
    Object.entries(node.parameters).map(([role, { shape }]) => `${role} ${shape}`);
  return nodes
    .filter((node) => shapes(node).length > 0)
    .map((node) => `${signatureOf(node)} ${shapes(node).join(" ")}`)
    .join("\n");
}

function followsOnEntry(entry: Part, part: Part, given: ReadonlyMap<Part, Value | undefined>): boolean {
  const { inputs, blocks } = entry;
  const [taken, value] = [inputs[0]?.value, given.get(entry)];
  const changes = taken !== undefined && value !== undefined && !sameType(taken.type, value.type);
  return changes && blocks[0].kind === "layer" ? isAlike(entry, part, given) : isSame(entry, part, given);
}

/** Whether two parts are called the same and give the same. */
function isAlike(a: Part, b: Part, given: ReadonlyMap<Part, Value | undefined>): boolean {
  const [one, other] = [a.blocks[0], b.blocks[0]];
  const typeOf = (part: Part) => (part.blocks[0].nodes.at(-1) ?? given.get(part))?.type;
  const [left, right] = [typeOf(a), typeOf(b)];
  if (one.kind !== other.kind || one.applied?.layer !== other.applied?.layer) return false;
  return left !== undefined && right !== undefined && sameType(left, right);
}

function captionsOf(members: readonly Part[], period: number, { bindings }: Graph): readonly Caption[] {
  return members.slice(0, period).map((part, position) => {
    const [block] = part.blocks;
    const symbol = block.kind === "join" ? joinSymbol(block.nodes[0]?.operation.name ?? "") : undefined;
    if (symbol !== undefined) return { title: symbol, lines: [] };
    const caption = captionOf(block, bindings);
    if (block.kind !== "layer") return caption;
    const paths = members.flatMap(({ blocks }, index) => {
      const path = blocks[0].applied?.path;
      return index % period === position && path !== undefined ? [path] : [];
    });
    return { ...caption, lines: [joinedPaths(paths)] };
  });
}

/** `stage.1.block.0–2` for the paths of a family's members that follow one another. */
function joinedPaths(paths: readonly string[]): string {
  const [first = "", ...others] = paths;
  const last = others.at(-1);
  if (last === undefined) return first;
  const [head, tail] = [first.split("."), last.split(".")];
  const apart = head.flatMap((name, index) => (name === tail[index] ? [] : [index]));
  const [only] = apart;
  if (head.length !== tail.length || apart.length !== 1 || only === undefined) return `${first} – ${last}`;
  return head.map((name, index) => (index === only ? `${name}–${tail[index]}` : name)).join(".");
}
