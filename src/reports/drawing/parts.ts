import { arithmeticOf, type Graph, type Node, type Value, viewsOf } from "../../compiler/index.js";
import type { Block, Link } from "./blocks.js";

/** What is drawn once: a block, or the elements of a comprehension, which are one block with shared weights. */
export interface Part {
  /** The elements of a comprehension in order; else one. */
  readonly blocks: readonly [Block, ...Block[]];
  readonly inputs: readonly PartLink[];
  /** What it is drawn inside of. */
  readonly region?: Region;
}

/** What a part takes from another. */
export interface PartLink {
  readonly from: Part;
  readonly value: Value;
  /** How many elements of a comprehension it takes; 1 where each element takes its own. */
  readonly times: number;
}

/** What is seen through the same views, or what is done for each element of a comprehension. */
export interface Region {
  /** `3 views with shared weights: sagittal, coronal, axial` */
  readonly title: string;
  readonly copies: number;
}

interface MutablePart {
  readonly blocks: [Block, ...Block[]];
  inputs: readonly PartLink[];
  region?: Region;
}

/** The parts of a network, in order. Views are not among them where a region shows them. */
export function partsOf(graph: Graph, blocks: readonly Block[]): readonly Part[] {
  const parts = joinedCopies(blocks);
  const regions = regionsOf(parts, viewsOf(graph));
  for (const part of parts) {
    const region = regions.get(part);
    if (region) part.region = region;
  }
  return withoutShownViews(parts, regions);
}

/**
 * Blocks that come from one place in the text and take the same: elements of a comprehension. An element depends on no
 * other one, since what it takes would differ then.
 */
function joinedCopies(blocks: readonly Block[]): readonly MutablePart[] {
  const partOf = new Map<Block, MutablePart>();
  const byKey = new Map<string, MutablePart>();
  const numbers = new Map<MutablePart, number>();
  for (const block of blocks) {
    const taken = block.inputs.map((link) => {
      const from = partOf.get(link.from);
      const number = from ? (numbers.get(from) ?? 0) : 0;
      return `${number}.${link.value.kind === "node" ? link.from.nodes.indexOf(link.value) : ""}`;
    });
    const key = [block.kind, block.origin, ...block.nodes.map(signatureOf), ...taken].join("\n");
    const known = byKey.get(key);
    if (known) {
      known.blocks.push(block);
      partOf.set(block, known);
      continue;
    }
    const part: MutablePart = { blocks: [block], inputs: [] };
    byKey.set(key, part);
    numbers.set(part, numbers.size);
    partOf.set(block, part);
    part.inputs = partLinks(block.inputs, partOf);
  }
  return [...numbers.keys()];
}

/** An operation with its arguments; of one that only moves values, which elements may do differently, its name alone. */
export function signatureOf(node: Node): string {
  const { operation, attributes } = node;
  return arithmeticOf(node) === "none" ? operation.name : `${operation.name} ${JSON.stringify(attributes)}`;
}

/** What one block takes, once for each part and place in it. */
function partLinks(links: readonly Link[], partOf: ReadonlyMap<Block, Part>): readonly PartLink[] {
  const found: { from: Part; value: Value; place: number; blocks: Set<Block> }[] = [];
  for (const { from, value } of links) {
    const part = partOf.get(from);
    if (!part) continue;
    const place = value.kind === "node" ? from.nodes.indexOf(value) : -1;
    const known = found.find((other) => other.from === part && other.place === place);
    if (known) known.blocks.add(from);
    else found.push({ from: part, value, place, blocks: new Set([from]) });
  }
  return found.map(({ from, value, blocks }) => ({ from, value, times: blocks.size }));
}

function regionsOf(
  parts: readonly MutablePart[],
  views: ReadonlyMap<Node, readonly string[]>,
): ReadonlyMap<Part, Region> {
  const seenThrough = ({ blocks }: Part) =>
    blocks.map(({ nodes: [first] }) => (first ? (views.get(first) ?? []) : []).join(" "));
  const names = new Map<Part, readonly string[]>(parts.map((part) => [part, seenThrough(part)]));
  const isInside = (part: Part) =>
    part.blocks[0].kind !== "view" &&
    (part.blocks.length > 1 || (names.get(part) ?? []).some((name) => name));
  const keyOf = (part: Part) => (names.get(part) ?? []).join("\n");
  const regions = new Map<Part, Region>();
  for (const part of parts) {
    if (!isInside(part)) continue;
    const before = part.inputs.map(({ from }) => from).filter(isInside);
    const joined = before.filter((other) => keyOf(other) === keyOf(part));
    const region = joined.map((other) => regions.get(other)).find((known) => known !== undefined);
    const own = region ?? { title: titleOf(names.get(part) ?? []), copies: part.blocks.length };
    regions.set(part, own);
    // What came together here was one all along.
    for (const other of joined) {
      const apart = regions.get(other);
      if (apart === own) continue;
      for (const [member, known] of regions) if (known === apart) regions.set(member, own);
    }
  }
  return regions;
}

function titleOf(names: readonly string[]): string {
  const views = names.filter((name) => name !== "");
  if (views.length === 0) return `${names.length} times, with shared weights`;
  if (names.length === 1) return `view ${views[0]}`;
  return `${names.length} views with shared weights: ${[...new Set(views)].join(", ")}`;
}

/** Leaves out views whose sides a region shows; what takes them takes what they are seen from. */
function withoutShownViews(
  parts: readonly MutablePart[],
  regions: ReadonlyMap<Part, Region>,
): readonly Part[] {
  const isView = ({ blocks }: Part) => blocks[0].kind === "view";
  const takers = new Map<Part, Part[]>();
  for (const part of parts) {
    for (const { from } of part.inputs) takers.set(from, [...(takers.get(from) ?? []), part]);
  }
  const isShown = (part: Part) =>
    isView(part) &&
    (part.inputs.some(({ from }) => regions.has(from)) ||
      (takers.get(part) ?? []).some((taker) => regions.has(taker)));
  const resolved = (link: PartLink): PartLink => {
    if (!isShown(link.from)) return link;
    const [source] = link.from.inputs;
    return source ? resolved({ ...source, times: Math.max(link.times, source.times) }) : link;
  };
  const kept = parts.filter((part) => !isShown(part));
  for (const part of kept) part.inputs = distinct(part.inputs.map(resolved));
  return kept;
}

function distinct(links: readonly PartLink[]): readonly PartLink[] {
  return links.filter(
    (link, index) =>
      links.findIndex(({ from, value }) => from === link.from && value === link.value) === index,
  );
}
