import type { Graph, Node, Value } from "../graph/graph.js";
import { constantSize } from "../graph/size.js";
import { axesOf } from "../ops/attributes.js";
import { concat } from "../ops/concat.js";
import { layerNorm } from "../ops/layer-norm.js";
import { slice } from "../ops/slice.js";
import { softmax } from "../ops/softmax.js";
import { known } from "../support/invariant.js";
import type { Pass, PassResult } from "./pass.js";
import { rewriteEach } from "./rewrite-each.js";
import { type Rewriter, sizeOf } from "./rewriter.js";

/** WebGPU's limit for the groups of threads that are started in one direction. */
const mostGroups = 65_535;

/**
 * `rows=limited`: a Softmax or LayerNorm of more rows than can be started exactly is computed in pieces along an axis.
 * ONNX Runtime's WebGPU starts a group of threads for each row, and more than the limit as the next square number; its
 * kernels (1.30) let the groups that are too many compute, and write, rows beyond the last one.
 */
export const limitRows: Pass = {
  name: "rows",
  documentation: "Computes a Softmax or LayerNorm of very many rows in pieces.",
  isWanted: ({ rows }) => rows === "limited",
  run: limited,
};

/** A part of an axis: its first position, and how many there are. */
interface Piece {
  readonly first: number;
  readonly count: number;
}

function limited(graph: Graph): PassResult {
  return rewriteEach(graph, (rewriter, node) => {
    const rowAxes = rowAxesOf(node);
    const rows = rowAxes?.reduce((product, axis) => product * sizeOf(node.type, axis), 1) ?? 1;
    const cut = rowAxes && !isExact(rows) ? shortestCut(node, rowAxes, rows) : undefined;
    if (cut === undefined) return undefined;
    const by = computedApart(rewriter, node, cut.axis, cut.pieces);
    return { by, done: `${rows} rows in ${cut.pieces.length} pieces along ${cut.axis}` };
  });
}

/** The axes along which an operation's rows are beside each other, if it computes row by row. */
function rowAxesOf({ operation, attributes, type }: Node): readonly string[] | undefined {
  if (operation !== softmax && operation !== layerNorm) return undefined;
  const own = axesOf(attributes, operation === softmax ? "axis" : "axes");
  return type.axes.map(({ name }) => name).filter((name) => !own.includes(name));
}

function isExact(rows: number): boolean {
  return rows <= mostGroups || Number.isInteger(Math.sqrt(rows));
}

/** The axis, and its pieces, of which there are fewest; of equal ones the outermost, whose pieces lie together in memory. */
function shortestCut(
  node: Node,
  axes: readonly string[],
  rows: number,
): { readonly axis: string; readonly pieces: readonly Piece[] } | undefined {
  const cuts = axes.flatMap((axis) => {
    const size = sizeOf(node.type, axis);
    const pieces = piecesOf(size, rows / size);
    return pieces ? [{ axis, pieces }] : [];
  });
  return cuts.toSorted((a, b) => a.pieces.length - b.pieces.length)[0];
}

/** An axis in pieces whose rows can be started exactly, the largest first; each position has `rows` of them. */
function piecesOf(size: number, rows: number): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  for (let first = 0; first < size; ) {
    let count = size - first;
    while (count > 0 && !isExact(count * rows)) count--;
    if (count === 0) return undefined;
    pieces.push({ first, count });
    first += count;
  }
  return pieces;
}

function computedApart(rewriter: Rewriter, node: Node, axis: string, pieces: readonly Piece[]): Value {
  const input = rewriter.now(known(node.inputs[0], "input"));
  const { operation, attributes, parameters } = node;
  const parts = pieces.map(({ first, count }, index) => {
    const range = { axis, first: constantSize(first), count: constantSize(count) };
    const rows = rewriter.apply(node, {
      operation: slice,
      inputs: [input],
      attributes: { ranges: [range] },
      part: `rows${index + 1}`,
    });
    const part = `piece${index + 1}`;
    return rewriter.apply(node, { operation, inputs: [rows], attributes, parameters, part });
  });
  return rewriter.apply(node, { operation: concat, inputs: parts, attributes: { along: axis } });
}
