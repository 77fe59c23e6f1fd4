import { argumentOutOfRange, axisNotAllowed } from "../diagnostics/catalogue/shapes.js";
import type { Node } from "../graph/graph.js";
import type { OnnxLowering } from "../graph/lowering.js";
import type { Operation, ShapeContext } from "../graph/operation.js";
import { evaluateSize, greatestCommonDivisor } from "../graph/size.js";
import { axisIndex, findAxis } from "../graph/tensor.js";
import { orZero } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { checkedInteger, numberOf, ratioOf, stringOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis, requireChannels } from "./axes.js";
import { free } from "./costs.js";
import { moved } from "./reach.js";

const name = "Shift";

/**
 * The temporal shift of Lin et al. (TSM: Temporal Shift Module, 2019), along any axis. A pass may add the attribute
 * `form`: with "slice" it is made of Slice and Concat with zeros, with "gather" rows of it are gathered, and those that come
 * from nowhere filled with zeros.
 */
export const shift: Operation = {
  name,
  documentation:
    "Moves some channels by one slice, so that neighbouring slices see each other.\n\n" +
    "Of c channels, the first floor(c * fold) move forward along the axis (out[s] = in[s - distance]), the last " +
    "floor(c * fold) backward (out[s] = in[s + distance]); zeros come in at the ends, the channels between stay. " +
    "(Lin et al., TSM, 2019.)\n\n" +
    "MACs and FLOPs: none. ONNX: Pad, whose negative amounts take away, or Slice, and Concat; or Gather and " +
    "ScatterElements.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    { name: "axis", type: "axis", documentation: "The axis along which channels move." },
    {
      name: "fold",
      type: "ratio",
      documentation: "The share of channels that moves in each direction, 0 to 1/2.",
    },
    {
      name: "distance",
      type: "int",
      documentation: "By how many elements they move; a negative number swaps forward and backward.",
      default: 1,
    },
  ],

  infer(context) {
    const axis = stringOf(context.attributes, "axis");
    requireAxis(context, axis, "axis");
    if (axis === "c") {
      context.refuse(axisNotAllowed, { operation: name, axis, reason: "channels are what moves" }, "axis");
    }
    requireChannels(context, name, "fold is a share of it");
    const { numerator, denominator } = ratioOf(context.attributes, "fold");
    if (numerator < 0 || 2 * numerator > denominator) {
      const found = denominator === 1 ? String(numerator) : `${numerator}/${denominator}`;
      const expected = "from 0 to 1/2, since it applies to both directions";
      context.refuse(argumentOutOfRange, { operation: name, argument: "fold", found, expected }, "fold");
    }
    requireDistance(context);
    return { output: inputType(context) };
  },

  cost: () => free,

  reach(node, _input, bindings) {
    const axis = stringOf(node.attributes, "axis");
    const distance = numberOf(node.attributes, "distance");
    const size = evaluateSize(known(findAxis(node.type, "c"), "channels").size, bindings);
    const channels = known(size, "channels");
    const share = movedChannels(node, channels);
    const cases = [
      { first: 0, last: share - 1, reach: moved(axis, -distance) },
      { first: share, last: channels - share - 1, reach: moved(axis, 0) },
      { first: channels - share, last: channels - 1, reach: moved(axis, distance) },
    ];
    return { [axis]: { kind: "cases", along: "c", cases } };
  },

  range: (_, inputs) => orZero(inputs),

  anyOrder: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const shape = onnx.shape(type);
    const channelAxis = axisIndex(type, "c");
    const channels = known(shape[channelAxis], "channels");
    const share = movedChannels(node, channels);
    if (share === 0) return onnx.input(0);

    if (node.attributes.form === "gather") return gathered(node, onnx);

    const distance = numberOf(node.attributes, "distance");
    const last = channels - share;
    const forward = movedPart(node, onnx, { first: 0, end: share }, distance, "forward");
    const backward = movedPart(node, onnx, { first: last, end: channels }, -distance, "backward");
    const still = last > share ? [stillPart(node, onnx, { first: share, end: last })] : [];
    return onnx.node("Concat", [forward, ...still, backward], { axis: { int: channelAxis } })[0];
  },
};

function requireDistance(context: ShapeContext): void {
  const furthest = 2 ** 20;
  const distance = checkedInteger(context, name, "distance", -furthest, furthest);
  if (distance !== 0) return;
  const expected = "at least 1 element, or at most -1 to swap the directions; fold: 0 moves nothing";
  context.refuse(
    argumentOutOfRange,
    { operation: name, argument: "distance", found: "0", expected },
    "distance",
  );
}

/** How many channels move in each direction. */
export function movedChannels(node: Node, channels: number): number {
  const { numerator, denominator } = ratioOf(node.attributes, "fold");
  return Math.floor((channels * numerator) / denominator);
}

/** Channels from `first` to before `end`. */
interface Channels {
  readonly first: number;
  readonly end: number;
}

/** The channels that stay. */
function stillPart(node: Node, onnx: OnnxLowering, { first, end }: Channels): string {
  const axis = axisIndex(nodeInputType(node), "c");
  const bounds = [[first], [end], [axis]].map((values) => onnx.int64(values));
  return onnx.node("Slice", [onnx.input(0), ...bounds], {}, { hint: "still" })[0];
}

/**
 * All channels in one step, which ONNX Runtime's CPU takes on all cores: every row from where it moves from, then zeros for
 * those that come from nowhere, in place.
 */
