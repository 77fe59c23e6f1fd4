import {
  gatherCount,
  indexNotPosition,
  indexNotTable,
  indexSizesDiffer,
} from "../diagnostics/catalogue/tables.js";
import type { Node, Value } from "../graph/graph.js";
import type { Operation, ShapeContext } from "../graph/operation.js";
import { constantSize, evaluateSize } from "../graph/size.js";
import { type Axis, concreteShape, showType } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { axesOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxis, requireKnownSize } from "./axes.js";
import { free } from "./costs.js";
import { axisNames, transposeTo } from "./layout.js";
import { whole } from "./reach.js";
import { tableValues } from "./table.js";
import { outputWith } from "./view.js";

const name = "Gather";

/** Elements at positions that tables say; ONNX Gather, NumPy's indexing with arrays. */
export const gather: Operation = {
  name,
  documentation:
    "Takes elements at positions that tables say.\n\n" +
    "`Gather(bias, [i - j + 6 for i: 7, j: 7], along: k)`: out[i, j] = bias[k: i - j + 6]. The first tensor is what is " +
    "gathered from; for each axis of `along` follows a table of positions, counted from 0. The axes of the tables stand " +
    "where the first axis of `along` stood; an axis that several of them have is one axis: " +
    "`Gather(x, i, j, along: (h, w))` of tables over t is out[t] = x[h: i[t], w: j[t]].\n\n" +
    "MACs and FLOPs: none. ONNX: Gather, with Transpose and Reshape where it is along several axes.",
  inputs: { minimum: 2, maximum: Number.POSITIVE_INFINITY },
  arguments: [
    { name: "along", type: "axes", documentation: "The axes that positions are given for: `k` or `(h, w)`." },
  ],

  infer(context) {
    const along = axesOf(context.attributes, "along");
    const indices = context.inputs.length - 1;
    if (indices !== along.length) context.refuse(gatherCount, { indices, axes: along }, "along");
    along.forEach((axis, index) => {
      requireAxis(context, axis, "along");
      const size = requireKnownSize(context, name, axis, "the positions are checked against it");
      requirePositions(context, index + 1, axis, size);
    });
    const type = inputType(context);
    const added = indexAxes(context.inputs.slice(1), (axis, first, second) =>
      context.refuse(indexSizesDiffer, { axis, first, second }),
    );
    return { output: outputWith(context, name, replaced(type.axes, along, added)) };
  },

  cost: () => free,

  reach: (node, input) =>
    input === 0 ? Object.fromEntries(axesOf(node.attributes, "along").map((axis) => [axis, whole])) : {},

  /** The axes of `along` become one, whose positions are one list. */
  lower(node, onnx) {
    const type = nodeInputType(node);
    const own = axisNames(type);
    const along = axesOf(node.attributes, "along");
    const first = own.indexOf(
      known(
        own.find((axis) => along.includes(axis)),
        "axis",
      ),
    );
    const others = own.filter((axis) => !along.includes(axis));
    const order = [...others.slice(0, first), ...along, ...others.slice(first)];
    const sizes = onnx.shape(type);
    const sizeOf = (axis: string) => known(sizes[own.indexOf(axis)], axis);
    const flat = [
      ...others.slice(0, first).map(sizeOf),
      product(along.map(sizeOf)),
      ...others.slice(first).map(sizeOf),
    ];
    const ordered = transposeTo(onnx, onnx.input(0), own, order, "ordered");
    const source =
      along.length === 1
        ? ordered
        : onnx.node("Reshape", [ordered, onnx.int64(flat)], {}, { hint: "flattened" })[0];
    const positions = onnx.int64(flatPositions(node.inputs.slice(1), along.map(sizeOf)));
    const gathered = onnx.node(
      "Gather",
      [source, positions],
      { axis: { int: first } },
      { hint: "elements" },
    )[0];
    return onnx.node("Reshape", [gathered, onnx.int64(onnx.shape(node.type))])[0];
  },
};

/** The axes of all indices, each once. */
function indexAxes(
  types: readonly { readonly axes: readonly Axis[] }[],
  differ: (axis: string, first: number, second: number) => void = () => {},
): readonly Axis[] {
  const all = new Map<string, number>();
  for (const { name: axis, size } of types.flatMap(({ axes }) => axes)) {
    const second = known(evaluateSize(size), "a table's size");
    const earlier = all.get(axis);
    if (earlier !== undefined && earlier !== second) differ(axis, earlier, second);
    all.set(axis, second);
  }
  return [...all].map(([axis, size]) => ({ name: axis, size: constantSize(size) }));
}

/** The axes of a type with the first of some replaced by others, and the rest of those left out. */
function replaced(axes: readonly Axis[], along: readonly string[], added: readonly Axis[]) {
  const at = axes.findIndex(({ name: axis }) => along.includes(axis));
  const kept = (part: readonly Axis[]) => part.filter(({ name: axis }) => !along.includes(axis));
  return [...kept(axes.slice(0, at)), ...added, ...kept(axes.slice(at))];
}

/** Refuses an index that is not a table of positions. */
function requirePositions(context: ShapeContext, input: number, axis: string, size: number): void {
  const type = inputType(context, input);
  const shown = known(context.inputNames[input], "name");
  const values = context.tables?.[input];
  if (!values) {
    context.refuse(indexNotTable, { name: shown, type: showType(type, context.bindings) });
  }
  const wrong = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= size);
  if (wrong < 0) return;
  const shape = known(concreteShape(type), "a table's sizes");
  const positions = type.axes.map(({ name: own }, index) => {
    const after = product(shape.slice(index + 1));
    return `${own} = ${Math.floor(wrong / after) % known(shape[index], "size")}`;
  });
  const found = known(values[wrong], "element");
  context.refuse(indexNotPosition, { axis, size, found, at: positions.join(", "), name: shown });
}

/** For each position along the indices' axes, the row-major position along the axes that they are for. */
function flatPositions(indices: readonly Value[], sizes: readonly number[]): readonly number[] {
  const axes = indexAxes(indices.map(({ type }) => type));
  const shape = known(concreteShape({ axes }), "sizes");
  const count = product(shape);
  const readers = indices.map((index) => readerOf(index as Node, axes));
  return Array.from({ length: count }, (_, at) => {
    let rest = at;
    const position = shape
      .toReversed()
      .map((size) => {
        const own = rest % size;
        rest = (rest - own) / size;
        return own;
      })
      .toReversed();
    return readers.reduce((flat, read, axis) => flat * known(sizes[axis], "size") + read(position), 0);
  });
}

/** Reads a table at positions along further axes. */
function readerOf(node: Node, axes: readonly Axis[]): (position: readonly number[]) => number {
  const values = tableValues(node);
  const shape = known(concreteShape(node.type), "sizes");
  const places = node.type.axes.map(({ name: axis }) => axes.findIndex((other) => other.name === axis));
  return (position) => {
    const flat = places.reduce(
      (sum, place, axis) => sum * known(shape[axis], "size") + known(position[place], "position"),
      0,
    );
    return known(values[flat], "element");
  };
}
