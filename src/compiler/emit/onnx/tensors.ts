import { invariant } from "../../support/invariant.js";

const machineIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The bytes of 32-bit floats as ONNX stores them; on nearly every machine a view, not a copy. */
export function littleEndianFloats(values: Float32Array): Uint8Array {
  if (machineIsLittleEndian) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setFloat32(4 * index, value, true);
  });
  return bytes;
}

/** 64-bit floats as ONNX stores them. */
export function littleEndianDoubles(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setFloat64(8 * index, value, true);
  });
  return bytes;
}

/** The 32-bit floats that bytes hold as ONNX stores them. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / 4 }, (_, index) => view.getFloat32(4 * index, true));
}

/** Integers as an int64 tensor's raw data. */
export function littleEndianIntegers(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    invariant(Number.isSafeInteger(value), `${value} is not an exact integer`);
    view.setBigInt64(8 * index, BigInt(value), true);
  });
  return bytes;
}
