import { product } from "../../compiler/support/product.js";

/** The pole of the cubic B-spline. */
const pole = Math.sqrt(3) - 2;
/** Repeated ends before the filter: its memory of what lies beyond them is |pole|^12, less than 2e-7. */
const repeated = 12;

/**
 * The coefficients of the cubic B-spline through a volume along one axis, as scipy's `map_coordinates` with order 3 and
 * mode "nearest" has them. Ends are repeated; the result is longer by `margin` at both ends.
 */
export function splineCoefficients(
  data: Float32Array,
  size: readonly [number, number, number],
  axis: number,
  margin: number,
): { readonly data: Float32Array; readonly size: readonly [number, number, number] } {
  const length = size[axis] as number;
  const longer = size.map((each, index) => (index === axis ? each + 2 * margin : each));
  const result = new Float32Array(product(longer));
  const inner = product(size.slice(axis + 1));
  const outer = product(size.slice(0, axis));
  const line = new Float64Array(length + 2 * repeated);
  for (let block = 0; block < outer; block++) {
    for (let place = 0; place < inner; place++) {
      const from = block * length * inner + place;
      for (let index = 0; index < line.length; index++) {
        const held = Math.min(Math.max(index - repeated, 0), length - 1);
        line[index] = data[from + held * inner] as number;
      }
      filter(line);
      const to = block * (length + 2 * margin) * inner + place;
      for (let index = 0; index < length + 2 * margin; index++) {
        result[to + index * inner] = line[index + repeated - margin] as number;
      }
    }
  }
  return { data: result, size: longer as unknown as readonly [number, number, number] };
}

/** The recursive filter of Unser, Aldroubi and Eden (1993), in place, with mirrored ends. */
function filter(line: Float64Array): void {
  const last = line.length - 1;
  const at = (index: number) => line[index] as number;
  const gain = (1 - pole) * (1 - 1 / pole);
  for (let index = 0; index <= last; index++) line[index] = at(index) * gain;
  let power = pole;
  let sum = at(0);
  for (let index = 1; index <= Math.min(last, 30); index++) {
    sum += power * at(index);
    power *= pole;
  }
  line[0] = sum;
  for (let index = 1; index <= last; index++) line[index] = at(index) + pole * at(index - 1);
  line[last] = (pole / (pole * pole - 1)) * (at(last) + pole * at(last - 1));
  for (let index = last - 1; index >= 0; index--) line[index] = pole * (at(index + 1) - at(index));
}
