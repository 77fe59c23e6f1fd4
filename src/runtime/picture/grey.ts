/** Enough voxels to find percentiles among. */
const SAMPLES = 1 << 18;

/** The values shown black and white: the 0.5th and 99.5th percentile of what is finite. */
export function greyWindow(data: Float32Array): [number, number] {
  const step = Math.max(1, Math.floor(data.length / SAMPLES));
  const count = Math.floor((data.length - 1) / step) + 1;
  const samples = Float32Array.from({ length: count }, (_, index) => data[index * step] as number)
    .filter((value) => Number.isFinite(value))
    .sort();
  const percentile = (part: number) => samples[Math.round(part * (samples.length - 1))] ?? 0;
  const low = percentile(0.005);
  const high = percentile(0.995);
  return high > low ? [low, high] : [low, low + 1];
}
