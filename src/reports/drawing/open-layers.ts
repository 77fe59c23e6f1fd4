import { type AppliedLayer, arithmeticOf, type Graph, type Node } from "../../compiler/index.js";
import type { Resolutions } from "./resolution.js";

/** What holds so large a share of the working operations around it is what a drawing should show the inside of. */
const nearlyAll = 0.9;

/** One application of a layer with what is inside of it. */
interface Contents {
  readonly applied: AppliedLayer;
  readonly children: Contents[];
  /** All nodes, those of layers inside of it too. */
  readonly nodes: Node[];
}

/**
 * The applications of layers that a drawing shows as one box each. With a depth, those that lie so deep; without, the
 * blocks that a paper would draw: a layer is opened if it goes down to coarser levels and comes up again, if it is made
 * of repeated blocks, or if it is nearly the whole network.
 */
export function closedLayers(
  graph: Graph,
  resolutions: Resolutions,
  depth: number | undefined,
): ReadonlySet<AppliedLayer> {
  const closed = new Set<AppliedLayer>();
  const isOpen =
    depth === undefined ? opener(graph, resolutions) : (_: Contents, level: number) => level < depth;
  const visit = (contents: Contents, level: number) => {
    if (!isOpen(contents, level)) closed.add(contents.applied);
    else for (const child of contents.children) visit(child, level + 1);
  };
  for (const root of contentsOf(graph)) visit(root, 1);
  return closed;
}

function contentsOf({ nodes }: Graph): readonly Contents[] {
  const all = new Map<AppliedLayer, Contents>();
  const roots: Contents[] = [];
  const contentsIn = (applied: AppliedLayer): Contents => {
    const known = all.get(applied);
    if (known) return known;
    const contents: Contents = { applied, children: [], nodes: [] };
    all.set(applied, contents);
    const siblings = applied.within ? contentsIn(applied.within).children : roots;
    siblings.push(contents);
    return contents;
  };
  for (const node of nodes) {
    for (let applied = node.within; applied; applied = applied.within) contentsIn(applied).nodes.push(node);
  }
  return roots;
}

/** What a layer multiplies with its weights is what tells a block from what only joins blocks. */
function opener(graph: Graph, resolutions: Resolutions): (contents: Contents) => boolean {
  const working = new Set(graph.nodes.filter((node) => arithmeticOf(node) === "macs"));
  const work = (nodes: readonly Node[]) => nodes.filter((node) => working.has(node)).length;
  const total = working.size;
  // Elements of a comprehension are one part of the network.
  const workAt = new Map<string, number>();
  for (const node of working) {
    for (let applied = node.within; applied; applied = applied.within) {
      workAt.set(applied.path, (workAt.get(applied.path) ?? 0) + 1);
    }
  }
  return ({ applied, children, nodes }) => {
    if (comesUpAgain(nodes, resolutions)) return true;
    const blocks = children.filter((child) => work(child.nodes) >= 2);
    const layers = blocks.map((block) => block.applied.layer);
    const isRepeated = new Set(layers).size < layers.length;
    if (isRepeated && work(blocks.flatMap((block) => block.nodes)) >= nearlyAll * work(nodes)) return true;
    return work(nodes) >= 3 && (workAt.get(applied.path) ?? 0) >= nearlyAll * total;
  };
}

/** Whether inside of a layer values go down to coarser levels, and from there up. */
function comesUpAgain(nodes: readonly Node[], { of }: Resolutions): boolean {
  const own = new Set(nodes);
  const isInside = (node: Node) => node.inputs.every((input) => input.kind === "node" && own.has(input));
  const goes = (sign: number) => (node: Node) =>
    node.inputs.some((input) => Math.sign(of(node) - of(input)) === sign);
  return nodes.some(goes(-1)) && nodes.some((node) => isInside(node) && goes(1)(node));
}
