import { mergedTwice, sizedMergePart } from "../diagnostics/catalogue/views.js";
import type { AxisPart, Operation, Reach } from "../graph/operation.js";
import { evaluateSize, productOfSizes } from "../graph/size.js";
import { axisIndex, findAxis } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { axisArgumentsOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis } from "./axes.js";
import { free } from "./costs.js";
import { axisNames } from "./layout.js";
import { whole } from "./reach.js";
import { lowerView, outputWith, wholeAxes } from "./view.js";

const name = "merge";

/** Makes several axes one. */
export const merge: Operation = {
  name,
  documentation:
    "Makes several axes one, which stands where the first one named stood.\n\n" +
    "`merge(t: (wx, wy))`: position t is position wx * size of wy + wy; the last axis runs fastest. The axes need not " +
    "be neighbours. The new name may be one of theirs: `merge(n: (n, t))`. `split` is the inverse.\n\n" +
    "MACs and FLOPs: none. ONNX: Transpose and Reshape, together with other views at most Reshape, Transpose, Reshape.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [],
  axisArguments: {
    kind: "parts",
    minimum: 1,
    example: "t: (x, y)",
    documentation: "The axes that become the new one, outermost first.",
  },

  infer(context) {
    const given = axisArgumentsOf(context.attributes);
    const { axes } = inputType(context);
    const taken = new Set<string>();
    const groups = given.map(({ axis, value }) => {
      const parts = (value as readonly AxisPart[]).map((part) => {
        if (part.size) context.refuse(sizedMergePart, { axis, part: part.name }, axis);
        if (taken.has(part.name)) context.refuse(mergedTwice, { axis: part.name }, axis);
        taken.add(part.name);
        return requireAxis(context, part.name, axis);
      });
      return {
        axis,
        first: known(parts[0], "a part").name,
        size: productOfSizes(parts.map(({ size }) => size)),
      };
    });
    const output = axes.flatMap((axis) => {
      const group = groups.find(({ first }) => first === axis.name);
      if (group) return [{ name: group.axis, size: group.size, argument: group.axis }];
      return taken.has(axis.name) ? [] : [axis];
    });
    return { output: outputWith(context, name, output) };
  },

  cost: () => free,

  reach(node, _input, bindings) {
    const type = nodeInputType(node);
    const reaches: (readonly [string, Reach])[] = [];
    for (const { axis, value } of axisArgumentsOf(node.attributes)) {
      let stride: number | undefined = 1;
      for (const [index, part] of [...(value as readonly AxisPart[]).entries()].reverse()) {
        const size = evaluateSize(known(findAxis(type, part.name), part.name).size, bindings);
        const outermost = index === 0;
        const reach: Reach =
          stride === undefined || (size === undefined && !outermost)
            ? whole
            : { kind: "merged", from: axis, stride, ...(outermost || size === undefined ? {} : { size }) };
        reaches.push([part.name, reach]);
        stride = stride === undefined || size === undefined ? undefined : stride * size;
      }
    }
    return Object.fromEntries(reaches);
  },

  layout(node, shapeOf) {
    const type = nodeInputType(node);
    const groups = new Map(
      axisArgumentsOf(node.attributes).map(({ axis, value }) => [
        axis,
        (value as readonly AxisPart[]).map((part) => part.name),
      ]),
    );
    const sources = axisNames(node.type).map((axis) => groups.get(axis) ?? [axis]);
    return wholeAxes(
      shapeOf(type),
      sources.map((names) => names.map((axis) => axisIndex(type, axis))),
    );
  },

  lower: lowerView,
};
