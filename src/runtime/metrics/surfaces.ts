import { neighbourBit } from "./element-areas.js";

type Triple = readonly [number, number, number];

/** The places of a mask's surface: row-major, 0 where there is none, else a number that tells how much it weighs. */
export interface Surface {
  readonly size: Triple;
  readonly elements: Uint8Array;
}

/**
 * The surface between voxels: at every corner of voxels the neighbour code (`neighbourBit`) of the eight around it, where
 * some are inside and some are not. What lies beyond the mask is outside. One longer than the mask along each axis.
 */
export function surfaceBetweenVoxels(mask: Uint8Array, [nx, ny, nz]: Triple): Surface {
  const size: Triple = [nx + 1, ny + 1, nz + 1];
  const elements = new Uint8Array(size[0] * size[1] * size[2]);
  // Seen from the corner behind it (1), a voxel is the one before (0).
  const corners = [0, 1].flatMap((i) =>
    [0, 1].flatMap((j) =>
      [0, 1].map((k) => ({
        step: (i * size[1] + j) * size[2] + k,
        bit: neighbourBit(1 - i, 1 - j, 1 - k),
      })),
    ),
  );
  for (let x = 0, voxel = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      const row = (x * size[1] + y) * size[2];
      for (let z = 0; z < nz; z++, voxel++) {
        if (mask[voxel] === 0) continue;
        for (const { step, bit } of corners) {
          const corner = row + z + step;
          elements[corner] = (elements[corner] as number) | bit;
        }
      }
    }
  }
  for (let corner = 0; corner < elements.length; corner++) if (elements[corner] === 255) elements[corner] = 0;
  return { size, elements };
}

/** The voxels of a mask that have one of their six neighbours outside; what lies beyond the mask is outside. */
export function surfaceVoxels(mask: Uint8Array, size: Triple): Surface {
  const [nx, ny, nz] = size;
  const elements = new Uint8Array(mask.length);
  const plane = ny * nz;
  for (let x = 0, voxel = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      for (let z = 0; z < nz; z++, voxel++) {
        if (mask[voxel] === 0) continue;
        const within =
          x > 0 &&
          x < nx - 1 &&
          y > 0 &&
          y < ny - 1 &&
          z > 0 &&
          z < nz - 1 &&
          mask[voxel - plane] !== 0 &&
          mask[voxel + plane] !== 0 &&
          mask[voxel - nz] !== 0 &&
          mask[voxel + nz] !== 0 &&
          mask[voxel - 1] !== 0 &&
          mask[voxel + 1] !== 0;
        if (!within) elements[voxel] = 1;
      }
    }
  }
  return { size, elements };
}
