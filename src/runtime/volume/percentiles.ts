/** Bits of a float32 that are looked at together. */
const HALF = 1 << 16;

/**
 * Percentiles (0 to 100) of the values that `counts` lets through, as NumPy's default has them: linear between the two
 * nearest ranks. Exact, without a sorted copy: the ranks are found by counting the halves of the values' bits. Undefined
 * where there is no value.
 */
export function percentilesOf(
  data: Float32Array,
  wanted: readonly number[],
  counts: (value: number) => boolean,
): readonly number[] | undefined {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const upper = new Uint32Array(HALF);
  let total = 0;
  for (let index = 0; index < bits.length; index++) {
    if (!counts(data[index] as number)) continue;
    const key = ordered(bits[index] as number) >>> 16;
    upper[key] = (upper[key] as number) + 1;
    total += 1;
  }
  if (total === 0) return undefined;
  const ranks = wanted.map((percent) => (percent / 100) * (total - 1));
  const needed = [...new Set(ranks.flatMap((rank) => [Math.floor(rank), Math.ceil(rank)]))];
  const values = new Map(needed.map((rank) => [rank, 0]));
  const places = needed.map((rank) => ({ rank, ...bucketOf(upper, rank) }));
  for (const bucket of new Set(places.map((place) => place.bucket))) {
    const lower = new Uint32Array(HALF);
    for (let index = 0; index < bits.length; index++) {
      if (!counts(data[index] as number)) continue;
      const key = ordered(bits[index] as number);
      if (key >>> 16 === bucket) lower[key & (HALF - 1)] = (lower[key & (HALF - 1)] as number) + 1;
    }
    for (const { rank, before } of places.filter((place) => place.bucket === bucket)) {
      values.set(rank, valueOfKey(((bucket << 16) | bucketOf(lower, rank - before).bucket) >>> 0));
    }
  }
  return ranks.map((rank) => {
    const [low, high] = [values.get(Math.floor(rank)) as number, values.get(Math.ceil(rank)) as number];
    return low + (high - low) * (rank - Math.floor(rank));
  });
}

/** The bits of a float32 as a number that is in order: all of a negative one are turned, of others the sign. */
function ordered(bits: number): number {
  return (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
}

function valueOfKey(key: number): number {
  const bits = new Uint32Array([key & 0x80000000 ? key & 0x7fffffff : ~key]);
  return new Float32Array(bits.buffer)[0] as number;
}

/** Which count holds a rank, and how many values come before it. */
function bucketOf(counts: Uint32Array, rank: number): { readonly bucket: number; readonly before: number } {
  let before = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket] as number;
    if (rank < before + count) return { bucket, before };
    before += count;
  }
  return { bucket: counts.length - 1, before };
}
