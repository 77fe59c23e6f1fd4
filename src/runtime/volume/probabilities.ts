import { createLabels } from "../tiling/labels.js";
import type { Collector, FinishedPlanes } from "../tiling/window.js";
import type { SpatialMap } from "./spatial.js";
import { type Taps, tapsOf } from "./taps.js";
import type { Grid } from "./volume.js";

/**
 * Labels on the scan's grid from scores on the network's: the probabilities (softmax over the classes, or the sigmoid of
 * a single one, unless the scores are probabilities already) are interpolated linearly, then the highest is taken. It
 * holds the probabilities of two planes.
 */
export function probabilitiesToScan(
  scan: Grid,
  { grid, turn, steps }: SpatialMap,
  classes: number,
  areProbabilities: boolean,
): Collector {
  const labels = createLabels(scan.size[0] * scan.size[1] * scan.size[2], Math.max(2, classes));
  const [first, second, third] = turn.map(({ axis }, index) =>
    tapsOf(grid.size[index] as number, scan.size[axis], 1 / (steps[index] as number), "linear"),
  ) as [Taps, Taps, Taps];
  const strides = [scan.size[1] * scan.size[2], scan.size[2], 1];
  const lines = turn.map(({ axis, flipped }) => {
    const stride = strides[axis] as number;
    return flipped ? { origin: (scan.size[axis] - 1) * stride, stride: -stride } : { origin: 0, stride };
  });
  const area = grid.size[1] * grid.size[2];
  let [previous, current] = [planesOf(classes, area), planesOf(classes, area)];
  const between = planesOf(classes, area);
  let written = 0;
  let notNumbers = 0;

  /** Writes one plane of the turned scan from what is between two planes of the network's. */
  const write = (place: number): void => {
    const [a, b, c] = lines as [Line, Line, Line];
    const base = a.origin + b.origin + c.origin + place * a.stride;
    const best = new Float32Array(third.length);
    const row = new Float64Array(grid.size[2]);
    for (let y = 0; y < second.length; y++) {
      const [y0, y1, v0, v1] = pair(second, y);
      best.fill(classes === 1 ? 0.5 : Number.NEGATIVE_INFINITY);
      for (let label = 0; label < classes; label++) {
        const plane = between[label] as Float32Array;
        for (let z = 0; z < row.length; z++) {
          row[z] = v0 * (plane[y0 * row.length + z] as number) + v1 * (plane[y1 * row.length + z] as number);
        }
        for (let z = 0; z < third.length; z++) {
          const [z0, z1, w0, w1] = [
            third.positions[2 * z],
            third.positions[2 * z + 1],
            third.weights[2 * z],
            third.weights[2 * z + 1],
          ] as [number, number, number, number];
          const value = Math.fround(w0 * (row[z0] as number) + w1 * (row[z1] as number));
          if (value > (best[z] as number)) {
            best[z] = value;
            labels[base + y * b.stride + z * c.stride] = classes === 1 ? 1 : label;
          }
        }
      }
    }
  };

  /** Takes the plane `index` of the network's grid, and writes all of the scan's planes up to it. */
  const take = (planes: FinishedPlanes, index: number): void => {
    [previous, current] = [current, previous];
    notNumbers += probabilities(planes, (index - planes.first) * area, area, current, areProbabilities);
    while (written < first.length) {
      const [p0, p1, w0, w1] = pair(first, written);
      const last = w1 === 0 ? p0 : p1;
      if (last > index) return;
      for (let label = 0; label < classes; label++) {
        const target = between[label] as Float32Array;
        const low = (p0 === index ? current : previous)[label] as Float32Array;
        const high = (last === index ? current : previous)[label] as Float32Array;
        for (let at = 0; at < area; at++) target[at] = w0 * (low[at] as number) + w1 * (high[at] as number);
      }
      write(written);
      written += 1;
    }
  };

  return {
    add: (planes) => {
      for (let offset = 0; offset < planes.count; offset++) take(planes, planes.first + offset);
    },
    finish: () => ({ labels, notNumbers }),
  };
}

interface Line {
  readonly origin: number;
  readonly stride: number;
}

function planesOf(classes: number, area: number): Float32Array[] {
  return Array.from({ length: classes }, () => new Float32Array(area));
}

function pair({ positions, weights }: Taps, index: number): [number, number, number, number] {
  return [positions[2 * index], positions[2 * index + 1], weights[2 * index], weights[2 * index + 1]] as [
    number,
    number,
    number,
    number,
  ];
}

/** The probabilities of one plane of scores. Gives the number of voxels with a score that is NaN. */
function probabilities(
  { scores, weights }: FinishedPlanes,
  offset: number,
  area: number,
  target: readonly Float32Array[],
  areProbabilities: boolean,
): number {
  let notNumbers = 0;
  const values = new Float64Array(scores.length);
  for (let at = 0; at < area; at++) {
    const weight = weights === undefined ? 1 : (weights[offset + at] as number);
    let greatest = Number.NEGATIVE_INFINITY;
    for (let label = 0; label < values.length; label++) {
      const score = ((scores[label] as Float32Array)[offset + at] as number) / weight;
      values[label] = score;
      if (!(score <= greatest)) greatest = score;
    }
    if (Number.isNaN(greatest)) notNumbers += 1;
    let sum = 0;
    for (let label = 0; label < values.length; label++) {
      const score = values[label] as number;
      const value = areProbabilities
        ? score
        : values.length === 1
          ? 1 / (1 + Math.exp(-score))
          : Math.exp(score - greatest);
      values[label] = value;
      sum += value;
    }
    const scale = areProbabilities || values.length === 1 ? 1 : 1 / sum;
    for (let label = 0; label < values.length; label++) {
      (target[label] as Float32Array)[at] = (values[label] as number) * scale;
    }
  }
  return notNumbers;
}
