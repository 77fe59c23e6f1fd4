import type { Turn } from "./reorient.js";
import type { Taps } from "./taps.js";

type Triple = readonly [number, number, number];

/**
 * Reads a row-major volume of `size`, turned and resampled, plane by plane: beside source and result it holds a few
 * planes of the result. Arithmetic is float64, the result float32.
 */
export function resample(
  data: Float32Array,
  size: Triple,
  turn: Turn,
  taps: readonly [Taps, Taps, Taps],
): Float32Array {
  const [first, second, third] = taps;
  const strides = [size[1] * size[2], size[2], 1];
  const along = turn.map(({ axis, flipped }) => {
    const stride = strides[axis] as number;
    const last = (size[axis] as number) - 1;
    return flipped ? { origin: last * stride, stride: -stride } : { origin: 0, stride };
  });
  const [a, b, c] = along as [Line, Line, Line];
  const start = a.origin + b.origin + c.origin;
  const result = new Float32Array(first.length * second.length * third.length);
  const area = second.length * third.length;

  const rows = recent(second.count, third.length);
  const row = (place: number, plane: number): Float64Array =>
    rows.get(place, (target) => {
      const base = start + plane * a.stride + place * b.stride;
      const { count, positions, weights } = third;
      for (let index = 0; index < third.length; index++) {
        let sum = 0;
        for (let tap = index * count; tap < (index + 1) * count; tap++) {
          sum += (weights[tap] as number) * (data[base + (positions[tap] as number) * c.stride] as number);
        }
        target[index] = sum;
      }
    });
  const planes = recent(first.count, area);
  const plane = (place: number): Float64Array =>
    planes.get(place, (target) => {
      rows.forget();
      for (let index = 0; index < second.length; index++) {
        const part = target.subarray(index * third.length, (index + 1) * third.length);
        combine(second, index, (at) => row(at, place), part);
      }
    });
  const whole = new Float64Array(area);
  for (let index = 0; index < first.length; index++) {
    combine(first, index, plane, whole);
    result.set(whole, index * area);
  }
  return result;
}

interface Line {
  readonly origin: number;
  readonly stride: number;
}

/** The weighted sum of what one position's taps give. */
function combine(
  taps: Taps,
  index: number,
  source: (place: number) => Float64Array,
  target: Float64Array,
): void {
  const { count, positions, weights } = taps;
  for (let tap = 0; tap < count; tap++) {
    const weight = weights[index * count + tap] as number;
    // What counts for nothing need not be computed; a tap beyond the end is one.
    if (weight === 0 && tap > 0) continue;
    const values = source(positions[index * count + tap] as number);
    if (tap === 0) for (let at = 0; at < target.length; at++) target[at] = weight * (values[at] as number);
    else
      for (let at = 0; at < target.length; at++)
        target[at] = (target[at] as number) + weight * (values[at] as number);
  }
}

/** The last lines or planes that were computed, so many as one position needs. */
function recent(count: number, length: number) {
  const slots = Array.from({ length: count }, () => ({ place: -1, values: new Float64Array(length) }));
  let next = 0;
  return {
    get: (place: number, compute: (target: Float64Array) => void): Float64Array => {
      const known = slots.find((slot) => slot.place === place);
      if (known) return known.values;
      const slot = slots[next] as (typeof slots)[number];
      next = (next + 1) % count;
      slot.place = place;
      compute(slot.values);
      return slot.values;
    },
    forget: () => {
      for (const slot of slots) slot.place = -1;
    },
  };
}
