import type { Analysis, DeviceProfile, LayerTime, Roofline } from "./analysis.js";

/**
 * The least time a device needs for each layer and for all of them: each layer either computes at the device's full rate
 * or moves its bytes at the full rate of its memory, whichever takes longer (Williams, Waterman and Patterson, Roofline,
 * 2009). Layers run one after another and keep nothing in caches between them.
 */
export function roofline({ layers }: Pick<Analysis, "layers">, device: DeviceProfile): Roofline {
  const times = layers.map(({ name, flops, bytesRead, bytesWritten }): LayerTime => {
    const computing = Number(flops) / device.flopsPerSecond;
    const moving = Number(bytesRead + bytesWritten) / device.bytesPerSecond;
    const seconds = Math.max(computing, moving);
    return { name, seconds, bound: seconds === 0 ? "nothing" : computing >= moving ? "compute" : "memory" };
  });
  const secondsOf = (bound: LayerTime["bound"]) =>
    times.reduce((sum, layer) => (layer.bound === bound ? sum + layer.seconds : sum), 0);
  const [computeSeconds, memorySeconds] = [secondsOf("compute"), secondsOf("memory")];
  return {
    device,
    ridge: device.flopsPerSecond / device.bytesPerSecond,
    layers: times,
    seconds: computeSeconds + memorySeconds,
    computeSeconds,
    memorySeconds,
  };
}
