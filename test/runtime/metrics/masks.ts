import { type LabelMap, labelMapOf } from "../../../src/runtime/labels/label-map.js";

type Triple = readonly [number, number, number];

/** A mask on a grid of its own, with label 1 inside. */
export function maskMap(
  mask: ArrayLike<number>,
  size: Triple,
  spacing: Triple,
  path = "mask.nii.gz",
): LabelMap {
  const affine = [0, 1, 2].map((row) =>
    [0, 1, 2, 3].map((column) => (row === column ? (spacing[row] ?? 0) : 0)),
  );
  return labelMapOf(
    {
      grid: { size, spacing, affine: [...affine, [0, 0, 0, 1]], orientation: "RAS" },
      header: {
        version: 1,
        dims: [3, ...size, 1, 1, 1, 1],
        pixdim: [1, ...spacing, 0, 0, 0, 0],
        qformCode: 0,
        sformCode: 1,
        quaternion: [0, 0, 0],
        quaternionOffset: [0, 0, 0],
        sformRows: affine,
        xyztUnits: 2,
      },
      data: Float32Array.from(mask),
    },
    path,
  );
}

/** The masks of `references/make_metrics.py`: 0 is empty, a negative seed a single voxel, others are random blocks. */
export function seededMask(seed: number, size: Triple, part: number): Uint8Array {
  const [nx, ny, nz] = size;
  const mask = new Uint8Array(nx * ny * nz);
  if (seed < 0) mask[-seed - 1] = 1;
  if (seed <= 0) return mask;
  let state = seed;
  for (let x = 0; x < nx; x += 2) {
    for (let y = 0; y < ny; y += 2) {
      for (let z = 0; z < nz; z += 2) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        if (state / 2 ** 32 >= part) continue;
        for (let voxel = 0; voxel < 8; voxel++) {
          const [i, j, k] = [x + (voxel >> 2), y + ((voxel >> 1) & 1), z + (voxel & 1)];
          if (i < nx && j < ny && k < nz) mask[(i * ny + j) * nz + k] = 1;
        }
      }
    }
  }
  return mask;
}
