import { known } from "../../compiler/support/invariant.js";
import type { Grid } from "../volume/volume.js";

/**
 * A volume's axes as a picture needs them: towards the patient's right, front and head (R, A, S). Nothing is copied; a
 * voxel is `offset + r * stride[0] + a * stride[1] + s * stride[2]` of the row-major data.
 */
export interface DisplayAxes {
  readonly size: readonly [number, number, number];
  /** Voxel lengths in mm. */
  readonly spacing: readonly [number, number, number];
  readonly stride: readonly [number, number, number];
  readonly offset: number;
  /** Which of the file's axes each is. */
  readonly axis: readonly [number, number, number];
  /** False where the file does not say how the patient lies: the axes are then as they come. */
  readonly oriented: boolean;
}

/** One of the three slices: which display axis runs from left to right and which from top to bottom, both reversed. */
export interface Panel {
  readonly normal: 0 | 1 | 2;
  readonly across: 0 | 1 | 2;
  readonly down: 0 | 1 | 2;
  /** The letters at the left, right, upper and lower edge. */
  readonly letters: readonly [string, string, string, string];
}

/**
 * Axial, coronal and sagittal slices in radiological display: heads and noses up, the patient's right at the left;
 * sagittal slices look to the left. Positions along both axes fall from left to right and from top to bottom.
 */
export const PANELS: readonly Panel[] = [
  { normal: 2, across: 0, down: 1, letters: ["R", "L", "A", "P"] },
  { normal: 1, across: 0, down: 2, letters: ["R", "L", "S", "I"] },
  { normal: 0, across: 1, down: 2, letters: ["A", "P", "S", "I"] },
];

const DIRECTIONS = ["RL", "AP", "SI"] as const;

/** The display axes of a grid, from its orientation codes. */
export function displayAxes(grid: Grid): DisplayAxes {
  const found = DIRECTIONS.map((pair) => [...grid.orientation].findIndex((code) => pair.includes(code)));
  const oriented = [...found].sort().join() === "0,1,2";
  const order = oriented ? found : [0, 1, 2];
  const strides = [grid.size[1] * grid.size[2], grid.size[2], 1];
  const size: number[] = [];
  const spacing: number[] = [];
  const stride: number[] = [];
  let offset = 0;
  for (const [display, axis] of order.entries()) {
    const length = known(grid.size[axis], "an axis");
    const step = known(strides[axis], "an axis");
    const backwards = oriented && grid.orientation[axis] !== DIRECTIONS[display]?.[0];
    size.push(length);
    spacing.push(known(grid.spacing[axis], "an axis"));
    stride.push(backwards ? -step : step);
    if (backwards) offset += (length - 1) * step;
  }
  return {
    size: size as [number, number, number],
    spacing: spacing as [number, number, number],
    stride: stride as [number, number, number],
    offset,
    axis: order as [number, number, number],
    oriented,
  };
}

/** The voxel, along each display axis, in the middle of all that is labelled; of the volume where nothing is. */
export function focus(axes: DisplayAxes, labels: ArrayLike<number>): [number, number, number] {
  const { size, stride, offset } = axes;
  const sums = [0, 0, 0];
  let count = 0;
  for (let r = 0; r < size[0]; r++) {
    for (let a = 0; a < size[1]; a++) {
      const row = offset + r * stride[0] + a * stride[1];
      for (let s = 0; s < size[2]; s++) {
        if (labels[row + s * stride[2]] === 0) continue;
        sums[0] = (sums[0] as number) + r;
        sums[1] = (sums[1] as number) + a;
        sums[2] = (sums[2] as number) + s;
        count++;
      }
    }
  }
  const at = (axis: 0 | 1 | 2) =>
    count === 0 ? Math.floor(size[axis] / 2) : Math.round((sums[axis] as number) / count);
  return [at(0), at(1), at(2)];
}

/** The first and last place along a display axis with a label; all of the axis where nothing is labelled. */
export function extentAlong(
  { size, stride, offset }: DisplayAxes,
  labels: ArrayLike<number>,
  normal: 0 | 1 | 2,
): readonly [number, number] {
  const [one, other] = [0, 1, 2].filter((axis) => axis !== normal) as [0 | 1 | 2, 0 | 1 | 2];
  const isLabelled = (at: number) => {
    for (let i = 0; i < size[one]; i++) {
      const row = offset + at * stride[normal] + i * stride[one];
      for (let j = 0; j < size[other]; j++) if (labels[row + j * stride[other]] !== 0) return true;
    }
    return false;
  };
  let [first, last] = [0, size[normal] - 1];
  while (first <= last && !isLabelled(first)) first++;
  if (first > last) return [0, last];
  while (!isLabelled(last)) last--;
  return [first, last];
}
