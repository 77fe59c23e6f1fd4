import { argumentOutOfRange, axisNotAllowed } from "../diagnostics/catalogue/shapes.js";
import type { Node } from "../graph/graph.js";
import type { OnnxLowering } from "../graph/lowering.js";
import type { Operation } from "../graph/operation.js";
import { axisIndex } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { checkedInteger, numberOf, ratioOf, stringOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis, requireChannels } from "./axes.js";
import { free } from "./costs.js";

const name = "Shift";

/** The temporal shift of Lin et al. (TSM: Temporal Shift Module, 2019), along any axis. */
export const shift: Operation = {
  name,
  documentation:
    "Moves some channels by one slice, so that neighbouring slices see each other.\n\n" +
    "Of c channels, the first floor(c * fold) move forward along the axis (out[s] = in[s - distance]), the last " +
    "floor(c * fold) backward (out[s] = in[s + distance]); zeros come in at the ends, the channels between stay. " +
    "(Lin et al., TSM, 2019.)\n\n" +
    "MACs and FLOPs: none. ONNX: Split, Pad with a positive and a negative amount, Concat.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    { name: "axis", type: "axis", documentation: "The axis along which channels move." },
    {
      name: "fold",
      type: "ratio",
      documentation: "The share of channels that moves in each direction, 0 to 1/2.",
    },
    { name: "distance", type: "int", documentation: "By how many elements they move.", default: 1 },
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
    checkedInteger(context, name, "distance");
    return { output: inputType(context) };
  },

  cost: () => free,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const shape = onnx.shape(type);
    const channelAxis = axisIndex(type, "c");
    const channels = known(shape[channelAxis], "channels");
    const { numerator, denominator } = ratioOf(node.attributes, "fold");
    const moved = Math.floor((channels * numerator) / denominator);
    const input = onnx.input(0);
    if (moved === 0) return input;

    const kept = channels - 2 * moved;
    const sizes = kept > 0 ? [moved, kept, moved] : [moved, moved];
    const parts = onnx.node(
      "Split",
      [input, onnx.int64(sizes)],
      { axis: { int: channelAxis } },
      { hint: "split", outputs: sizes.length },
    );
    const distance = numberOf(node.attributes, "distance");
    const partShape = shape.map((size, axis) => (axis === channelAxis ? moved : size));
    const forward = moveAlong(node, onnx, parts[0], partShape, distance, "forward");
    const backward = moveAlong(node, onnx, known(parts.at(-1), "part"), partShape, -distance, "backward");
    const middle = kept > 0 ? [known(parts[1], "part")] : [];
    return onnx.node("Concat", [forward, ...middle, backward], { axis: { int: channelAxis } })[0];
  },
};

/** Moves a tensor along the node's axis, filling with zeros. */
function moveAlong(
  node: Node,
  onnx: OnnxLowering,
  value: string,
  shape: readonly number[],
  distance: number,
  hint: string,
): string {
  const axis = axisIndex(nodeInputType(node), stringOf(node.attributes, "axis"));
  // Nothing of a shorter axis stays, and a Pad by more than its size is not defined.
  if (Math.abs(distance) >= known(shape[axis], "size")) {
    return onnx.node("Expand", [onnx.float32([0], []), onnx.int64(shape)], {}, { hint })[0];
  }
  const pads = Array<number>(2 * shape.length).fill(0);
  pads[axis] = distance;
  pads[shape.length + axis] = -distance;
  return onnx.node("Pad", [value, onnx.int64(pads)], {}, { hint })[0];
}
