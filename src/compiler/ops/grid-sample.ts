import { coordinateAxis, sampledAxes, sampledSizesDiffer } from "../diagnostics/catalogue/sampling.js";
import type { Node } from "../graph/graph.js";
import type { OnnxLowering } from "../graph/lowering.js";
import type { Operation } from "../graph/operation.js";
import { constantSize, scaleSize } from "../graph/size.js";
import { elementCount, findAxis, showType, type TensorType } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { axesOf, booleanOf, stringOf } from "./attributes.js";
import { inputType, nodeInputType, shownOperands } from "./axes.js";
import { free } from "./costs.js";
import { axisNames, sizesAlong, transposeTo } from "./layout.js";
import { whole } from "./reach.js";

const name = "GridSample";

/** Values at positions that another tensor gives; PyTorch's grid_sample by the names of axes. */
export const gridSample: Operation = {
  name,
  documentation:
    "Values of the first tensor at positions that the second one gives, also between elements.\n\n" +
    "`GridSample(volume, at, along: p, over: (x, y, z))`: along p, `at` holds a coordinate for each of the axes x, y and " +
    "z of `volume`, in that order; -1 is the beginning of an axis and 1 its end, or with align_corners the middles of its " +
    "first and last elements. Other axes of both are matched. The result has the first one's axes without those that " +
    "are sampled along, then the second one's own without p. As PyTorch's grid_sample.\n\n" +
    'With mode "linear" a value is the weighted mean of the 2^axes elements around a position, with "nearest" the ' +
    'closest element; outside there are zeros, or with padding "border" the outermost elements.\n\n' +
    "MACs: none. FLOPs: nearest none; linear 2^(axes + 1) - 1 per output element, for a weighted mean of 2^axes. ONNX: " +
    "GridSample, with Transpose and Reshape around it.",
  inputs: { minimum: 2, maximum: 2 },
  arguments: [
    { name: "along", type: "axis", documentation: "The second tensor's axis that holds the coordinates." },
    {
      name: "over",
      type: "axes",
      documentation: "The axes that are sampled along: `(x, y, z)`, two or three.",
    },
    {
      name: "mode",
      type: "string",
      choices: ["linear", "nearest"],
      documentation: "How values between elements are made.",
      default: "linear",
    },
    {
      name: "padding",
      type: "string",
      choices: ["zeros", "border"],
      documentation: "What is outside.",
      default: "zeros",
    },
    {
      name: "align_corners",
      type: "bool",
      documentation:
        "Whether -1 and 1 are the middles of the first and last elements, not the ends of the axis.",
      default: false,
    },
  ],

  /** ONNX Runtime's CUDA has no GridSample of float16: it would be computed on the CPU. */
  precise: true,

  infer(context) {
    const values = inputType(context, 0);
    const positions = inputType(context, 1);
    const over = axesOf(context.attributes, "over");
    const along = stringOf(context.attributes, "along");
    const usable = over.length >= 2 && over.length <= 3 && new Set(over).size === over.length;
    if (!usable || over.some((axis) => !findAxis(values, axis))) {
      context.refuse(sampledAxes, { over, type: showType(values, context.bindings) }, "over");
    }
    if (!findAxis(positions, along) || findAxis(values, along)) {
      context.refuse(coordinateAxis, { along, over, operands: shownOperands(context) }, "along");
    }
    const { size } = known(findAxis(positions, along), along);
    const relation = { kind: "equal" as const, left: size, right: constantSize(over.length) };
    context.require(relation, coordinateAxis, (bindings) => ({
      along,
      over,
      operands: shownOperands(context, bindings),
    }));
    const { matched, result } = rolesOf(values, positions, over, along);
    for (const axis of matched) {
      const [left, right] = [values, positions].map((type) => known(findAxis(type, axis), axis).size);
      const equal = { kind: "equal" as const, left: known(left, axis), right: known(right, axis) };
      context.require(equal, sampledSizesDiffer, (bindings) => ({
        axis,
        operands: shownOperands(context, bindings),
      }));
    }
    const sizeOf = (axis: string) =>
      known((over.includes(axis) ? undefined : findAxis(values, axis)) ?? findAxis(positions, axis), axis);
    return { output: { axes: result.map(sizeOf) } };
  },

  cost(node) {
    if (stringOf(node.attributes, "mode") === "nearest") return free;
    const axes = axesOf(node.attributes, "over").length;
    return { macs: constantSize(0), flops: scaleSize(elementCount(node.type), 2 ** (axes + 1) - 1) };
  },

  reach(node, input) {
    if (input === 1) return { [stringOf(node.attributes, "along")]: whole };
    return Object.fromEntries(axesOf(node.attributes, "over").map((axis) => [axis, whole]));
  },

  lower(node, onnx) {
    const values = nodeInputType(node, 0);
    const positions = nodeInputType(node, 1);
    const over = axesOf(node.attributes, "over");
    const along = stringOf(node.attributes, "along");
    const { matched, carried, asked } = rolesOf(values, positions, over, along);
    const batch = sizesAlong(matched, values, onnx.shape);
    const channels = sizesAlong(carried, values, onnx.shape);
    const places = sizesAlong(asked, positions, onnx.shape);
    // ONNX's last spatial axis has the first coordinate.
    const spatial = [...over].reverse();
    const reshaped = (value: string, shape: readonly number[], hint: string) =>
      onnx.node("Reshape", [value, onnx.int64(shape)], {}, { hint })[0];

    const sampled = reshaped(
      transposeTo(onnx, onnx.input(0), axisNames(values), [...matched, ...carried, ...spatial], "values"),
      [product(batch), product(channels), ...sizesAlong(spatial, values, onnx.shape)],
      "values_flattened",
    );
    const grid = reshaped(
      transposeTo(onnx, onnx.input(1), axisNames(positions), [...matched, ...asked, along], "positions"),
      [product(batch), product(places), ...spatial.slice(1).map(() => 1), over.length],
      "positions_flattened",
    );
    const result = onnx.node("GridSample", [sampled, grid], onnxAttributes(node), { hint: "sampled" })[0];
    const restored = reshaped(result, [...batch, ...channels, ...places], "unflattened");
    return transposeTo(onnx, restored, [...matched, ...carried, ...asked], axisNames(node.type), "ordered");
  },
};

function onnxAttributes({ attributes }: Node): Parameters<OnnxLowering["node"]>[2] {
  return {
    mode: { string: stringOf(attributes, "mode") },
    padding_mode: { string: stringOf(attributes, "padding") },
    align_corners: { int: booleanOf(attributes, "align_corners") ? 1 : 0 },
  };
}

/**
 * The axes that are matched, those that only the values carry, those that only the positions ask for, and all of the
 * result, in its order. What is sampled along may be asked for again: a position for each x of another x.
 */
export function rolesOf(values: TensorType, positions: TensorType, over: readonly string[], along: string) {
  const kept = axisNames(values).filter((axis) => !over.includes(axis));
  const matched = kept.filter((axis) => findAxis(positions, axis));
  const carried = kept.filter((axis) => !findAxis(positions, axis));
  const asked = axisNames(positions).filter((axis) => axis !== along && !kept.includes(axis));
  return { matched, carried, asked, result: [...kept, ...asked] };
}
