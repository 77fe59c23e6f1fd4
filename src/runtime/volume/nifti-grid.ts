import { badGeometry } from "../../compiler/diagnostics/catalogue/volumes.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { known } from "../../compiler/support/invariant.js";
import type { NiftiHeader } from "./nifti-header.js";
import { axisCodes, axisIndependence, columnLengths } from "./orientation.js";
import type { Grid } from "./volume.js";

/** How far below 1 the sum of a stored quaternion's squares may go wrong, as in nibabel: three float32 steps. */
const quaternionTolerance = 3 * 2 ** -23;

/** Axes nearer to a plane than this are taken for a damaged header. */
const leastIndependence = 1e-6;

/**
 * The grid that a header describes. The affine is chosen as nibabel does: sform where its code is above 0, else qform
 * where its code is above 0, else spacing alone with the volume's centre at 0 and axis 0 pointing left. Units of metres
 * or micrometres are turned into mm. Fails with SLAB5015 where the affine is unusable.
 */
export function gridOf(header: NiftiHeader, size: readonly [number, number, number], path: string): Grid {
  const [source, stored] = storedAffine(header, size, path);
  const scale = millimetresPerUnit(header.xyztUnits);
  const affine = [...stored.map((row) => row.map((value) => value * scale)), [0, 0, 0, 1]];
  if (!affine.flat().every(Number.isFinite)) {
    fail(badGeometry, { source, found: `not all numbers are finite: ${shown(stored)}` }, { path });
  }
  if (!(axisIndependence(affine) > leastIndependence)) {
    fail(badGeometry, { source, found: `axes without length or in one plane: ${shown(stored)}` }, { path });
  }
  return { size, spacing: columnLengths(affine), affine, orientation: axisCodes(affine) };
}

function storedAffine(
  header: NiftiHeader,
  size: readonly [number, number, number],
  path: string,
): [source: string, rows: readonly (readonly number[])[]] {
  if (header.sformCode > 0) return ["sform", header.sformRows];
  if (header.qformCode > 0) return ["qform", qformRows(header, path)];
  const [x, y, z] = spacingOf(header);
  const centre = [x, y, z].map((spacing, axis) => -((known(size[axis], "size") - 1) / 2) * spacing) as [
    number,
    number,
    number,
  ];
  return [
    "pixdim",
    [
      [-x, 0, 0, -centre[0]],
      [0, y, 0, centre[1]],
      [0, 0, z, centre[2]],
    ],
  ];
}

/** pixdim[1..3], with nibabel's repairs: no sign, and 1 for 0. */
function spacingOf(header: NiftiHeader): [number, number, number] {
  const spacing = (axis: number) => Math.abs(known(header.pixdim[axis + 1], "pixdim")) || 1;
  const [x, y, z] = [0, 1, 2].map((axis) =>
    Number.isNaN(known(header.pixdim[axis + 1], "pixdim")) ? Number.NaN : spacing(axis),
  ) as [number, number, number];
  return [x, y, z];
}

/** Rotation by the quaternion, times the spacing, the third axis turned round where qfac is -1. */
function qformRows(header: NiftiHeader, path: string): number[][] {
  const [b, c, d] = header.quaternion;
  const rest = 1 - (b * b + c * c + d * d);
  if (!(rest > -quaternionTolerance)) {
    fail(badGeometry, { source: "qform", found: `quaternion (${b}, ${c}, ${d}) is longer than 1` }, { path });
  }
  const a = rest < quaternionTolerance ? 0 : Math.sqrt(rest);
  const s = 2 / (a * a + b * b + c * c + d * d);
  const rotation = [
    [1 - s * (c * c + d * d), s * (b * c - a * d), s * (b * d + a * c)],
    [s * (b * c + a * d), 1 - s * (b * b + d * d), s * (c * d - a * b)],
    [s * (b * d - a * c), s * (c * d + a * b), 1 - s * (b * b + c * c)],
  ];
  const [x, y, z] = spacingOf(header);
  const scale = [x, y, header.pixdim[0] === -1 ? -z : z];
  return rotation.map((row, index) => [
    ...row.map((value, axis) => value * known(scale[axis], "spacing")),
    known(header.quaternionOffset[index], "offset"),
  ]);
}

/** Spatial units are the low three bits: 1 metre, 2 mm, 3 micrometre; anything else is taken for mm. */
export function millimetresPerUnit(xyztUnits: number): number {
  const unit = xyztUnits & 7;
  return unit === 1 ? 1000 : unit === 3 ? 0.001 : 1;
}

function shown(rows: readonly (readonly number[])[]): string {
  return rows.map((row) => `[${row.join(", ")}]`).join(" ");
}
