import {
  badAxisSize,
  badIntercept,
  badVoxelOffset,
  fileEmpty,
  headerImagePair,
  notNifti,
  notThreeDimensional,
  surplusData,
  tooManyVoxels,
  truncatedHeader,
  truncatedVoxels,
  unsupportedDatatype,
} from "../../compiler/diagnostics/catalogue/volumes.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { known } from "../../compiler/support/invariant.js";
import { asNumbers, type Datatype, datatypeName, datatypes, turnOrder, voxelView } from "./datatypes.js";
import { readFileBytes } from "./files.js";
import { greatestLength, gunzipStart, gunzipWithin, isGzip } from "./gzip.js";
import { gridOf } from "./nifti-grid.js";
import {
  announcedVersion,
  decodeHeader,
  headerBytes,
  leastVoxelOffset,
  type NiftiHeader,
  type NiftiStorage,
  niftiKind,
} from "./nifti-header.js";
import type { Volume } from "./volume.js";

/** The most voxels of a scan: 2 GiB as float32, 1024 x 1024 x 512. */
export const greatestVoxelCount = 2 ** 29;

/** The most bytes of voxels and what comes before them in a (decompressed) file. */
const greatestStoredLength = 2 ** 31;

/** Bytes behind the last voxel that are passed over; some programs pad their files. More means a wrong header. */
const toleratedSurplus = 65536;

type Size = readonly [number, number, number];

/**
 * Reads a scan from a NIfTI-1 or NIfTI-2 file in one piece, plain or in gzip, told apart by content. Any integer or real
 * data type, both byte orders; scl_slope and scl_inter are applied in float64; extensions are passed over. Three axes, or
 * more of size 1 behind them. `path` is how the user named the file. Fails with SLAB5005 to SLAB5018.
 */
export function readNifti(bytes: Uint8Array, path: string): Volume {
  if (bytes.length === 0) fail(fileEmpty, {}, { path });
  const compressed = isGzip(bytes);
  const start = compressed ? gunzipStart(bytes, headerBytes[2], path) : bytes;
  const found = niftiKind(start);
  const announced = announcedVersion(start);
  if (announced !== undefined && start.length < headerBytes[announced]) {
    fail(truncatedHeader, { found: start.length, expected: headerBytes[announced] }, { path });
  }
  if (found === undefined) failNotNifti(start, compressed, path);
  if (found.pair) fail(headerImagePair, { magic: `ni${found.version}` }, { path });
  const { header, storage } = decodeHeader(start, found.version);
  const size = sizeOf(header, path);
  const type = datatypes.get(storage.datatype);
  if (type === undefined) {
    const supported = [...datatypes.values()].map(({ name }) => name);
    fail(unsupportedDatatype, { found: datatypeName(storage.datatype), supported }, { path });
  }
  checkOffset(storage.voxelOffset, leastVoxelOffset[found.version], path);
  const grid = gridOf(header, size, path);
  const [slope, intercept] = scalingOf(storage, path);
  const voxels = voxelBytes(bytes, compressed, size, type, storage.voxelOffset, path);
  const count = size[0] * size[1] * size[2];
  const data = new Float32Array(count);
  turnOrder(asNumbers(voxelView(voxels, type, count, storage.littleEndian)), data, size, slope, intercept);
  return { grid, data, header };
}

/** Reads a scan from the disk. Fails with SLAB5001 to SLAB5018. */
export function readNiftiFile(path: string): Volume {
  return readNifti(readFileBytes(path), path);
}

