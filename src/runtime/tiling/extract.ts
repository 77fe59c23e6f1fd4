import type { Triple } from "./positions.js";

/**
 * What surrounds a volume that is shorter than a tile, by NumPy's names: a constant, its nearest voxel, its mirror
 * image, its other end; or `minimum`, its smallest value. MONAI's `constant`, `replicate`, `reflect` and `circular`.
 */
export type Pad =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "minimum" | "edge" | "reflect" | "wrap" };

/** How to cut tiles out of one volume. */
export interface TileCutter {
  /** The tile that starts at `start` (voxels, negative before the volume), row-major. */
  cut(start: Triple): Float32Array<ArrayBuffer>;
}

/** Cuts tiles out of a row-major volume of `size`. */
export function tileCutter(data: Float32Array, size: Triple, tile: Triple, pad: Pad): TileCutter {
  const fill = pad.kind === "constant" ? pad.value : pad.kind === "minimum" ? smallest(data) : undefined;
  const sourceOf = fill === undefined ? placeOutside[pad.kind as keyof typeof placeOutside] : () => -1;
  const places = (start: number, length: number, axis: 0 | 1 | 2) =>
    Int32Array.from({ length }, (_, index) => {
      const place = start + index;
      return place >= 0 && place < size[axis] ? place : sourceOf(place, size[axis]);
    });
  return {
    cut: (start) => {
      const output = new Float32Array(tile[0] * tile[1] * tile[2]);
      if (fill !== undefined && fill !== 0) output.fill(fill);
      const columns = places(start[2], tile[2], 2);
      const from = Math.max(0, -start[2]);
      const to = Math.min(tile[2], size[2] - start[2]);
      for (const [i, x] of places(start[0], tile[0], 0).entries()) {
        if (x < 0) continue;
        for (const [j, y] of places(start[1], tile[1], 1).entries()) {
          if (y < 0) continue;
          const source = (x * size[1] + y) * size[2];
          const target = (i * tile[1] + j) * tile[2];
          output.set(data.subarray(source + start[2] + from, source + start[2] + to), target + from);
          if (fill !== undefined) continue;
          for (let k = 0; k < from; k++) output[target + k] = data[source + (columns[k] as number)] as number;
          for (let k = to; k < tile[2]; k++)
            output[target + k] = data[source + (columns[k] as number)] as number;
        }
      }
      return output;
    },
  };
}

/** Which voxel stands for one at `place` outside of an axis, as NumPy's `pad` says: also far outside. */
const placeOutside = {
  edge: (place: number, length: number) => Math.min(Math.max(place, 0), length - 1),
  wrap: (place: number, length: number) => ((place % length) + length) % length,
  reflect: (place: number, length: number) => {
    const period = Math.max(1, 2 * (length - 1));
    const within = ((place % period) + period) % period;
    return Math.min(within, period - within);
  },
};

function smallest(data: Float32Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of data) if (value < least) least = value;
  return Number.isFinite(least) ? least : 0;
}
