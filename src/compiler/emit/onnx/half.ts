const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** The nearest IEEE 754 binary16 of a number, ties to even; what is too large becomes infinite. */
export function toHalf(value: number): number {
  word[0] = value;
  const all = bits[0] as number;
  const sign = (all >>> 16) & 0x8000;
  const exponent = (all >>> 23) & 0xff;
  const fraction = all & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  const shifted = exponent - 112;
  if (shifted >= 31) return sign | 0x7c00;
  if (shifted <= 0) {
    if (shifted < -10) return sign;
    return sign | rounded(fraction | 0x800000, 14 - shifted);
  }
  // A fraction that rounds up to 2 carries into the exponent, which is right up to infinity.
  return sign | ((shifted << 10) + rounded(fraction, 13));
}

/** A number without its lowest bits, rounded to the nearest, ties to even. */
function rounded(value: number, drop: number): number {
  const kept = value >>> drop;
  const rest = value & ((1 << drop) - 1);
  const half = 1 << (drop - 1);
  return rest > half || (rest === half && kept & 1) ? kept + 1 : kept;
}

/** The bytes of values as float16, little-endian. */
export function halfBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint16(2 * index, toHalf(value), true);
  });
  return bytes;
}
