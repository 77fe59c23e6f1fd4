import { gridTooLarge } from "../../compiler/diagnostics/catalogue/preparation.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import type { Interpolation } from "../../compiler/support/pipeline.js";
import type { Labels } from "../tiling/labels.js";
import { greatestVoxelCount } from "./read-nifti.js";
import { type Turn, turnBetween, turnedGrid } from "./reorient.js";
import { resample } from "./resample.js";
import { splineCoefficients } from "./spline.js";
import { identityTaps, resampledLength, sameSpacing, type Taps, tapsOf } from "./taps.js";
import type { Grid } from "./volume.js";

type Triple = readonly [number, number, number];

/** On which grid a network sees scans; without one of them, as the scan has it. */
export interface NetworkGrid {
  readonly orientation?: string | undefined;
  readonly spacing?: Triple | undefined;
  readonly interpolation: Interpolation;
}

/** From a scan's grid to the network's, and back. */
export interface SpatialMap {
  /** The network's grid. Its first voxel is the scan's that lies where the network's axes begin. */
  readonly grid: Grid;
  readonly turn: Turn;
  /** For each axis of the network's grid: source voxels (of the turned scan) for each of its own. */
  readonly steps: Triple;
  /** Whether nothing changes. */
  readonly identity: boolean;
}

/** Plans the way. An oblique scan is turned to the orientation nearest to its axes. Fails with SLAB5043 for a huge grid. */
export function spatialMap(scan: Grid, network: NetworkGrid, path?: string): SpatialMap {
  const orientation = network.orientation ?? scan.orientation;
  const turn = turnBetween(scan.orientation, orientation);
  const own = turn.map(({ axis }) => scan.spacing[axis]) as unknown as Triple;
  const lengths = turn.map(({ axis }) => scan.size[axis]) as unknown as Triple;
  const wanted = network.spacing ?? own;
  const each = [0, 1, 2].map((index) => {
    const [from, to, length] = [own[index], wanted[index], lengths[index]] as [number, number, number];
    if (sameSpacing(from, to)) return { step: 1, length, spacing: from };
    return { step: to / from, length: resampledLength(length, from, to), spacing: to };
  });
  const size = each.map(({ length }) => length) as unknown as Triple;
  const voxels = size[0] * size[1] * size[2];
  if (voxels > greatestVoxelCount) {
    const args = { found: size.join("x"), scan: scan.size.join("x"), spacing: wanted.join("x") };
    fail(
      gridTooLarge,
      { ...args, own: own.map((mm) => Number(mm.toPrecision(4))).join("x") },
      path === undefined ? undefined : { path },
    );
  }
  const steps = each.map(({ step }) => step) as unknown as Triple;
  const spacing = each.map((axis) => axis.spacing) as unknown as Triple;
  const stays = turn.every(({ axis, flipped }, index) => axis === index && !flipped);
  return {
    grid: turnedGrid(scan, turn, orientation, size, spacing),
    turn,
    steps,
    identity: stays && steps.every((step) => step === 1),
  };
}

/** The voxels of a scan on the network's grid; the same array where nothing changes. */
export function toNetwork(data: Float32Array, scan: Grid, map: SpatialMap, how: Interpolation): Float32Array {
  if (map.identity) return data;
  let source = { data, size: scan.size };
  const taps = map.turn.map(({ axis }, index): Taps => {
    const [step, length, own] = [map.steps[index], map.grid.size[index], scan.size[axis]] as Triple;
    if (step === 1) return identityTaps(length);
    if (how !== "cubic") return tapsOf(own, length, step, how);
    const beyond = Math.max(0, (length - 1) * step - (own - 1));
    const margin = Math.min(10, Math.ceil(beyond) + 2);
    source = splineCoefficients(source.data, source.size, axis, margin);
    return tapsOf(own, length, step, how, margin);
  });
  return resample(source.data, source.size, map.turn, taps as unknown as readonly [Taps, Taps, Taps]);
}

/** Labels of the network's grid on the scan's: each voxel has the label of the network's nearest, halves the next one's. */
export function labelsToScan(labels: Labels, scan: Grid, map: SpatialMap): Labels {
  if (map.identity) return labels;
  const tables = nearestTables(scan, map);
  const [nx, ny, nz] = scan.size;
  const result = labels instanceof Uint8Array ? new Uint8Array(nx * ny * nz) : new Uint16Array(nx * ny * nz);
  let at = 0;
  for (let x = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      const base = (tables[0][x] as number) + (tables[1][y] as number);
      for (let z = 0; z < nz; z++) result[at++] = labels[base + (tables[2][z] as number)] as number;
    }
  }
  return result;
}

/** For each axis of the scan and each position along it: how far into the network's volume its nearest voxel lies. */
function nearestTables(scan: Grid, { grid, turn, steps }: SpatialMap): [Int32Array, Int32Array, Int32Array] {
  const strides = [grid.size[1] * grid.size[2], grid.size[2], 1];
  const tables: [Int32Array, Int32Array, Int32Array] = [new Int32Array(), new Int32Array(), new Int32Array()];
  turn.forEach(({ axis, flipped }, index) => {
    const length = scan.size[axis];
    const taps = tapsOf(grid.size[index] as number, length, 1 / (steps[index] as number), "nearest");
    tables[axis] = Int32Array.from({ length }, (_, place) => {
      const turned = flipped ? length - 1 - place : place;
      return (taps.positions[turned] as number) * (strides[index] as number);
    });
  });
  return tables;
}
