import type { Parameter } from "../graph/graph.js";
import { invariant, known } from "../support/invariant.js";
import { product } from "../support/product.js";

/**
 * The same values under another shape. Whatever the way to it, equal weights get equal names: the network's views share
 * them.
 */
export function reshaped(parameter: Parameter, shape: readonly number[]): Parameter {
  invariant(product(shape) === product(parameter.shape), `${parameter.path} has no shape ${shape}`);
  const { root, order } = arrangementOf(parameter);
  return arranged(root, order, shape);
}

/** The weight with its axes in another order: axis `order[i]` becomes axis i. */
export function transposed(parameter: Parameter, order: readonly number[]): Parameter {
  const before = arrangementOf(parameter);
  const composed = order.map((axis) => known(before.order[axis], "axis"));
  return arranged(
    before.root,
    composed,
    order.map((axis) => known(parameter.shape[axis], "size")),
  );
}

/** A weight whose axes stand in another order, under a shape. */
interface Arrangement {
  readonly root: Parameter;
  readonly order: readonly number[];
}

/** Of transposed weights; one of another shape begins anew. */
const arrangements = new WeakMap<Parameter, Arrangement>();

function arrangementOf(parameter: Parameter): Arrangement {
  return arrangements.get(parameter) ?? { root: parameter, order: parameter.shape.map((_, axis) => axis) };
}

function arranged(root: Parameter, order: readonly number[], shape: readonly number[]): Parameter {
  // Axes of size 1 move no values.
  const moving = order.filter((axis) => root.shape[axis] !== 1);
  const isMoved = moving.some((axis, place) => place > 0 && axis < (moving[place - 1] as number));
  if (!isMoved && `${shape}` === `${root.shape}`) return root;
  const suffix = `${isMoved ? `axes_${moving.join("_")}_` : ""}${shape.join("x")}`;
  const result = derived(root, shape, suffix, (values) =>
    isMoved ? moved(values, root.shape, moving) : values,
  );
  const target = order.map((axis) => root.shape[axis]);
  if (`${target}` === `${shape}`) arrangements.set(result, { root, order });
  return result;
}

/** Values in another order of their axes, those of size 1 left out. What lies within the first axes that stay moves alike. */
function moved(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const axes = order.toSorted((a, b) => a - b);
  const staying = order.findIndex((axis, place) => axis !== axes[place]);
  const rest = order.slice(staying);
  const sources = placesInOrder(
    rest.map((axis) => shape[axis] as number),
    rest.map((axis) => product(shape.slice(axis + 1))),
  );
  const result = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += sources.length) {
    for (let index = 0; index < sources.length; index++) {
      result[start + index] = values[start + (sources[index] as number)] as number;
    }
  }
  return result;
}

/** Where each element lies, for axes of such sizes between whose elements there are such steps. */
function placesInOrder(sizes: readonly number[], steps: readonly number[]): Uint32Array {
  const places = new Uint32Array(product(sizes));
  const position = sizes.map(() => 0);
  let source = 0;
  for (let index = 0; index < places.length; index++) {
    places[index] = source;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      source += steps[axis] as number;
      position[axis] = (position[axis] as number) + 1;
      if ((position[axis] as number) < (sizes[axis] as number)) break;
      source -= (steps[axis] as number) * (sizes[axis] as number);
      position[axis] = 0;
    }
  }
  return places;
}

/** A range of positions along one axis. */
export function sliced(parameter: Parameter, axis: number, first: number, count: number): Parameter {
  const { shape } = parameter;
  const outer = product(shape.slice(0, axis));
  const inner = product(shape.slice(axis + 1));
  const size = shape[axis] as number;
  const target = shape.map((own, index) => (index === axis ? count : own));
  return derived(parameter, target, `axis_${axis}_from_${first}_${count}`, (values) => {
    const result = new Float32Array(outer * count * inner);
    for (let row = 0; row < outer; row++) {
      const start = (row * size + first) * inner;
      result.set(values.subarray(start, start + count * inner), row * count * inner);
    }
    return result;
  });
}

