import { fileShrank } from "../diagnostics/catalogue/weights.js";
import { fail } from "../diagnostics/diagnostic.js";

/** Random access to the bytes of a file, without saying where they come from. */
export interface ByteSource {
  /** The number of bytes. */
  readonly size: number;
  /** `length` bytes from `offset`. The caller has checked that they lie inside; the result may share memory. */
  read(offset: number, length: number): Uint8Array;
}

/** A file that is already in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** Whether `length` bytes from `offset` are plain counts that lie inside a file of `size` bytes. */
export function liesInside(offset: number, length: number, size: number): boolean {
  return (
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset <= size - length
  );
}

/**
 * Reads a range whose place in the file was checked before, with `liesInside`. A file that became shorter since it was
 * opened is a diagnostic.
 */
export function readExactly(source: ByteSource, offset: number, length: number, path: string): Uint8Array {
  const bytes = source.read(offset, length);
  if (bytes.length !== length) fail(fileShrank, { offset, length, found: bytes.length }, { path });
  return bytes;
}

/** A little-endian view of exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
