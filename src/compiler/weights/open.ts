import { bareTorchPickle, notTensorFile } from "../diagnostics/catalogue/weights.js";
import { fail } from "../diagnostics/diagnostic.js";
import { openSafetensors } from "./safetensors.js";
import { type ByteSource, readExactly } from "./source.js";
import type { TensorFile } from "./tensor-file.js";
import { openTorchZip } from "./torch-zip.js";

/** The first bytes of formats that are neither, so that the message can say what the file is. */
const otherFormats: readonly (readonly [string, readonly number[]])[] = [
  ["a gzip file (is this a .nii.gz volume?)", [0x1f, 0x8b]],
  ["an HDF5 file, as Keras and MATLAB write", [0x89, 0x48, 0x44, 0x46]],
  ["a NumPy array", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ["a GGUF file", [0x47, 0x47, 0x55, 0x46]],
  ["text that begins like JSON", [0x7b]],
  ["an HTML page (a download that went wrong?)", [0x3c]],
  ["a Git LFS pointer: the file itself was not fetched", [0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x20]],
  ["an ONNX model, it seems", [0x08, 0x0a, 0x12]],
];

const zipStarts = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
] as const;
/** PyTorch's magic number as a pickled integer, the first of the pickles in a legacy checkpoint. */
const legacyMagic = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19] as const;

function startsWith(bytes: Uint8Array, start: readonly number[], from = 0): boolean {
  return start.every((byte, i) => bytes[from + i] === byte);
}

/**
 * Opens a file of weights, safetensors or a PyTorch zip checkpoint, told apart by their first bytes. Reads names and
 * shapes, not values. Anything else is a diagnostic that says what the file is and how to save it.
 *
 * @param path the file as the user named it, for messages
 */
export function openTensorFile(source: ByteSource, path: string): TensorFile {
  const start = readExactly(source, 0, Math.min(16, source.size), path);
  if (zipStarts.some((magic) => startsWith(start, magic))) return openTorchZip(source, path);
  // Before pickles: a safetensors file whose header is 640 bytes long begins like a pickle.
  if (start[8] === 0x7b && startsWith(start, [0, 0], 6)) return openSafetensors(source, path);
  if (start[0] === 0x80 && (start[1] as number) >= 2 && (start[1] as number) <= 5) {
    fail(bareTorchPickle, { legacy: startsWith(start, legacyMagic, 2) }, { path });
  }
  const other = otherFormats.find(([, magic]) => startsWith(start, magic))?.[0];
  const bytes = [...start.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const found = source.size === 0 ? "an empty file" : (other ?? `a file that begins with the bytes ${bytes}`);
  return fail(notTensorFile, { found }, { path });
}
