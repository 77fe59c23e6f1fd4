import { invariant, known } from "../../compiler/support/invariant.js";

type Matrix = readonly (readonly number[])[];

const codes = [
  ["L", "R"],
  ["P", "A"],
  ["I", "S"],
] as const;

/** Lengths of the first three columns of an affine: the distance of neighbouring voxels along each axis. */
export function columnLengths(affine: Matrix): [number, number, number] {
  const length = (axis: number) => Math.hypot(at(affine, 0, axis), at(affine, 1, axis), at(affine, 2, axis));
  return [length(0), length(1), length(2)];
}

/**
 * How independent the three axes of an affine are: the volume spanned by their unit vectors, 1 for perpendicular axes,
 * 0 where they lie in a plane or one has no length, NaN where a number is not finite.
 */
export function axisIndependence(affine: Matrix): number {
  const lengths = columnLengths(affine);
  if (lengths.some((length) => length === 0)) return 0;
  return Math.abs(determinant(directions(affine)));
}

/**
 * Where voxel axes 0, 1 and 2 point to, such as "RAS" or "LIA", as nibabel's `aff2axcodes`: by the rotation nearest to
 * the affine, the strongest axis choosing first. The affine must have independent axes.
 */
export function axisCodes(affine: Matrix): string {
  invariant(axisIndependence(affine) > 0, "an affine with independent axes");
  const rotation = nearestRotation(directions(affine));
  const strength = (axis: number) => Math.max(...rotation.map((row) => known(row[axis], "entry") ** 2));
  const order = [0, 1, 2].sort((a, b) => strength(b) - strength(a) || a - b);
  const letters = ["", "", ""];
  const free = new Set([0, 1, 2]);
  for (const axis of order) {
    let best = -1;
    for (const world of free) {
      if (best < 0 || Math.abs(at(rotation, world, axis)) > Math.abs(at(rotation, best, axis))) best = world;
    }
    free.delete(best);
    letters[axis] = known(codes[best], "code")[at(rotation, best, axis) < 0 ? 0 : 1];
  }
  return letters.join("");
}

function at(matrix: Matrix, row: number, column: number): number {
  return known(matrix[row]?.[column], "matrix entry");
}

/** The columns of an affine, each scaled to length 1, as a 3x3 matrix. */
function directions(affine: Matrix): number[][] {
  const lengths = columnLengths(affine);
  return [0, 1, 2].map((row) => lengths.map((length, axis) => at(affine, row, axis) / length));
}

/** The orthogonal factor of the polar decomposition of a 3x3 matrix, by Newton's iteration (Higham 1986). */
function nearestRotation(matrix: Matrix): Matrix {
  let current = matrix;
  for (let step = 0; step < 60; step++) {
    const inverse = inverseTransposed(current);
    const next = current.map((row, i) => row.map((value, j) => (value + at(inverse, i, j)) / 2));
    const change = Math.max(
      ...next.flatMap((row, i) => row.map((value, j) => Math.abs(value - at(current, i, j)))),
    );
    current = next;
    if (change < 1e-15) break;
  }
  return current;
}

function cofactor(matrix: Matrix, row: number, column: number): number {
  const [r1, r2, c1, c2] = [(row + 1) % 3, (row + 2) % 3, (column + 1) % 3, (column + 2) % 3];
  return at(matrix, r1, c1) * at(matrix, r2, c2) - at(matrix, r1, c2) * at(matrix, r2, c1);
}

function determinant(matrix: Matrix): number {
  return [0, 1, 2].reduce((sum, column) => sum + at(matrix, 0, column) * cofactor(matrix, 0, column), 0);
}

function inverseTransposed(matrix: Matrix): number[][] {
  const scale = determinant(matrix);
  return [0, 1, 2].map((row) => [0, 1, 2].map((column) => cofactor(matrix, row, column) / scale));
}
