import { known } from "../../compiler/support/invariant.js";

/** The array types whose numbers come out as `number`. */
export type NumberArray =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

type VoxelArray = NumberArray | BigInt64Array | BigUint64Array;

/** A NIfTI data type with one real number per voxel. */
export interface Datatype {
  readonly name: string;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly view: (buffer: ArrayBufferLike, offset: number, length: number) => VoxelArray;
}

/** By NIfTI code. */
export const datatypes: ReadonlyMap<number, Datatype> = new Map([
  [2, { name: "uint8", bytes: 1, view: (buffer, at, length) => new Uint8Array(buffer, at, length) }],
  [256, { name: "int8", bytes: 1, view: (buffer, at, length) => new Int8Array(buffer, at, length) }],
  [4, { name: "int16", bytes: 2, view: (buffer, at, length) => new Int16Array(buffer, at, length) }],
  [512, { name: "uint16", bytes: 2, view: (buffer, at, length) => new Uint16Array(buffer, at, length) }],
  [8, { name: "int32", bytes: 4, view: (buffer, at, length) => new Int32Array(buffer, at, length) }],
  [768, { name: "uint32", bytes: 4, view: (buffer, at, length) => new Uint32Array(buffer, at, length) }],
  [1024, { name: "int64", bytes: 8, view: (buffer, at, length) => new BigInt64Array(buffer, at, length) }],
  [1280, { name: "uint64", bytes: 8, view: (buffer, at, length) => new BigUint64Array(buffer, at, length) }],
  [16, { name: "float32", bytes: 4, view: (buffer, at, length) => new Float32Array(buffer, at, length) }],
  [64, { name: "float64", bytes: 8, view: (buffer, at, length) => new Float64Array(buffer, at, length) }],
] satisfies [number, Datatype][]);

const refused: ReadonlyMap<number, string> = new Map([
  [0, "unknown"],
  [1, "bits"],
  [32, "complex64"],
  [128, "RGB colours"],
  [1536, "float128"],
  [1792, "complex128"],
  [2048, "complex256"],
  [2304, "RGBA colours"],
]);

/** The name of a data type code, for a message. */
export function datatypeName(code: number): string {
  return `data type ${code} (${datatypes.get(code)?.name ?? refused.get(code) ?? "not a NIfTI data type"})`;
}

/**
 * The voxels of a file as numbers in the file's order. `bytes` starts at the first voxel. Copies only where alignment or
 * byte order ask for it; Slab's machines are little endian (onnxruntime runs on no others).
 */
export function voxelView(
  bytes: Uint8Array,
  type: Datatype,
  count: number,
  littleEndian: boolean,
): VoxelArray {
  const swap = !littleEndian && type.bytes > 1;
  if (!swap && bytes.byteOffset % type.bytes === 0) return type.view(bytes.buffer, bytes.byteOffset, count);
  const copy = new Uint8Array(count * type.bytes);
  copy.set(bytes.subarray(0, copy.length));
  if (swap) {
    const buffer = Buffer.from(copy.buffer);
    if (type.bytes === 2) buffer.swap16();
    else if (type.bytes === 4) buffer.swap32();
    else buffer.swap64();
  }
  return type.view(copy.buffer, 0, count);
}

/** Edge of the square blocks that are turned at once, so that reading and writing both stay in the cache. */
const block = 32;

/**
 * Copies a volume from one memory order to the other: `target[(i * ny + j) * nz + k] = convert(source[(k * ny + j) * nx
 * + i])` for every voxel. From a file's order (axis 0 fastest) to row-major give [nx, ny, nz]; for the way back give the
 * size reversed.
 */
export function turnOrder(
  source: NumberArray,
  target: NumberArray,
  [nx, ny, nz]: readonly [number, number, number],
  slope = 1,
  intercept = 0,
): void {
  const scaled = slope !== 1 || intercept !== 0;
  for (let j = 0; j < ny; j++) {
    for (let kStart = 0; kStart < nz; kStart += block) {
      const kEnd = Math.min(nz, kStart + block);
      for (let iStart = 0; iStart < nx; iStart += block) {
        const iEnd = Math.min(nx, iStart + block);
        for (let i = iStart; i < iEnd; i++) {
          for (let k = kStart; k < kEnd; k++) {
            const value = source[(k * ny + j) * nx + i] as number;
            target[(i * ny + j) * nz + k] = scaled ? value * slope + intercept : value;
          }
        }
      }
    }
  }
}

/** 64-bit integers as float64: exact up to 2^53, which float32 voxels are far below. */
export function asNumbers(values: VoxelArray): NumberArray {
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array)) return values;
  const numbers = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) numbers[index] = Number(known(values[index], "voxel"));
  return numbers;
}