function gathered(node: Node, onnx: OnnxLowering): string {
  const shape = onnx.shape(node.type);
  const { sizes, along, channelAxis, together } = rowsThatMove(node, shape);
  const size = known(sizes[along], "size");
  const blocks = known(sizes[channelAxis], "channels");
  const share = movedChannels(node, blocks * together) / together;
  const distance = numberOf(node.attributes, "distance");
  const [step, blockStep] = [product(sizes.slice(along + 1)), product(sizes.slice(channelAxis + 1))];
  const rows = Array.from({ length: product(sizes) }, (_, row) => {
    const block = Math.floor(row / blockStep) % blocks;
    const move = block < share ? -distance : block < blocks - share ? 0 : distance;
    const from = (Math.floor(row / step) % size) + move;
    return { row, from: from >= 0 && from < size ? row + move * step : undefined };
  });
  const empty = rows.filter(({ from }) => from === undefined).map(({ row }) => row);
  const sources = rows.map(({ row, from }) => from ?? row);
  const inner = product(shape) / rows.length;
  const made = (operator: string, inputs: readonly string[], hint: string, attributes = {}) =>
    onnx.node(operator, inputs, attributes, { hint })[0];
  const laid = made("Reshape", [onnx.input(0), onnx.int64([rows.length, inner])], "rows");
  const moved = made("Gather", [laid, onnx.int64(sources)], "moved", { axis: { int: 0 } });
  const zeros = made("Expand", [onnx.float32([0], []), onnx.int64([empty.length, inner])], "zeros");
  const column = made("Reshape", [onnx.int64(empty), onnx.int64([empty.length, 1])], "column");
  const places = made("Expand", [column, onnx.int64([empty.length, inner])], "places");
  const filled = made("ScatterElements", [moved, places, zeros], "filled", { axis: { int: 0 } });
  return onnx.node("Reshape", [filled, onnx.int64(shape)])[0];
}

/**
 * What a Shift moves as a whole: what lies behind its axis and the channels in memory, of as many channels as move together.
 * `sizes` counts such rows along each axis before.
 */
function rowsThatMove(node: Node, shape: readonly number[]) {
  const [channelAxis, along] = [
    axisIndex(node.type, "c"),
    axisIndex(node.type, stringOf(node.attributes, "axis")),
  ];
  const channels = known(shape[channelAxis], "channels");
  const together = along < channelAxis ? greatestCommonDivisor(channels, movedChannels(node, channels)) : 1;
  const outer = shape.slice(0, Math.max(along, channelAxis) + 1);
  const sizes = outer.map((own, axis) => (axis === channelAxis ? own / together : own));
  return { sizes, along, channelAxis, together };
}

/** How many rows a Shift would have if it were gathered, of a tensor of bound sizes. */
export function countOfRows(node: Node): number {
  const shape = node.type.axes.map(({ size }) => known(evaluateSize(size), "size"));
  return product(rowsThatMove(node, shape).sizes);
}

/** Some channels of the input, moved along the node's axis, zeros where nothing comes from. */
function movedPart(
  node: Node,
  onnx: OnnxLowering,
  channels: Channels,
  distance: number,
  hint: string,
): string {
  const type = nodeInputType(node);
  const shape = onnx.shape(type);
  const along = axisIndex(type, stringOf(node.attributes, "axis"));
  const channelAxis = axisIndex(type, "c");
  const count = channels.end - channels.first;
  // Nothing of a shorter axis stays, and a Pad by more than its size is not defined.
  if (Math.abs(distance) >= known(shape[along], "size")) {
    const sizes = shape.map((size, axis) => (axis === channelAxis ? count : size));
    return onnx.node("Expand", [onnx.float32([0], []), onnx.int64(sizes)], {}, { hint })[0];
  }
  if (node.attributes.form === "slice") {
    return movedBySlice(onnx, shape, { along, channelAxis, channels, distance, hint });
  }
  // A negative amount takes away: one Pad chooses the channels and moves them.
  const [before, after] = [Array<number>(shape.length).fill(0), Array<number>(shape.length).fill(0)];
  before[channelAxis] = -channels.first;
  after[channelAxis] = channels.end - known(shape[channelAxis], "channels");
  before[along] = distance;
  after[along] = -distance;
  return onnx.node("Pad", [onnx.input(0), onnx.int64([...before, ...after])], {}, { hint })[0];
}

interface Move {
  readonly along: number;
  readonly channelAxis: number;
  readonly channels: Channels;
  readonly distance: number;
  readonly hint: string;
}

function movedBySlice(
  onnx: OnnxLowering,
  shape: readonly number[],
  { along, channelAxis, channels, distance, hint }: Move,
): string {
  const size = known(shape[along], "size");
  const [first, end] = distance > 0 ? [0, size - distance] : [-distance, size];
  const bounds = [
    [first, channels.first],
    [end, channels.end],
    [along, channelAxis],
  ].map((values) => onnx.int64(values));
  const kept = onnx.node("Slice", [onnx.input(0), ...bounds], {}, { hint: `${hint}_kept` })[0];
  const count = channels.end - channels.first;
  const zeros = shape.map((own, axis) =>
    axis === along ? Math.abs(distance) : axis === channelAxis ? count : own,
  );
  const filled = onnx.node(
    "Expand",
    [onnx.float32([0], []), onnx.int64(zeros)],
    {},
    { hint: `${hint}_zeros` },
  )[0];
  const parts = distance > 0 ? [filled, kept] : [kept, filled];
  return onnx.node("Concat", parts, { axis: { int: along } }, { hint })[0];
}
