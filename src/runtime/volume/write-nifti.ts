import { extname } from "node:path";
import { gzipSync } from "node:zlib";
import { labelMapEnding } from "../../compiler/diagnostics/catalogue/volumes.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { invariant } from "../../compiler/support/invariant.js";
import { type NumberArray, turnOrder } from "./datatypes.js";
import { writeFileAtomically } from "./files.js";
import { encodeHeader, type NiftiHeader } from "./nifti-header.js";
import type { Grid, Volume } from "./volume.js";

/** One label per voxel, row-major like `Volume.data`. */
export type Labels = Uint8Array | Uint16Array | Int32Array;

/** Where a scan lies; its voxels are not needed. */
type Place = Pick<Volume, "grid" | "header">;

/**
 * A label map on the grid of `reference` as a NIfTI file: the source's axes, sform, qform, pixdim and units, number for
 * number, in little endian and in the source's version of NIfTI (a NIfTI-2 affine would lose digits in NIfTI-1). The
 * voxels have the smallest type that holds all labels: uint8, uint16 or int32.
 */
export function encodeLabelMap(
  labels: Labels,
  reference: Place,
  gzip: boolean,
  description = labelMapDescription,
): Uint8Array {
  return encode(labels, storageOf(labels), reference.header, reference.grid.size, description, gzip);
}

/** What label maps of Slab's say about themselves, at least; the header has room for 79 bytes. */
export const labelMapDescription = "Slab label map";

/**
 * Writes a label map, in gzip where the name ends in .gz. Fails with SLAB5020 to SLAB5023.
 *
 * @param description goes into the header's `descrip`
 */
export function writeLabelMapFile(
  path: string,
  labels: Labels,
  reference: Place,
  description?: string,
): void {
  const name = path.toLowerCase();
  const gzip = name.endsWith(".nii.gz");
  if (!gzip && !name.endsWith(".nii")) fail(labelMapEnding, { ending: extname(path) }, { path });
  writeFileAtomically(path, encodeLabelMap(labels, reference, gzip, description));
}

/** A volume as a NIfTI-1 file with an sform in mm, for phantoms and tests. `data` is row-major, as `Volume.data`. */
export function encodeVolume(data: Float32Array | Int16Array, grid: Grid, gzip: boolean): Uint8Array {
  const header: NiftiHeader = {
    version: 1,
    dims: [3, ...grid.size, 1, 1, 1, 1],
    pixdim: [1, ...grid.spacing, 0, 0, 0, 0],
    qformCode: 0,
    sformCode: 1,
    quaternion: [0, 0, 0],
    quaternionOffset: [0, 0, 0],
    sformRows: grid.affine.slice(0, 3),
    xyztUnits: 2,
  };
  return encode(data, data instanceof Int16Array ? int16 : float32, header, grid.size, "Slab volume", gzip);
}

/** A data type to write, by its NIfTI code. */
interface Storage {
  readonly code: number;
  readonly make: (buffer: ArrayBuffer, offset: number, length: number) => NumberArray;
  readonly bytes: number;
}

const uint8: Storage = {
  code: 2,
  bytes: 1,
  make: (buffer, at, length) => new Uint8Array(buffer, at, length),
};
const uint16: Storage = {
  code: 512,
  bytes: 2,
  make: (buffer, at, length) => new Uint16Array(buffer, at, length),
};
const int16: Storage = {
  code: 4,
  bytes: 2,
  make: (buffer, at, length) => new Int16Array(buffer, at, length),
};
const int32: Storage = {
  code: 8,
  bytes: 4,
  make: (buffer, at, length) => new Int32Array(buffer, at, length),
};
const float32: Storage = {
  code: 16,
  bytes: 4,
  make: (buffer, at, length) => new Float32Array(buffer, at, length),
};

function storageOf(labels: Labels): Storage {
  let least = 0;
  let largest = 0;
  for (const label of labels) {
    if (label > largest) largest = label;
    else if (label < least) least = label;
  }
  if (least < 0) return int32;
  return largest <= 255 ? uint8 : largest <= 65535 ? uint16 : int32;
}

function encode(
  data: NumberArray,
  storage: Storage,
  header: NiftiHeader,
  [x, y, z]: readonly [number, number, number],
  description: string,
  gzip: boolean,
): Uint8Array {
  invariant(data.length === x * y * z, `${data.length} voxels for a grid of ${x}x${y}x${z}`);
  const head = encodeHeader(header, storage.code, storage.bytes, description);
  const bytes = new Uint8Array(head.length + data.length * storage.bytes);
  bytes.set(head);
  // Header lengths are multiples of 8, so the voxels are aligned; machines that Slab runs on are little endian.
  turnOrder(data, storage.make(bytes.buffer, head.length, data.length), [z, y, x]);
  return gzip ? gzipSync(bytes) : bytes;
}
