import {
  damagedFile,
  duplicateTensor,
  overLimit,
  shownCount,
  shownName,
  tensorOutside,
  tensorSizeMismatch,
  tensorsOverlap,
  unsupportedElementType,
} from "../diagnostics/catalogue/weights.js";
import { fail } from "../diagnostics/diagnostic.js";
import { bytesPerElement, decodeElements } from "./element-types.js";
import { repeatedKey } from "./json-keys.js";
import { type ByteSource, liesInside, readExactly, viewOf } from "./source.js";
import { elementCount, type StoredTensor, type TensorFile } from "./tensor-file.js";

/** The largest header Slab reads, the same as the reference implementation's. */
const safetensorsHeaderLimit = 100_000_000;

const format = "safetensors file";

/** The format's names for element types, and the ones used here. */
const dtypeNames: ReadonlyMap<string, string> = new Map([
  ["F64", "float64"],
  ["F32", "float32"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
  ["I64", "int64"],
  ["I32", "int32"],
  ["I16", "int16"],
  ["I8", "int8"],
  ["U64", "uint64"],
  ["U32", "uint32"],
  ["U16", "uint16"],
  ["U8", "uint8"],
  ["BOOL", "bool"],
]);

/** Where a tensor lies, counted from the start of the data. */
interface Extent {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The header's JSON object, checked to be one with every name once. */
function readHeader(
  source: ByteSource,
  path: string,
): { header: Record<string, unknown>; dataStart: number } {
  const view = viewOf(readExactly(source, 0, 8, path));
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > safetensorsHeaderLimit) {
    fail(
      overLimit,
      { what: "the header", found: length, limit: safetensorsHeaderLimit, unit: "bytes" },
      { path },
    );
  }
  if (!liesInside(8, length, source.size)) {
    const found = `a header of ${shownCount(length)} bytes in a file of ${shownCount(source.size)} bytes`;
    fail(damagedFile, { format, found }, { path });
  }
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readExactly(source, 8, length, path));
    header = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError))
      throw error;
    return fail(damagedFile, { format, found: "a header that is not JSON" }, { path });
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    return fail(damagedFile, { format, found: "a header that is not a JSON object" }, { path });
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) fail(duplicateTensor, { name: repeated }, { path });
  return { header: header as Record<string, unknown>, dataStart: 8 + length };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** One entry of the header, with everything it claims checked against the size of the data. */
function readEntry(name: string, entry: unknown, dataSize: number, path: string) {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    return fail(
      damagedFile,
      {
        format,
        found: `a header entry \`${shownName(name)}\` without a type, a shape or two offsets`,
        expected: '{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}',
      },
      { path },
    );
  }
  const type = dtypeNames.get(dtype);
  const bytes = type === undefined ? undefined : bytesPerElement(type);
  if (type === undefined || bytes === undefined) {
    return fail(unsupportedElementType, { tensor: name, found: dtype }, { path });
  }
  const [start, end] = offsets as [number, number];
  if (!liesInside(start, end - start, dataSize)) {
    const found = `bytes ${shownCount(start)} to ${shownCount(end)}`;
    fail(tensorOutside, { tensor: name, found, room: dataSize }, { path });
  }
  const needed = elementCount(shape) * bytes;
  if (needed !== end - start) {
    fail(tensorSizeMismatch, { tensor: name, shape, dtype: type, needed, found: end - start }, { path });
  }
  return { type, shape: [...shape], extent: { name, start, end } };
}

function checkOverlap(extents: readonly Extent[], path: string): void {
  const sorted = extents.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  for (let i = 1; i < sorted.length; i++) {
    const [first, second] = [sorted[i - 1], sorted[i]] as [Extent, Extent];
    if (second.start < first.end) {
      fail(tensorsOverlap, { first: first.name, second: second.name }, { path });
    }
  }
}

/**
 * Opens a safetensors file: eight bytes of header length, a JSON header, then the tensors' bytes. Reads the header only.
 * Whatever the header claims that can't be so is a diagnostic. Source: the format's description at
 * github.com/huggingface/safetensors.
 */
export function openSafetensors(source: ByteSource, path: string): TensorFile {
  const { header, dataStart } = readHeader(source, path);
  const dataSize = source.size - dataStart;
  const tensors = new Map<string, StoredTensor>();
  const extents: Extent[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const { type, shape, extent } = readEntry(name, entry, dataSize, path);
    extents.push(extent);
    tensors.set(name, {
      name,
      shape,
      dtype: type,
      read: () =>
        decodeElements(readExactly(source, dataStart + extent.start, extent.end - extent.start, path), type),
    });
  }
  checkOverlap(extents, path);
  return { format: "safetensors", tensors };
}
