import type { Parameter } from "../graph/graph.js";
import { invariant } from "../support/invariant.js";

/** The same values under another shape. */
export function reshaped(parameter: Parameter, shape: readonly number[], suffix: string): Parameter {
  const count = (sizes: readonly number[]) => sizes.reduce((product, size) => product * size, 1);
  invariant(count(shape) === count(parameter.shape), `${parameter.path} has no shape ${shape}`);
  return derived(parameter, shape, suffix, (values) => values);
}

/** The weight with its axes in another order: axis `order[i]` becomes axis i. */
export function transposed(parameter: Parameter, order: readonly number[], suffix: string): Parameter {
  const { shape } = parameter;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const target = order.map((axis) => shape[axis] as number);
  const steps = order.map((axis) => strides[axis] as number);
  return derived(parameter, target, suffix, (values) => {
    const result = new Float32Array(values.length);
    const position = target.map(() => 0);
    let source = 0;
    for (let index = 0; index < result.length; index++) {
      result[index] = values[source] as number;
      for (let axis = target.length - 1; axis >= 0; axis--) {
        source += steps[axis] as number;
        position[axis] = (position[axis] as number) + 1;
        if ((position[axis] as number) < (target[axis] as number)) break;
        source -= (steps[axis] as number) * (target[axis] as number);
        position[axis] = 0;
      }
    }
    return result;
  });
}

/** A range of positions along one axis. */
export function sliced(
  parameter: Parameter,
  axis: number,
  first: number,
  count: number,
  suffix: string,
): Parameter {
  const { shape } = parameter;
  const outer = shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const size = shape[axis] as number;
  const target = shape.map((own, index) => (index === axis ? count : own));
  return derived(parameter, target, suffix, (values) => {
    const result = new Float32Array(outer * count * inner);
    for (let row = 0; row < outer; row++) {
      const start = (row * size + first) * inner;
      result.set(values.subarray(start, start + count * inner), row * count * inner);
    }
    return result;
  });
}

/** The values so many times in a row. */
export function repeated(parameter: Parameter, times: number, suffix: string): Parameter {
  const [size = 1, ...rest] = parameter.shape;
  return derived(parameter, [times * size, ...rest], suffix, (values) => {
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
  const { path, buffer, documentation } = parameter;
  return {
    path: `${path}~${suffix}`,
    shape,
    buffer,
    ...(documentation ? { documentation } : {}),
    derived: { from: [parameter], compute: ([values]) => compute(values as Float32Array) },
  };
}
