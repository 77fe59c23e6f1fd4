import { describe, expect, it } from "vitest";
import { makePhantom } from "../../../src/runtime/volume/phantom.js";

describe("the phantom", () => {
  const { data, grid } = makePhantom();
  const at = (x: number, y: number, z: number) => data[(x * 96 + y) * 96 + z] as number;

  it("is a RAS volume of 96 voxels a side, 3 mm apart, about 0", () => {
    expect(grid.size).toEqual([96, 96, 96]);
    expect(grid.spacing).toEqual([3, 3, 3]);
    expect(grid.orientation).toBe("RAS");
    expect(grid.affine[0]).toEqual([3, 0, 0, -142.5]);
  });

  it("is the same on every run", () => {
    expect(Buffer.compare(Buffer.from(makePhantom().data.buffer), Buffer.from(data.buffer))).toBe(0);
    const checksum = data.reduce((sum, value) => (Math.imul(sum, 31) + value) | 0, 0);
    expect(checksum).toBe(-1664697282);
  });

  it("has air outside, lungs above, the liver on the right and the spine behind", () => {
    const meanAround = (x: number, y: number, z: number) => {
      let sum = 0;
      for (let i = -1; i <= 1; i++)
        for (let j = -1; j <= 1; j++) for (let k = -1; k <= 1; k++) sum += at(x + i, y + j, z + k);
      return sum / 27;
    };
    expect(meanAround(2, 2, 48)).toBeLessThan(-980);
    expect(meanAround(66, 48, 88)).toBeCloseTo(-830, -1.5);
    expect(meanAround(30, 48, 88)).toBeCloseTo(-830, -1.5);
    expect(meanAround(64, 52, 50)).toBeCloseTo(105, -1.5);
    expect(meanAround(30, 60, 50)).toBeCloseTo(45, -1.5);
    expect(meanAround(48, 28, 48)).toBeCloseTo(210, -1.5);
  });

  it("stretches to other sizes", () => {
    const small = makePhantom([8, 10, 12]);
    expect(small.data).toHaveLength(960);
    expect(small.grid.affine.map((row) => row[3])).toEqual([-10.5, -13.5, -16.5, 1]);
  });
});
