import { describe, expect, test } from "vitest";
import { measureDevice, passModel, productModel } from "../../src/runtime/measure.js";
import { openModel } from "../../src/runtime/session/session.js";

describe("measuring this machine", () => {
  test("the product that is timed is one of matrices", async () => {
    const { bytes, manifest } = productModel(2);
    const model = await openModel({ bytes }, manifest);
    expect([...(await model.run(new Float32Array([1, 2, 3, 4])))]).toEqual([7, 10, 15, 22]);
    await model.close();
  });

  test("the passes that are timed leave the greatest element", async () => {
    const { bytes, manifest } = passModel(5, 3);
    const model = await openModel({ bytes }, manifest);
    expect([...(await model.run(new Float32Array([1, -9, 8, 4, 2])))]).toEqual([8]);
    await model.close();
  });

  test("gives rates, and says how it got them", async () => {
    const device = await measureDevice({ matrix: 64, elements: 2 ** 18 });
    expect(device).toMatchObject({ name: "measured", kind: "cpu" });
    expect(device.source).toContain("64 x 64");
    for (const rate of [device.flopsPerSecond, device.bytesPerSecond]) {
      expect(rate).toBeGreaterThan(1e6);
      expect(rate).toBeLessThan(1e15);
    }
  });
});
