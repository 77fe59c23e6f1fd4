import { invariant, known } from "../../compiler/support/invariant.js";
import { axisOfLetter, isOrientation } from "../../compiler/support/orientation.js";
import { columnLengths } from "./orientation.js";
import type { Grid } from "./volume.js";

/** One axis of a volume that is turned: which axis of the other it is, and whether it runs the other way. */
export interface TurnedAxis {
  readonly axis: 0 | 1 | 2;
  readonly flipped: boolean;
}

export type Turn = readonly [TurnedAxis, TurnedAxis, TurnedAxis];

/** How a volume whose axes point to `from` is read so that they point to `to`: for each axis of the result, its source. */
export function turnBetween(from: string, to: string): Turn {
  invariant(isOrientation(from) && isOrientation(to), "two orientations");
  const turned = [...to].map((letter): TurnedAxis => {
    const axis = [...from].findIndex((other) => axisOfLetter(other) === axisOfLetter(letter)) as 0 | 1 | 2;
    return { axis, flipped: from[axis] !== letter };
  });
  return turned as unknown as Turn;
}

/** The grid of a volume after it was turned and resampled to `size` voxels of `spacing`; the first voxel stays. */
export function turnedGrid(
  grid: Grid,
  turn: Turn,
  orientation: string,
  size: readonly [number, number, number],
  spacing: readonly [number, number, number],
): Grid {
  const at = (row: number, column: number) => known(grid.affine[row]?.[column], "matrix entry");
  const rows = [0, 1, 2].map((row) => {
    const columns = turn.map(({ axis, flipped }, index) => {
      const factor = known(spacing[index], "spacing") / known(grid.spacing[axis], "spacing");
      return (flipped ? -1 : 1) * at(row, axis) * factor;
    });
    const first = turn.reduce(
      (sum, { axis, flipped }) =>
        flipped ? sum + (known(grid.size[axis], "size") - 1) * at(row, axis) : sum,
      at(row, 3),
    );
    return [...columns, first];
  });
  const affine = [...rows, [0, 0, 0, 1]];
  return { size, spacing: columnLengths(affine), affine, orientation };
}
