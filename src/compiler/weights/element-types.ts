import { known } from "../support/invariant.js";
import { viewOf } from "./source.js";

interface ElementType {
  /** Bytes of one value. */
  readonly bytes: number;
  /** Copies `target.length` little-endian values from the view, rounded to float32. */
  readonly decode: (view: DataView, target: Float32Array) => void;
}

/** Converts value by value; `get` takes the byte offset of a value. */
function each(bytes: number, get: (view: DataView, offset: number) => number): ElementType {
  return {
    bytes,
    decode: (view, target) => {
      for (let i = 0; i < target.length; i++) target[i] = get(view, i * bytes);
    },
  };
}

/** IEEE 754 binary16 to a number: 1 sign bit, 5 exponent bits, 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let halfTable: Float32Array | undefined;

/** The float32 of every float16 (256 KB), made when the first half-precision tensor is read. */
function halves(): Float32Array {
  halfTable ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToNumber(bits));
  return halfTable;
}

/** Every type a file of weights may hold, by the name PyTorch and NumPy give it. */
const elementTypes: ReadonlyMap<string, ElementType> = new Map([
  ["float32", each(4, (view, offset) => view.getFloat32(offset, true))],
  ["float64", each(8, (view, offset) => view.getFloat64(offset, true))],
  [
    "float16",
    {
      bytes: 2,
      decode: (view, target) => {
        const table = halves();
        for (let i = 0; i < target.length; i++) target[i] = table[view.getUint16(i * 2, true)] as number;
      },
    },
  ],
  [
    "bfloat16",
    {
      bytes: 2,
      // A bfloat16 is the upper half of a float32.
      decode: (view, target) => {
        const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
        for (let i = 0; i < bits.length; i++) bits[i] = view.getUint16(i * 2, true) << 16;
      },
    },
  ],
  [
    "int64",
    each(8, (view, offset) => view.getInt32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true)),
  ],
  [
    "uint64",
    each(8, (view, offset) => view.getUint32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true)),
  ],
  ["int32", each(4, (view, offset) => view.getInt32(offset, true))],
  ["uint32", each(4, (view, offset) => view.getUint32(offset, true))],
  ["int16", each(2, (view, offset) => view.getInt16(offset, true))],
  ["uint16", each(2, (view, offset) => view.getUint16(offset, true))],
  ["int8", each(1, (view, offset) => view.getInt8(offset))],
  ["uint8", each(1, (view, offset) => view.getUint8(offset))],
  ["bool", each(1, (view, offset) => (view.getUint8(offset) ? 1 : 0))],
]);

/** Bytes of one value of a type, or undefined where Slab does not read the type. */
export function bytesPerElement(dtype: string): number | undefined {
  return elementTypes.get(dtype)?.bytes;
}

/** Little-endian values of a type as float32; `bytes` holds a whole number of them. A new array. */
export function decodeElements(bytes: Uint8Array, dtype: string): Float32Array {
  const type = known(elementTypes.get(dtype), `element type ${dtype}`);
  const target = new Float32Array(bytes.length / type.bytes);
  type.decode(viewOf(bytes), target);
  return target;
}

/** Whether a type holds whole numbers. */
export function isInteger(dtype: string): boolean {
  return dtype.includes("int");
}
