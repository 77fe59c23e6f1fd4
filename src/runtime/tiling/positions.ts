import { axisStarts } from "../../compiler/support/tiles.js";

/** A number per spatial axis. */
export type Triple = readonly [number, number, number];

/** Where tiles start along each axis, in voxels of the volume. */
export type TileStarts = readonly [readonly number[], readonly number[], readonly number[]];

/** Where tiles start along the three axes of a volume; see `axisStarts`. The tiles are all combinations. */
export function tileStarts(size: Triple, tile: Triple, overlap: number): TileStarts {
  return [
    axisStarts(size[0], tile[0], overlap),
    axisStarts(size[1], tile[1], overlap),
    axisStarts(size[2], tile[2], overlap),
  ];
}

/** The start of each tile, the last axis fastest. */
export function* eachStart([first, second, third]: TileStarts): Generator<Triple> {
  for (const x of first) for (const y of second) for (const z of third) yield [x, y, z];
}

/** The part of a tile that lies within the volume, along one axis: from, to. */
export function inside(start: number, tile: number, length: number): [number, number] {
  return [Math.max(0, start), Math.min(length, start + tile)];
}
