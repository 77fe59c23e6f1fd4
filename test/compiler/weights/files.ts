import { existsSync, readFileSync } from "node:fs";
import { type Diagnostic, SlabFailure } from "../../../src/compiler/diagnostics/diagnostic.js";
import { openTensorFile } from "../../../src/compiler/weights/open.js";
import { type ByteSource, bytesSource } from "../../../src/compiler/weights/source.js";

/** A PyTorch file made by fixtures/make.py. */
export function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
}

/** A real file beside the repository, where there is one. */
export function sharedData(name: string): URL | undefined {
  const url = new URL(`../../../../shared/data/${name}`, import.meta.url);
  return existsSync(url) ? url : undefined;
}

/** A safetensors file with this header, as text or as data, and these bytes of data. */
export function safetensors(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

/** A safetensors file of float32 tensors that lie one behind the other. */
export function floatTensors(tensors: Record<string, { shape: number[]; values: number[] }>): Uint8Array {
  const header: Record<string, unknown> = {};
  const all: number[] = [];
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const start = all.length * 4;
    all.push(...values);
    header[name] = { dtype: "F32", shape, data_offsets: [start, all.length * 4] };
  }
  return safetensors(header, new Uint8Array(new Float32Array(all).buffer));
}

export function open(bytes: Uint8Array) {
  return openTensorFile(bytesSource(bytes), "weights.bin");
}

/** The diagnostics that an action stops with. */
export function diagnosticsOf(action: () => unknown): readonly Diagnostic[] {
  try {
    action();
  } catch (error) {
    if (error instanceof SlabFailure) return error.diagnostics;
    throw error;
  }
  throw new Error("nothing was wrong");
}

/** The code of the one diagnostic that opening a file stops with. */
export function codeOf(bytes: Uint8Array): string | undefined {
  return diagnosticsOf(() => open(bytes))[0]?.code;
}

/** A source that notes every range that is read. */
export function watched(
  bytes: Uint8Array,
): ByteSource & { readonly reads: { offset: number; length: number }[] } {
  const reads: { offset: number; length: number }[] = [];
  return {
    size: bytes.length,
    reads,
    read: (offset, length) => {
      reads.push({ offset, length });
      return bytes.subarray(offset, offset + length);
    },
  };
}
