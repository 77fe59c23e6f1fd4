import type { Node } from "../graph/graph.js";
import { type OnnxLowering, onnxType } from "../graph/lowering.js";
import type { Operation } from "../graph/operation.js";
import type { TensorType } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { product } from "../support/product.js";
import { axesOf, booleanOf, numberOf, stringOf } from "./attributes.js";
import { nodeInputType } from "./axes.js";
import { gridSample, rolesOf } from "./grid-sample.js";
import { axisNames, sizesAlong, transposeTo } from "./layout.js";
import { stepsOf } from "./stepwise.js";

/**
 * What a GridSample becomes in some schedules. Not written by users: its attributes are those of GridSample, and `most`, how
 * many values of neighbours are gathered at a time. It is precise, too: float16 would round the places of elements.
 */
export const gatheredSample: Operation = {
  ...gridSample,
  name: "gathered sample",
  documentation:
    "Values of the first tensor at positions that the second one gives, also between elements: what a GridSample " +
    "becomes in some schedules.\n\n" +
    "MACs and FLOPs: as GridSample. ONNX: Pad, Gather of the elements around each position, and MatMul by their weights.",
  arguments: [],

  lower(node, onnx) {
    const step = stepsOf(onnx);
    const form = formOf(node, onnx.shape);
    const { samples, places, channels, isLinear } = form;
    const rows = elementsAsRows(node, form, onnx);
    const positions = positionsInElements(node, form, onnx);
    const first = isLinear ? step("Floor", [positions], "first") : positions;
    const base = rowOf(first, form, onnx);
    const neighbours = neighbourOffsets(form);
    const groups = groupsOf(neighbours, samples * places * channels, numberOf(node.attributes, "most"));
    const together = neighbours.length / groups.length;
    const weights = isLinear ? neighbourWeights(positions, first, form, groups.length, onnx) : [];
    const parts = groups.map((offsets, index) => {
      const called = (hint: string) => (groups.length === 1 ? hint : `${hint}${index + 1}`);
      const shifts = onnx.float32(offsets, [samples, 1, together]);
      const row = step("Add", [base, shifts], called("rows_at"));
      const whole = step("Cast", [row], called("places"), { to: { int: onnxType.int32 } });
      const values = step("Gather", [rows, whole], called("gathered"), { axis: { int: 0 } });
      const weight = weights[index];
      if (weight === undefined) return values;
      const sizes = onnx.int64([samples, places, 1, together]);
      const row4 = step("Reshape", [weight, sizes], called("weight"));
      return step("MatMul", [row4, values], called("weighted"));
    });
    const total = parts.reduce((sum, part, index) => step("Add", [sum, part], `sum${index}`));
    const order = [...form.matched, ...form.asked, ...form.carried];
    const sizes = sizesAlong(order, node.type, onnx.shape);
    const unflattened = step("Reshape", [total, onnx.int64(sizes)], "unflattened");
    return transposeTo(onnx, unflattened, order, axisNames(node.type), "ordered");
  },
};

/** How many elements a GridSample's values have, all samples together, with those that are put around them. */
export function elementsHeld(node: Node, shapeOf: OnnxLowering["shape"]): number {
  const { samples, along } = formOf(node, shapeOf);
  return samples * product(along.map(({ held }) => held));
}

/** An axis that is sampled along: its elements, with those put around them, and rows from one to the next. */
interface SampledAxis {
  readonly size: number;
  readonly held: number;
  readonly step: number;
}

function formOf(node: Node, shapeOf: OnnxLowering["shape"]) {
  const [values, positions] = [nodeInputType(node, 0), nodeInputType(node, 1)];
  const over = axesOf(node.attributes, "over");
  const roles = rolesOf(values, positions, over, stringOf(node.attributes, "along"));
  const sizes = (axes: readonly string[], type: TensorType) => sizesAlong(axes, type, shapeOf);
  const isLinear = stringOf(node.attributes, "mode") === "linear";
  // Outside are zeros; a neighbour of the last position may be one further, where it counts for nothing.
  const before = stringOf(node.attributes, "padding") === "border" ? 0 : 1;
  const behind = before + (isLinear ? 1 : 0);
  // As the values lie in memory.
  const spatial = axisNames(values).filter((axis) => over.includes(axis));
  const held = sizes(spatial, values).map((size) => before + size + behind);
  const along = over.map((axis): SampledAxis => {
    const place = spatial.indexOf(axis);
    const [size = 0] = sizes([axis], values);
    return {
      size,
      held: known(held[place], axis),
      step: product(held.slice(place + 1)),
    };
  });
  return {
    ...roles,
    spatial,
    along,
    isLinear,
    before,
    behind,
    samples: product(sizes(roles.matched, values)),
    places: product(sizes(roles.asked, positions)),
    channels: product(sizes(roles.carried, values)),
  };
}

type Form = ReturnType<typeof formOf>;