function sizeOf({ dims }: NiftiHeader, path: string): Size {
  const axes = known(dims[0], "number of axes");
  if (axes < 3 || axes > 7) {
    fail(
      notThreeDimensional,
      {
        found: axes < 1 || axes > 7 ? `dim[0] ${axes}` : `${axes} axes: ${dims.slice(1, axes + 1).join("x")}`,
      },
      { path },
    );
  }
  const sizes = dims.slice(1, axes + 1);
  const bad = sizes.findIndex((size) => size < 1);
  if (bad >= 0)
    fail(badAxisSize, { axis: bad, size: known(sizes[bad], "size"), found: sizes.join("x") }, { path });
  if (sizes.slice(3).some((size) => size !== 1)) {
    fail(notThreeDimensional, { found: `${axes} axes: ${sizes.join("x")}` }, { path });
  }
  const [x, y, z] = sizes as [number, number, number];
  if (x * y * z > greatestVoxelCount) {
    const found = `${x}x${y}x${z} voxels`;
    fail(tooManyVoxels, { found, limit: `${greatestVoxelCount.toLocaleString("en-US")} voxels` }, { path });
  }
  return [x, y, z];
}

function checkOffset(offset: number, least: number, path: string): void {
  if (!(Number.isSafeInteger(offset) && offset >= least))
    fail(badVoxelOffset, { found: offset, least }, { path });
}

/** Slope and intercept; a slope of 0 or one that is not finite means that the voxels are not scaled. */
function scalingOf({ slope, intercept }: NiftiStorage, path: string): [slope: number, intercept: number] {
  if (slope === 0 || !Number.isFinite(slope)) return [1, 0];
  if (!Number.isFinite(intercept)) fail(badIntercept, { slope, intercept }, { path });
  return [slope, intercept];
}

/** The bytes from the first to the last voxel, decompressed no further than the header asks for. */
function voxelBytes(
  bytes: Uint8Array,
  compressed: boolean,
  size: Size,
  type: Datatype,
  offset: number,
  path: string,
): Uint8Array {
  const expected = offset + size[0] * size[1] * size[2] * type.bytes;
  const words = { expected, size: size.join("x"), type: type.name };
  if (expected > greatestStoredLength) {
    const found = `${words.size} voxels of ${type.name} behind ${offset} bytes`;
    fail(tooManyVoxels, { found, limit: `${greatestStoredLength.toLocaleString("en-US")} bytes` }, { path });
  }
  const possible = compressed ? greatestLength(bytes.length) : bytes.length;
  // Before anything is allocated: a short file cannot hold a large scan, however well compressed.
  if (possible < expected) fail(truncatedVoxels, { ...words, found: possible }, { path });
  const limit = expected + toleratedSurplus;
  const whole = compressed ? gunzipWithin(bytes, limit, path) : bytes;
  if (whole === undefined || whole.length > limit) fail(surplusData, words, { path });
  if (whole.length < expected) fail(truncatedVoxels, { ...words, found: whole.length }, { path });
  return whole.subarray(offset, expected);
}

/** Marks of files that users take for NIfTI, by offset. */
const knownStarts: readonly { at: number; text: string; found: string; help?: string }[] = [
  { at: 128, text: "DICM", found: "a DICOM file", help: "convert the series with dcm2niix" },
  { at: 0, text: "NRRD", found: "an NRRD file" },
  { at: 0, text: "ObjectType", found: "a MetaImage header" },
  { at: 0, text: "PK\u0003\u0004", found: "a zip archive", help: "unpack it and name the scan inside" },
  { at: 257, text: "ustar", found: "a tar archive", help: "unpack it and name the scan inside" },
  {
    at: 0,
    text: "version https://git-lfs",
    found: "a Git LFS pointer",
    help: "fetch the file itself: git lfs pull",
  },
  { at: 0, text: "<", found: "a web page or XML", help: "the download may have failed: download it again" },
];

function failNotNifti(start: Uint8Array, compressed: boolean, path: string): never {
  const text = Buffer.from(start.subarray(0, 512)).toString("latin1");
  const match = knownStarts.find(({ at, text: mark }) => text.startsWith(mark, at));
  const first = [...start.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const analyze =
    announcedVersion(start) === undefined ? undefined : "an Analyze 7.5 header, or a damaged magic";
  const what = match?.found ?? analyze ?? (start.length === 0 ? "no data" : `bytes that begin with ${first}`);
  fail(notNifti, { found: compressed ? `${what}, in gzip` : what, help: match?.help }, { path });
}
