import { columnLengths } from "./orientation.js";
import type { Grid } from "./volume.js";

/** An ellipsoid in coordinates where the field of view is -1..1: x to the right, y to the front, z to the head. */
interface Organ {
  readonly centre: readonly [number, number, number];
  readonly radii: readonly [number, number, number];
  /** In HU. */
  readonly intensity: number;
}

const air = -1000;

/** Later organs lie over earlier ones. A radius of 10 along z makes a cylinder through the whole field of view. */
const organs: readonly Organ[] = [
  { centre: [0, 0, 0], radii: [0.86, 0.66, 10], intensity: -95 },
  { centre: [0, 0, 0], radii: [0.8, 0.6, 10], intensity: 45 },
  { centre: [0.38, 0.02, 0.85], radii: [0.3, 0.42, 0.6], intensity: -830 },
  { centre: [-0.38, 0.02, 0.85], radii: [0.3, 0.42, 0.6], intensity: -830 },
  { centre: [0.34, 0.08, 0.05], radii: [0.38, 0.4, 0.36], intensity: 105 },
  { centre: [-0.52, -0.15, 0.05], radii: [0.16, 0.2, 0.22], intensity: 125 },
  { centre: [0.34, -0.28, -0.42], radii: [0.13, 0.14, 0.24], intensity: 185 },
  { centre: [-0.34, -0.28, -0.36], radii: [0.13, 0.14, 0.24], intensity: 185 },
  { centre: [-0.06, -0.2, 0], radii: [0.07, 0.07, 10], intensity: 165 },
  { centre: [0, -0.42, 0], radii: [0.15, 0.14, 10], intensity: 420 },
  { centre: [0, -0.42, 0], radii: [0.1, 0.09, 10], intensity: 210 },
];

/** Standard deviation of the noise, in HU. */
const noise = 12;

const spacing = 3;

/**
 * A CT-like abdomen in HU: body with fat, two lungs, liver on the right, spleen, kidneys, aorta, spine, with noise. The
 * same numbers on every run and every machine. `size` is along x, y and z (right, front, head), 3 mm apart, with the
 * organs stretched to fill it; the data are row-major and the volume's centre is at 0.
 */
export function makePhantom(size: readonly [number, number, number] = [96, 96, 96]): {
  readonly data: Int16Array;
  readonly grid: Grid;
} {
  const [nx, ny, nz] = size;
  const data = new Int16Array(nx * ny * nz);
  const random = randomNumbers(20240501);
  let index = 0;
  for (let i = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      for (let k = 0; k < nz; k++) {
        const intensity = intensityAt(relative(i, nx), relative(j, ny), relative(k, nz));
        // The sum of twelve uniform numbers, less 6, is nearly normal with standard deviation 1.
        let sum = -6;
        for (let draw = 0; draw < 12; draw++) sum += random();
        data[index++] = Math.max(-1024, Math.round(intensity + noise * sum));
      }
    }
  }
  const affine = [
    [spacing, 0, 0, (-spacing * (nx - 1)) / 2],
    [0, spacing, 0, (-spacing * (ny - 1)) / 2],
    [0, 0, spacing, (-spacing * (nz - 1)) / 2],
    [0, 0, 0, 1],
  ];
  return { data, grid: { size, spacing: columnLengths(affine), affine, orientation: "RAS" } };
}

function relative(index: number, size: number): number {
  return (2 * index + 1) / size - 1;
}

function intensityAt(x: number, y: number, z: number): number {
  let intensity = air;
  for (const { centre, radii, intensity: inside } of organs) {
    const [u, v, w] = [(x - centre[0]) / radii[0], (y - centre[1]) / radii[1], (z - centre[2]) / radii[2]];
    if (u * u + v * v + w * w <= 1) intensity = inside;
  }
  return intensity;
}

/** Uniform numbers in 0..1 from a seed (Mulberry32): integer arithmetic only, so the same everywhere. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
