import type { Triple } from "./positions.js";

/** Which of the three axes are turned round. */
export type Flip = readonly [boolean, boolean, boolean];

/** Every combination of the axes that are mirrored, none of them first: 1, 2, 4 or 8. */
export function flipsOf(axes: readonly number[]): readonly Flip[] {
  return Array.from({ length: 2 ** axes.length }, (_, chosen) => {
    const turned = axes.filter((_axis, bit) => (chosen >> bit) & 1);
    return [turned.includes(0), turned.includes(1), turned.includes(2)] as const;
  });
}

/** Volumes of `size`, one after another and row-major, each with its axes turned round. Gives `values` for no axis. */
export function flipped<T extends Float32Array>(
  values: T,
  size: Triple,
  flip: Flip,
): T | Float32Array<ArrayBuffer> {
  if (!flip.includes(true)) return values;
  const output = new Float32Array(values.length);
  addFlipped(values, size, flip, output);
  return output;
}

/** Adds volumes of `size`, each with its axes turned round, to `sums`, in float32. */
export function addFlipped(values: Float32Array, size: Triple, flip: Flip, sums: Float32Array): void {
  const [a, b, c] = size;
  const volumes = values.length / (a * b * c);
  for (let row = 0; row < volumes * a * b; row++) {
    const [volume, x, y] = [Math.floor(row / (a * b)), Math.floor(row / b) % a, row % b];
    const source = ((volume * a + (flip[0] ? a - 1 - x : x)) * b + (flip[1] ? b - 1 - y : y)) * c;
    const target = row * c;
    if (flip[2]) {
      const last = source + c - 1;
      for (let z = 0; z < c; z++)
        sums[target + z] = (sums[target + z] as number) + (values[last - z] as number);
    } else {
      for (let z = 0; z < c; z++)
        sums[target + z] = (sums[target + z] as number) + (values[source + z] as number);
    }
  }
}
