import type { Triple } from "./positions.js";

/** What surrounds a volume that is shorter than a tile: its smallest value, zeros, or its nearest voxel. */
export type Pad = "minimum" | "zero" | "edge";

/**
 * Copies the tile that starts at `start` (voxels, negative before the volume) out of a row-major volume of `size`.
 * Voxels outside of the volume become `fill`, or the nearest voxel inside for `fill` "edge".
 */
export function extractTile(
  data: Float32Array,
  size: Triple,
  start: Triple,
  tile: Triple,
  fill: number | "edge",
): Float32Array<ArrayBuffer> {
  const output = new Float32Array(tile[0] * tile[1] * tile[2]);
  if (fill !== "edge" && fill !== 0) output.fill(fill);
  const from = Math.max(0, start[2]);
  const to = Math.min(size[2], start[2] + tile[2]);
  for (let i = 0; i < tile[0]; i++) {
    const x = start[0] + i;
    const nearestX = clamp(x, size[0]);
    if (x !== nearestX && fill !== "edge") continue;
    for (let j = 0; j < tile[1]; j++) {
      const y = start[1] + j;
      const nearestY = clamp(y, size[1]);
      if (y !== nearestY && fill !== "edge") continue;
      const source = (nearestX * size[1] + nearestY) * size[2];
      const target = (i * tile[1] + j) * tile[2];
      output.set(data.subarray(source + from, source + to), target + from - start[2]);
      if (fill === "edge") {
        output.fill(data[source] as number, target, target + from - start[2]);
        output.fill(data[source + size[2] - 1] as number, target + to - start[2], target + tile[2]);
      }
    }
  }
  return output;
}

/** The value that `extractTile` takes for a way to pad. */
export function fillOf(pad: Pad, data: Float32Array): number | "edge" {
  if (pad === "edge") return "edge";
  if (pad === "zero") return 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const value of data) if (value < smallest) smallest = value;
  return Number.isFinite(smallest) ? smallest : 0;
}

function clamp(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}
