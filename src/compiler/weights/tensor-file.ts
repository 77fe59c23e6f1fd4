/** A tensor in a file of weights. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** How the file stores the values: `float32`, `bfloat16`, `int64`, … */
  readonly dtype: string;
  /** The values in row-major order, converted to float32. Reads only this tensor's bytes; a new array on each call. */
  read(): Float32Array;
}

/** A file of weights that is open: its tensors by name, in the file's order, none of them read yet. */
export interface TensorFile {
  readonly format: "safetensors" | "torch";
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** The number of values in a shape; NaN where a size is not a count or the product is not exact. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) return Number.NaN;
    count *= size;
  }
  return Number.isSafeInteger(count) ? count : Number.NaN;
}