/**
 * A weight [out, ...] that is so many times as long along an axis, zeros but for one of them: that which `places` says for
 * each output. `suffix` names it.
 */
export function placedAmong(
  parameter: Parameter,
  axis: number,
  places: readonly number[],
  count: number,
  suffix: string,
): Parameter {
  const { shape } = parameter;
  const rows = product(shape.slice(1, axis));
  const row = product(shape.slice(axis));
  const target = shape.map((own, index) => (index === axis ? count * own : own));
  return derived(parameter, target, suffix, (values) => {
    const result = new Float32Array(count * values.length);
    for (let index = 0; index * row < values.length; index++) {
      const place = places[Math.floor(index / rows)] as number;
      result.set(values.subarray(index * row, (index + 1) * row), (index * count + place) * row);
    }
    return result;
  });
}

/** The sum along an axis, of each position times a factor; `suffix` names it. The axis stays, with one position. */
export function combined(
  parameter: Parameter,
  axis: number,
  factors: readonly number[],
  suffix: string,
): Parameter {
  const { shape } = parameter;
  const outer = product(shape.slice(0, axis));
  const inner = product(shape.slice(axis + 1));
  const target = shape.map((own, index) => (index === axis ? 1 : own));
  return derived(parameter, target, suffix, (values) => {
    const result = new Float32Array(outer * inner);
    if (factors.length === 3) sumOfThree(values, factors, result, inner);
    else sumOfAny(values, factors, result, inner);
    return result;
  });
}

/** For each row of `inner` results, the sum of as many rows as there are factors. */
function sumOfAny(
  values: Float32Array,
  factors: readonly number[],
  result: Float32Array,
  inner: number,
): void {
  const sums = new Float64Array(inner);
  for (let row = 0; row < result.length; row += inner) {
    sums.fill(0);
    for (let index = 0; index < factors.length; index++) {
      const start = row * factors.length + index * inner;
      const factor = factors[index] as number;
      for (let place = 0; place < inner; place++) {
        sums[place] = (sums[place] as number) + factor * (values[start + place] as number);
      }
    }
    result.set(sums, row);
  }
}

/** The same of three rows, without a loop over them: 3×3 kernels are most of what is summed. */
function sumOfThree(
  values: Float32Array,
  [first = 0, second = 0, third = 0]: readonly number[],
  result: Float32Array,
  inner: number,
): void {
  for (let row = 0; row < result.length; row += inner) {
    const start = 3 * row;
    for (let place = 0; place < inner; place++) {
      const at = start + place;
      result[row + place] =
        first * (values[at] as number) +
        second * (values[at + inner] as number) +
        third * (values[at + 2 * inner] as number);
    }
  }
}

/** The values so many times in a row. */
export function repeated(parameter: Parameter, times: number): Parameter {
  if (times === 1) return parameter;
  const [size = 1, ...rest] = parameter.shape;
  return derived(parameter, [times * size, ...rest], `${times}_times`, (values) => {
    const result = new Float32Array(times * values.length);
    for (let copy = 0; copy < times; copy++) result.set(values, copy * values.length);
    return result;
  });
}

function derived(
  parameter: Parameter,
  shape: readonly number[],
  suffix: string,
  compute: (values: Float32Array) => Float32Array,
): Parameter {
  return derivedOf([parameter], shape, suffix, ([values]) => compute(known(values, "values")));
}

/** What is computed of several weights; it is named and documented as the first one. */
export function derivedOf(
  from: readonly Parameter[],
  shape: readonly number[],
  suffix: string,
  compute: (values: readonly Float32Array[]) => Float32Array,
): Parameter {
  const { path, buffer, documentation } = known(from[0], "a weight");
  return {
    path: `${path}~${suffix}`,
    shape,
    buffer,
    ...(documentation ? { documentation } : {}),
    derived: { from, compute },
  };
}