/** The values as rows, one for each element: what is carried beside each other. */
function elementsAsRows(node: Node, form: Form, onnx: OnnxLowering): string {
  const step = stepsOf(onnx);
  const names = axisNames(nodeInputType(node, 0));
  const pads = [form.before, form.behind].flatMap((amount) =>
    names.map((axis) => (form.spatial.includes(axis) ? amount : 0)),
  );
  const padded = pads.some((amount) => amount > 0)
    ? step("Pad", [onnx.input(0), onnx.int64(pads)], "padded")
    : onnx.input(0);
  const ordered = transposeTo(
    onnx,
    padded,
    names,
    [...form.matched, ...form.spatial, ...form.carried],
    "values",
  );
  const rows = form.samples * product(form.along.map(({ held }) => held));
  return step("Reshape", [ordered, onnx.int64([rows, form.channels])], "elements");
}

/** Positions [samples, places, axes], counted in elements from the middle of the first one, none further than what is held. */
function positionsInElements(node: Node, form: Form, onnx: OnnxLowering): string {
  const step = stepsOf(onnx);
  const vector = (ofAxis: (axis: SampledAxis) => number) =>
    onnx.float32(form.along.map(ofAxis), [form.along.length]);
  const names = axisNames(nodeInputType(node, 1));
  const order = [...form.matched, ...form.asked, stringOf(node.attributes, "along")];
  const sizes = onnx.int64([form.samples, form.places, form.along.length]);
  const flat = step(
    "Reshape",
    [transposeTo(onnx, onnx.input(1), names, order, "positions"), sizes],
    "positions_flattened",
  );
  // From -1 to 1 lie size elements, or as many steps as there are between the middles of the first and the last.
  const fromMiddle = booleanOf(node.attributes, "align_corners");
  const factors = vector(({ size }) => (fromMiddle ? size - 1 : size) / 2);
  const scaled = step("Mul", [flat, factors], "scaled");
  const counted = step("Add", [scaled, vector(({ size }) => (size - 1) / 2)], "counted");
  const exact = form.isLinear ? counted : step("Round", [counted], "nearest");
  const above = step("Max", [exact, vector(() => -form.before)], "from_first");
  return step("Min", [above, vector(({ size }) => size - 1 + form.before)], "to_last");
}

/** The row of the element at a position; of one that is no number, any. */
function rowOf(position: string, { along }: Form, onnx: OnnxLowering): string {
  const step = stepsOf(onnx);
  const isNumber = step("Equal", [position, position], "is_number");
  const number = step("Where", [isNumber, position, onnx.float32([0], [])], "number");
  const steps = onnx.float32(
    along.map(({ step: rows }) => rows),
    [along.length],
  );
  return step("ReduceSum", [step("Mul", [number, steps], "steps"), onnx.int64([2])], "row");
}

/** For each neighbour, in each sample, how many rows it lies behind a position's row; the first axis of `over` is outermost. */
function neighbourOffsets({ along, before, samples, isLinear }: Form): readonly (readonly number[])[] {
  const begin = along.reduce((total, { step }) => total + before * step, 0);
  const ofSample = product(along.map(({ held }) => held));
  const neighbours = isLinear
    ? along.reduce((offsets, { step }) => offsets.flatMap((offset) => [offset, offset + step]), [begin])
    : [begin];
  return neighbours.map((offset) =>
    Array.from({ length: samples }, (_, sample) => sample * ofSample + offset),
  );
}

/** Neighbours in groups of as many as are gathered at once; of each group the offsets, sample by sample. */
function groupsOf(
  neighbours: readonly (readonly number[])[],
  valuesOfEach: number,
  most: number,
): readonly (readonly number[])[] {
  let together = neighbours.length;
  while (together > 1 && together * valuesOfEach > most) together /= 2;
  return Array.from({ length: neighbours.length / together }, (_, index) => {
    const group = neighbours.slice(index * together, (index + 1) * together);
    return known(group[0], "neighbour").flatMap((_, sample) =>
      group.map((offsets) => offsets[sample] as number),
    );
  });
}

/** What each neighbour counts for, [samples, places, neighbours], in so many groups. */
function neighbourWeights(
  positions: string,
  first: string,
  { along, samples, places }: Form,
  groups: number,
  onnx: OnnxLowering,
): readonly string[] {
  const step = stepsOf(onnx);
  const shaped = (value: string, sizes: readonly number[], hint: string) =>
    step("Reshape", [value, onnx.int64([samples, places, ...sizes])], hint);
  const split = (value: string, axis: number, outputs: number, hint: string): readonly string[] => {
    const attributes = { axis: { int: axis }, num_outputs: { int: outputs } };
    return outputs === 1 ? [value] : onnx.node("Split", [value], attributes, { hint, outputs });
  };
  const behind = step("Sub", [positions, first], "behind_first");
  const before = step("Sub", [onnx.float32([1], []), behind], "before_next");
  const pair = [before, behind].map((value, index) =>
    step("Unsqueeze", [value, onnx.int64([3])], `share${index + 1}`),
  );
  const shares = step("Concat", pair, "shares", { axis: { int: 3 } });
  const [outermost, ...rest] = split(shares, 2, along.length, "share_along");
  const all = rest.reduce(
    (weights, share, index) => {
      const count = 2 ** (index + 1);
      const spread = step(
        "Mul",
        [shaped(weights, [count, 1], `weights${index}`), share],
        `weighted_along${index + 2}`,
      );
      return shaped(spread, [2 * count], `weights_along${index + 2}`);
    },
    shaped(known(outermost, "share"), [2], "weights_along1"),
  );
  return split(all, 2, groups, "weights_of");
}
