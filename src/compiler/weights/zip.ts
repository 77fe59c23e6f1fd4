import { inflateSync } from "fflate";
import {
  damagedFile,
  duplicateTensor,
  overLimit,
  shownName,
  unsupportedZip,
} from "../diagnostics/catalogue/weights.js";
import { fail } from "../diagnostics/diagnostic.js";
import { type ByteSource, liesInside, readExactly, viewOf } from "./source.js";

/** One file in an archive, as the central directory lists it. */
export interface ZipEntry {
  readonly name: string;
  /** Whether the bytes lie as they are, or deflated. */
  readonly stored: boolean;
  readonly compressedSize: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly headerOffset: number;
}

/** An open archive: its entries by name, none of them read yet. */
export interface ZipArchive {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** `length` bytes of an entry's contents from `offset`, which the caller has checked against its size. */
  read(entry: ZipEntry, offset: number, length: number): Uint8Array;
}

/** Limits on what is unpacked; stored entries are never copied whole, so only deflated ones have one. */
const directoryLimit = 64_000_000;
const inflatedLimit = 1_000_000_000;
/** Deflate can't shrink by more than this, so a larger claim is false. */
const largestRatio = 1032;

const format = "zip archive";
const endSignature = 0x06054b50;
const end64LocatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const entrySignature = 0x02014b50;
const headerSignature = 0x04034b50;

function damaged(found: string, path: string): never {
  return fail(damagedFile, { format, found }, { path });
}

/** A 64-bit count; more than 2^53 comes out inexact and then lies outside of any file. */
function readCount64(view: DataView, offset: number): number {
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly entries: number;
}

/** Finds the central directory from the record at the end of the file. */
function findDirectory(source: ByteSource, path: string): Directory {
  const tailSize = Math.min(source.size, 22 + 0xffff);
  const tailStart = source.size - tailSize;
  const tail = viewOf(readExactly(source, tailStart, tailSize, path));
  let at = tailSize - 22;
  while (at >= 0 && tail.getUint32(at, true) !== endSignature) at--;
  if (at < 0) damaged("no directory at the end: the file was cut short", path);
  if (tail.getUint16(at + 4, true) !== tail.getUint16(at + 6, true)) {
    fail(unsupportedZip, { found: "an archive in several parts" }, { path });
  }
  const small = {
    entries: tail.getUint16(at + 10, true),
    size: tail.getUint32(at + 12, true),
    offset: tail.getUint32(at + 16, true),
  };
  if (small.entries !== 0xffff && small.size !== 0xffffffff && small.offset !== 0xffffffff) return small;
  const locatorAt = tailStart + at - 20;
  if (locatorAt < 0) return small;
  const locator = viewOf(readExactly(source, locatorAt, 20, path));
  if (locator.getUint32(0, true) !== end64LocatorSignature) return small;
  const recordAt = readCount64(locator, 8);
  if (!liesInside(recordAt, 56, source.size)) damaged("a directory record outside the file", path);
  const record = viewOf(readExactly(source, recordAt, 56, path));
  if (record.getUint32(0, true) !== end64Signature) damaged("no zip64 record where one is said to be", path);
  return { entries: readCount64(record, 32), size: readCount64(record, 40), offset: readCount64(record, 48) };
}

/** The values of a zip64 extra field replace, in this order, those that read all ones. */
function widen(extra: DataView, values: number[], path: string): void {
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const length = extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === 1) {
      let from = at + 4;
      const end = Math.min(from + length, extra.byteLength);
      for (const [i, value] of values.entries()) {
        if (value !== 0xffffffff) continue;
        if (from + 8 > end) damaged("a zip64 field that is too short", path);
        values[i] = readCount64(extra, from);
        from += 8;
      }
      return;
    }
    at += 4 + length;
  }
}

