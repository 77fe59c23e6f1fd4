import { product } from "../support/product.js";

const utf8 = new TextEncoder();

/** FNV-1a, 32 bit, over the UTF-8 bytes of a name. */
export function fnv1a32(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8.encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/**
 * Fills an array with `value(u(i))`, where u is uniform in [-1, 1) and depends on the name and the flat index
 * only: MurmurHash3's 32-bit finalizer over seed XOR i * 0x9E3779B9.
 */
function fillSeeded(target: Float32Array, name: string, value: (u: number) => number): Float32Array {
  const seed = fnv1a32(name);
  let step = 0;
  for (let i = 0; i < target.length; i++) {
    let bits = seed ^ step;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    bits ^= bits >>> 16;
    target[i] = value(((bits >>> 0) / 2 ** 32) * 2 - 1);
    step = (step + 0x9e3779b9) | 0;
  }
  return target;
}

/**
 * The seeded value of a parameter or buffer, row-major, from its name and shape alone. Anyone can compute the same:
 * the name's ending says which of five distributions it has, so that activations keep their magnitude through a deep
 * network.
 */
export function seededTensor(name: string, shape: readonly number[]): Float32Array {
  const size = product(shape);
  const target = new Float32Array(size);
  if (name.endsWith("running_var")) return fillSeeded(target, name, (u) => 1 + 0.25 * (u + 1));
  if (name.endsWith("running_mean")) return fillSeeded(target, name, (u) => 0.2 * u);
  if (shape.length >= 2) {
    const scale = Math.sqrt(3 / (size / (shape[0] as number)));
    return fillSeeded(target, name, (u) => u * scale);
  }
  if (name.endsWith("weight")) return fillSeeded(target, name, (u) => 1 + 0.2 * u);
  return fillSeeded(target, name, (u) => 0.2 * u);
}

/** A seeded network input in [0, 1), row-major. The reference cases name it `input`. */
export function seededInput(name: string, shape: readonly number[]): Float32Array {
  return fillSeeded(new Float32Array(product(shape)), name, (u) => (u + 1) / 2);
}
