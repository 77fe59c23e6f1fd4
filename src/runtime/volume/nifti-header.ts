import { NIFTI1, NIFTI2 } from "nifti-reader-js";
import { invariant, known } from "../../compiler/support/invariant.js";

/** What a NIfTI header says about the grid, with the numbers as they are stored. */
export interface NiftiHeader {
  /** NIfTI-1 or NIfTI-2. */
  readonly version: 1 | 2;
  /** dim[0..7]: the number of axes, then their sizes. */
  readonly dims: readonly number[];
  /** pixdim[0..7]: qfac, then the spacing along each axis. */
  readonly pixdim: readonly number[];
  readonly qformCode: number;
  readonly sformCode: number;
  /** b, c and d of the unit quaternion. */
  readonly quaternion: readonly [number, number, number];
  readonly quaternionOffset: readonly [number, number, number];
  /** 3x4. */
  readonly sformRows: readonly (readonly number[])[];
  readonly xyztUnits: number;
}

/** How the voxels are stored. */
export interface NiftiStorage {
  readonly littleEndian: boolean;
  readonly datatype: number;
  /** First byte of the voxels in the (decompressed) file. */
  readonly voxelOffset: number;
  readonly slope: number;
  readonly intercept: number;
}

/** Bytes of a header without the four that announce extensions. */
export const headerBytes = { 1: 348, 2: 540 } as const;

/** First byte that voxels may be at. */
export const leastVoxelOffset = { 1: 352, 2: 544 } as const;

/**
 * Offsets of the fields that are written, and of those few that are read here because nifti-reader-js does it wrongly:
 * 64-bit sizes below zero or in big endian, sform rows (overwritten where it prefers the qform).
 */
const layout = {
  1: {
    magic: 344,
    dims: 40,
    datatype: 70,
    bits: 72,
    pixdim: 76,
    voxelOffset: 108,
    slope: 112,
    units: 123,
    description: 148,
    qformCode: 252,
    sformCode: 254,
    quaternion: 256,
    sformRows: 280,
  },
  2: {
    magic: 4,
    dims: 16,
    datatype: 12,
    bits: 14,
    pixdim: 104,
    voxelOffset: 168,
    slope: 176,
    units: 500,
    description: 240,
    qformCode: 344,
    sformCode: 348,
    quaternion: 352,
    sformRows: 400,
  },
} as const;

/** The version whose header length the first four bytes say, in either byte order; the magic may yet be another. */
export function announcedVersion(bytes: Uint8Array): 1 | 2 | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const announces = (length: number) =>
    view.getInt32(0, true) === length || view.getInt32(0, false) === length;
  return announces(headerBytes[1]) ? 1 : announces(headerBytes[2]) ? 2 : undefined;
}

/** The kind of NIfTI that the first bytes announce, or undefined where it is none; `pair` for a .hdr/.img pair. */
export function niftiKind(
  bytes: Uint8Array,
): { readonly version: 1 | 2; readonly pair: boolean } | undefined {
  const version = announcedVersion(bytes);
  if (version === undefined) return undefined;
  const at = layout[version].magic;
  const magic = String.fromCharCode(...bytes.subarray(at, at + 4));
  if (magic === `n+${version}\0`) return { version, pair: false };
  if (magic === `ni${version}\0`) return { version, pair: true };
  return undefined;
}