function readDirectory(source: ByteSource, path: string): Map<string, ZipEntry> {
  const directory = findDirectory(source, path);
  if (!liesInside(directory.offset, directory.size, source.size))
    damaged("a directory outside the file", path);
  if (directory.size > directoryLimit) {
    const what = "the archive's directory";
    fail(overLimit, { what, found: directory.size, limit: directoryLimit, unit: "bytes" }, { path });
  }
  const bytes = readExactly(source, directory.offset, directory.size, path);
  const view = viewOf(bytes);
  const utf8 = new TextDecoder();
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < directory.entries; i++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== entrySignature) {
      damaged(`a directory that ends after ${i} of ${directory.entries} entries`, path);
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > view.byteLength) damaged("a directory entry that is cut short", path);
    const name = utf8.decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const method = view.getUint16(at + 10, true);
    if (view.getUint16(at + 8, true) & 1) fail(unsupportedZip, { entry: name, found: "encrypted" }, { path });
    if (method !== 0 && method !== 8) {
      fail(unsupportedZip, { entry: name, found: `compression method ${method}` }, { path });
    }
    const values = [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ];
    widen(viewOf(bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)), values, path);
    const [size, compressedSize, headerOffset] = values as [number, number, number];
    if (entries.has(name)) fail(duplicateTensor, { name }, { path });
    entries.set(name, { name, stored: method === 0, size, compressedSize, headerOffset });
    at = next;
  }
  checkPlaces([...entries.values()], directory.offset, path);
  return entries;
}

/** Every entry lies before the directory and none inside another. */
function checkPlaces(entries: readonly ZipEntry[], end: number, path: string): void {
  const sorted = [...entries].sort((a, b) => a.headerOffset - b.headerOffset);
  for (const [i, { name, stored, size, compressedSize, headerOffset }] of sorted.entries()) {
    const room = sorted[i + 1]?.headerOffset ?? end;
    if (!liesInside(headerOffset, compressedSize + 30, room)) {
      damaged(`an entry \`${shownName(name)}\` that reaches into what follows it`, path);
    }
    if (stored ? size !== compressedSize : size > compressedSize * largestRatio + 64) {
      damaged(`an entry \`${shownName(name)}\` of an impossible size`, path);
    }
  }
}

/** Where an entry's bytes begin: its local header has a name and extra field of its own lengths. */
function dataOffset(source: ByteSource, entry: ZipEntry, path: string): number {
  const header = viewOf(readExactly(source, entry.headerOffset, 30, path));
  const offset = entry.headerOffset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (
    header.getUint32(0, true) !== headerSignature ||
    !liesInside(offset, entry.compressedSize, source.size)
  ) {
    damaged(`no entry \`${shownName(entry.name)}\` where the directory says`, path);
  }
  return offset;
}

/** Unpacks a deflated entry, in memory that its declared size bounds. */
function inflate(source: ByteSource, entry: ZipEntry, path: string): Uint8Array {
  if (entry.size > inflatedLimit) {
    const what = `the compressed entry \`${shownName(entry.name)}\``;
    fail(overLimit, { what, found: entry.size, limit: inflatedLimit, unit: "bytes" }, { path });
  }
  const compressed = readExactly(source, dataOffset(source, entry, path), entry.compressedSize, path);
  let contents: Uint8Array | undefined;
  try {
    // One byte of room more than declared shows whether the contents are longer than they say.
    contents = inflateSync(compressed, { out: new Uint8Array(entry.size + 1) });
  } catch {
    // fflate throws errors of several kinds on damaged data; all of them mean the same here.
  }
  if (contents?.length !== entry.size) {
    damaged(`an entry \`${shownName(entry.name)}\` that doesn't unpack to its size`, path);
  }
  return contents as Uint8Array;
}

/**
 * Opens a zip archive by its central directory, with zip64 sizes; entries are stored or deflated. Source: PKWARE's
 * APPNOTE.TXT 6.3.
 */
export function openZip(source: ByteSource, path: string): ZipArchive {
  const entries = readDirectory(source, path);
  // Tensors that share one storage are read one after the other, so the last unpacked entry is worth keeping.
  let unpacked: { readonly entry: ZipEntry; readonly contents: Uint8Array } | undefined;
  return {
    entries,
    read: (entry, offset, length) => {
      if (entry.stored) return readExactly(source, dataOffset(source, entry, path) + offset, length, path);
      if (unpacked?.entry !== entry) unpacked = { entry, contents: inflate(source, entry, path) };
      return unpacked.contents.subarray(offset, offset + length);
    },
  };
}
