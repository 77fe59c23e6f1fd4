import { describe, expect, test } from "vitest";
import type { DeviceProfile, LayerCounts } from "../../../src/compiler/analyze/analysis.js";
import { devices } from "../../../src/compiler/analyze/devices.js";
import { roofline } from "../../../src/compiler/analyze/roofline.js";

const device: DeviceProfile = {
  name: "test",
  title: "A device for a test",
  kind: "cpu",
  flopsPerSecond: 1000,
  bytesPerSecond: 100,
  source: "made up",
};

function layer(name: string, flops: bigint, bytesRead: bigint, bytesWritten: bigint) {
  return { name, flops, bytesRead, bytesWritten } as LayerCounts;
}

describe("roofline", () => {
  test("a layer takes as long as the slower of its arithmetic and its bytes", () => {
    const layers = [
      layer("conv", 5000n, 100n, 100n),
      layer("relu", 100n, 300n, 100n),
      layer("view", 0n, 0n, 0n),
      layer("ridge", 1000n, 50n, 50n),
    ];
    expect(roofline({ layers }, device)).toEqual({
      device,
      ridge: 10,
      layers: [
        { name: "conv", seconds: 5, bound: "compute" },
        { name: "relu", seconds: 4, bound: "memory" },
        { name: "view", seconds: 0, bound: "nothing" },
        { name: "ridge", seconds: 1, bound: "compute" },
      ],
      seconds: 10,
      computeSeconds: 6,
      memorySeconds: 4,
    });
  });

  test("devices have names that fit a command line, sources, and rates of today's machines", () => {
    expect(new Set(devices.map(({ name }) => name)).size).toBe(devices.length);
    for (const { name, source, flopsPerSecond, bytesPerSecond } of devices) {
      expect(name).toMatch(/^[a-z0-9-]+$/);
      expect(source).not.toBe("");
      expect(flopsPerSecond, name).toBeGreaterThan(0.5e12);
      expect(flopsPerSecond, name).toBeLessThan(200e12);
      expect(bytesPerSecond, name).toBeGreaterThan(50e9);
      expect(bytesPerSecond, name).toBeLessThan(10e12);
    }
  });
});
