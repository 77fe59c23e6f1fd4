import type { OnnxLowering } from "../graph/lowering.js";
import type { Operation } from "../graph/operation.js";
import { constantSize, type Size, subtractSizes } from "../graph/size.js";
import { axisIndex, elementCount } from "../graph/tensor.js";
import { anyValue, type ValueRange } from "../graph/value-range.js";
import { axesOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis } from "./axes.js";
import { elementwise } from "./reach.js";

/** What tells one reduction from another. */
export interface ReduceParts {
  readonly name: string;
  /** What becomes of the elements along the axes, as the beginning of a sentence. */
  readonly summary: string;
  /** How many floating point operations it takes. */
  readonly flops: "input elements" | "input elements - output elements";
  readonly operators: string;
  /** What the results lie between, given what the elements do. */
  readonly range?: (elements: readonly ValueRange[]) => ValueRange;
  /** Reduces over the axes at these positions, which stay with size 1. */
  readonly reduce: (
    onnx: OnnxLowering,
    value: string,
    shape: readonly number[],
    axes: readonly number[],
  ) => string;
}

/** An operation that makes one number of all elements along some axes, which go away. */
export function reduction({ name, summary, flops, operators, range, reduce }: ReduceParts): Operation {
  return {
    name,
    documentation:
      `${summary} along the named axes, which go away.\n\n` +
      `\`${name}(h, w)\` of [n, c, h, w] is [n, c]. Since arithmetic goes by the names of axes, the result fits the ` +
      "tensor that it comes from.\n\n" +
      `MACs: none. FLOPs: ${flops}. ONNX: ${operators}.`,
    inputs: { minimum: 1, maximum: 1 },
    arguments: [
      { name: "axes", type: "axes", variadic: true, documentation: "The axes that go away: `h` or `h, w`." },
    ],

    infer(context) {
      const axes = axesOf(context.attributes, "axes");
      for (const axis of axes) requireAxis(context, axis, "axes");
      return { output: { axes: inputType(context).axes.filter((axis) => !axes.includes(axis.name)) } };
    },

    cost(node) {
      const input: Size = elementCount(nodeInputType(node));
      const spared = flops === "input elements" ? constantSize(0) : elementCount(node.type);
      return { macs: constantSize(0), flops: subtractSizes(input, spared) };
    },

    // The axes that it runs over are not in its output: all of them counts.
    reach: elementwise,

    range: (_, elements) => range?.(elements) ?? anyValue,

    anyOrder: true,

    precise: true,

    lower(node, onnx) {
      const type = nodeInputType(node);
      const axes = axesOf(node.attributes, "axes").map((axis) => axisIndex(type, axis));
      const reduced = reduce(onnx, onnx.input(0), onnx.shape(type), axes);
      return onnx.node("Squeeze", [reduced, onnx.int64(axes)])[0];
    },
  };
}
