import type { Operation } from "../graph/operation.js";
import { evaluateSize } from "../graph/size.js";
import { axisIndex, findAxis } from "../graph/tensor.js";
import { anyOf } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { axisArgumentsOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxisArguments } from "./axes.js";
import { free } from "./costs.js";
import { rolled } from "./reach.js";

const name = "Roll";

/** Cyclic shift, PyTorch's roll. */
export const roll: Operation = {
  name,
  documentation:
    "Moves everything along axes, and what leaves at one end comes in at the other.\n\n" +
    "`Roll(x: 2, y: -1)`: out[x, y] = in[x - 2, y + 1], positions modulo the axis. (Before the windows of a Swin " +
    "transformer: Liu et al., 2021.)\n\n" +
    "MACs and FLOPs: none. ONNX: Slice, Slice and Concat for each axis.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],
  axisArguments: { kind: "int", minimum: 1, documentation: "By how many elements; backward where negative." },

  infer(context) {
    requireAxisArguments(context, roll);
    return { output: inputType(context) };
  },

  cost: () => free,

  reach(node, _input, bindings) {
    const type = nodeInputType(node);
    const reaches = axisArgumentsOf(node.attributes).map(({ axis, value }) => {
      const size = evaluateSize(known(findAxis(type, axis), axis).size, bindings);
      return [axis, rolled(axis, value as number, size)];
    });
    return Object.fromEntries(reaches);
  },

  range: (_, inputs) => anyOf(inputs),

  anyOrder: true,

  lower(node, onnx) {
    const type = nodeInputType(node);
    const shape = onnx.shape(type);
    return axisArgumentsOf(node.attributes).reduce((value, { axis, value: distance }, index, all) => {
      const position = axisIndex(type, axis);
      const size = known(shape[position], "size");
      const cut = cutOf(distance as number, size);
      if (cut === 0) return value;
      const part = (from: number, to: number, hint: string) => {
        const bounds = [from, to, position].map((number) => onnx.int64([number]));
        return onnx.node("Slice", [value, ...bounds], {}, { hint: `${hint}_${axis}` })[0];
      };
      const parts = [part(cut, size, "wrapped"), part(0, cut, "moved")];
      const options = index === all.length - 1 ? {} : { hint: `along_${axis}` };
      return onnx.node("Concat", parts, { axis: { int: position } }, options)[0];
    }, onnx.input(0));
  },
};

/** The position that comes to stand first. */
function cutOf(distance: number, size: number): number {
  return (((-distance % size) + size) % size) + 0;
}