/** Reads a header whose kind is known. `bytes` holds at least the whole header. No value is checked. */
export function decodeHeader(
  bytes: Uint8Array,
  version: 1 | 2,
): { readonly header: NiftiHeader; readonly storage: NiftiStorage } {
  invariant(bytes.length >= headerBytes[version], "a whole header");
  // Exactly the header, so that the library does not walk through extensions, which nothing here needs. Not by slice():
  // that of a Buffer copies nothing.
  const alone = Uint8Array.from(bytes.subarray(0, headerBytes[version])).buffer;
  const parsed = version === 1 ? new NIFTI1() : new NIFTI2();
  parsed.readHeader(alone);
  const view = new DataView(alone);
  const little = parsed.littleEndian;
  const fields = layout[version];
  const size64 = (at: number) => Number(view.getBigInt64(at, little));
  const real = (at: number) => (version === 1 ? view.getFloat32(at, little) : view.getFloat64(at, little));
  const realBytes = version === 1 ? 4 : 8;
  return {
    header: {
      version,
      dims: version === 1 ? parsed.dims : parsed.dims.map((_, index) => size64(fields.dims + 8 * index)),
      pixdim: parsed.pixDims,
      qformCode: parsed.qform_code,
      sformCode: parsed.sform_code,
      quaternion: [parsed.quatern_b, parsed.quatern_c, parsed.quatern_d],
      quaternionOffset: [parsed.qoffset_x, parsed.qoffset_y, parsed.qoffset_z],
      sformRows: [0, 1, 2].map((row) =>
        [0, 1, 2, 3].map((column) => real(fields.sformRows + (row * 4 + column) * realBytes)),
      ),
      xyztUnits: parsed.xyzt_units,
    },
    storage: {
      littleEndian: little,
      datatype: parsed.datatypeCode,
      voxelOffset: version === 1 ? parsed.vox_offset : size64(fields.voxelOffset),
      slope: parsed.scl_slope,
      intercept: parsed.scl_inter,
    },
  };
}

/** What the header of a NIfTI file says in `descrip`, by the file's first bytes; undefined where they are none. */
export function descriptionOf(bytes: Uint8Array): string | undefined {
  const version = niftiKind(bytes)?.version;
  if (version === undefined || bytes.length < headerBytes[version]) return undefined;
  const at = layout[version].description;
  return Buffer.from(bytes.subarray(at, at + 80))
    .toString("latin1")
    .replace(/\0.*$/s, "");
}

/**
 * A header in little endian, padded to the first byte of the voxels: slope 1, intercept 0, no intent, no extension.
 * The grid's numbers are written as they are in `header`.
 */
export function encodeHeader(
  header: NiftiHeader,
  datatype: number,
  bytesPerVoxel: number,
  description: string,
): Uint8Array {
  const { version } = header;
  const fields = layout[version];
  const bytes = new Uint8Array(leastVoxelOffset[version]);
  const view = new DataView(bytes.buffer);
  const realBytes = version === 1 ? 4 : 8;
  const reals = (at: number, values: readonly number[]) =>
    values.forEach((value, index) => {
      if (version === 1) view.setFloat32(at + 4 * index, value, true);
      else view.setFloat64(at + 8 * index, value, true);
    });
  const code = (at: number, value: number) =>
    version === 1 ? view.setInt16(at, value, true) : view.setInt32(at, value, true);
  view.setInt32(0, headerBytes[version], true);
  bytes.set(magicBytes(version), fields.magic);
  const axes = known(header.dims[0], "number of axes");
  for (let index = 0; index < 8; index++) {
    const size = index <= axes ? known(header.dims[index], "axis size") : 1;
    invariant(version === 2 || size <= 32767, "sizes that NIfTI-1 can hold");
    if (version === 1) view.setInt16(fields.dims + 2 * index, size, true);
    else view.setBigInt64(fields.dims + 8 * index, BigInt(size), true);
  }
  view.setInt16(fields.datatype, datatype, true);
  view.setInt16(fields.bits, 8 * bytesPerVoxel, true);
  reals(fields.pixdim, header.pixdim);
  if (version === 1) view.setFloat32(fields.voxelOffset, bytes.length, true);
  else view.setBigInt64(fields.voxelOffset, BigInt(bytes.length), true);
  reals(fields.slope, [1, 0]);
  if (version === 1) view.setUint8(fields.units, header.xyztUnits);
  else view.setInt32(fields.units, header.xyztUnits, true);
  bytes.set(Buffer.from(description, "latin1").subarray(0, 79), fields.description);
  code(fields.qformCode, header.qformCode);
  code(fields.sformCode, header.sformCode);
  reals(fields.quaternion, [...header.quaternion, ...header.quaternionOffset]);
  header.sformRows.forEach((row, index) => {
    reals(fields.sformRows + 4 * index * realBytes, row);
  });
  return bytes;
}

function magicBytes(version: 1 | 2): Uint8Array {
  return version === 1 ? Buffer.from("n+1\0", "latin1") : Buffer.from("n+2\0\r\n\u001a\n", "latin1");
}
