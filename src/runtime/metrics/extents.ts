import type { Overlap } from "./definitions.js";

type Triple = readonly [number, number, number];

/** Where a label lies in two maps together, and how many voxels it has in each and in both. */
export interface Extent extends Overlap {
  /** The box's first voxel. */
  readonly first: Triple;
  readonly size: Triple;
}

interface Growing {
  truth: number;
  prediction: number;
  both: number;
  readonly least: [number, number, number];
  readonly most: [number, number, number];
}

/** Counts every label but 0 of two maps, in one pass over both. */
export function extentsOf(
  prediction: Uint16Array,
  truth: Uint16Array,
  [nx, ny, nz]: Triple,
): ReadonlyMap<number, Extent> {
  const found = new Map<number, Growing>();
  const growing = (label: number): Growing => {
    let entry = found.get(label);
    if (entry === undefined) {
      entry = { truth: 0, prediction: 0, both: 0, least: [nx, ny, nz], most: [-1, -1, -1] };
      found.set(label, entry);
    }
    return entry;
  };
  for (let x = 0, voxel = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      for (let z = 0; z < nz; z++, voxel++) {
        const predicted = prediction[voxel] as number;
        const actual = truth[voxel] as number;
        if (predicted === actual) {
          if (actual === 0) continue;
          const entry = growing(actual);
          entry.truth++;
          entry.prediction++;
          entry.both++;
          include(entry, x, y, z);
          continue;
        }
        if (predicted !== 0) {
          const entry = growing(predicted);
          entry.prediction++;
          include(entry, x, y, z);
        }
        if (actual !== 0) {
          const entry = growing(actual);
          entry.truth++;
          include(entry, x, y, z);
        }
      }
    }
  }
  return new Map(
    [...found].map(([label, { least, most, ...counts }]) => [
      label,
      {
        ...counts,
        first: least,
        size: [most[0] - least[0] + 1, most[1] - least[1] + 1, most[2] - least[2] + 1] as const,
      },
    ]),
  );
}

function include({ least, most }: Growing, x: number, y: number, z: number): void {
  if (x < least[0]) least[0] = x;
  if (x > most[0]) most[0] = x;
  if (y < least[1]) least[1] = y;
  if (y > most[1]) most[1] = y;
  if (z < least[2]) least[2] = z;
  if (z > most[2]) most[2] = z;
}
