import { argumentOutOfRange } from "../diagnostics/catalogue/shapes.js";
import type { Operation } from "../graph/operation.js";
import { evaluateSize, scaleSize } from "../graph/size.js";
import { findAxis, withAxisSize } from "../graph/tensor.js";
import { anyOf } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { axisArgumentsOf, largestInteger } from "./attributes.js";
import { inputType, nodeInputType, requireAxisArguments } from "./axes.js";
import { free } from "./costs.js";
import { whole } from "./reach.js";

const name = "repeat";

/** Tiles axes, PyTorch's repeat. */
export const repeat: Operation = {
  name,
  documentation:
    "Puts so many copies of the tensor one after another along an axis.\n\n" +
    "`repeat(c: 4)` makes 4*c of c: out[c] = in[c modulo its size], as PyTorch's repeat does.\n\n" +
    "MACs and FLOPs: none. ONNX: Tile.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],
  axisArguments: { kind: "int", minimum: 1, documentation: "How many copies stand one after another." },

  infer(context) {
    let output = inputType(context);
    for (const { axis, value } of requireAxisArguments(context, repeat)) {
      const times = value as number;
      if (times < 1 || times > largestInteger) {
        const expected = `from 1 to ${largestInteger}`;
        const args = { operation: name, argument: axis, found: String(times), expected };
        context.refuse(argumentOutOfRange, args, axis);
      }
      output = withAxisSize(output, axis, scaleSize(known(findAxis(output, axis), axis).size, times));
    }
    return { output };
  },

  cost: () => free,

  reach(node, _input, bindings) {
    const type = nodeInputType(node);
    const reaches = axisArgumentsOf(node.attributes).map(({ axis }) => {
      const size = evaluateSize(known(findAxis(type, axis), axis).size, bindings);
      return [
        axis,
        size === undefined ? whole : { kind: "merged" as const, from: axis, stride: 1, size },
      ] as const;
    });
    return Object.fromEntries(reaches);
  },

  range: (_, inputs) => anyOf(inputs),

  lower(node, onnx) {
    const given = axisArgumentsOf(node.attributes);
    const times = nodeInputType(node).axes.map(
      (axis) => (given.find((argument) => argument.axis === axis.name)?.value as number | undefined) ?? 1,
    );
    if (times.every((count) => count === 1)) return onnx.input(0);
    return onnx.node("Tile", [onnx.input(0), onnx.int64(times)])[0];
  },
};
