import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyIntensity, parseIntensity } from "../../../src/runtime/volume/intensity.js";
import { failureOf } from "./failure.js";

describe("reading an intensity", () => {
  it("knows the four kinds", () => {
    expect(parseIntensity("none")).toEqual({ kind: "none" });
    expect(parseIntensity(" minmax ")).toEqual({ kind: "minmax" });
    expect(parseIntensity("zscore")).toEqual({ kind: "zscore" });
    expect(parseIntensity("window(-991,362)")).toEqual({ kind: "window", low: -991, high: 362 });
    expect(parseIntensity("window( -.5, 1e3 )")).toEqual({ kind: "window", low: -0.5, high: 1000 });
  });

  it("says what is wrong with anything else", () => {
    expect(failureOf(() => parseIntensity("zscores")).help).toEqual(["did you mean zscore?"]);
    expect(failureOf(() => parseIntensity("")).code).toBe("SLAB5030");
    for (const text of [
      "window",
      "window()",
      "window(1)",
      "window(5,5)",
      "window(9,1)",
      "window(a,b)",
      "window(1,2,3)",
      "window(-1e999,1)",
    ]) {
      expect(failureOf(() => parseIntensity(text)).code, text).toBe("SLAB5031");
    }
  });
});

const voxels = fc.float32Array({
  noNaN: true,
  noDefaultInfinity: true,
  min: -4000,
  max: 4000,
  minLength: 2,
  maxLength: 200,
});

describe("applying an intensity", () => {
  it("scales to 0..1 by least and greatest", () => {
    expect([...applyIntensity(Float32Array.of(-10, 0, 30), { kind: "minmax" })]).toEqual([0, 0.25, 1]);
  });

  it("gives mean 0 and population deviation 1", () => {
    expect([...applyIntensity(Float32Array.of(1, 3, 5, 7), { kind: "zscore" })]).toEqual(
      [-3, -1, 1, 3].map((value) => Math.fround(value / Math.sqrt(5))),
    );
  });

  it("clips to the window", () => {
    const window = { kind: "window", low: -1000, high: 1000 } as const;
    expect([...applyIntensity(Float32Array.of(-3000, -1000, 0, 500, 1000, 9000), window)]).toEqual([
      0, 0, 0.5, 0.75, 1, 1,
    ]);
  });

  it("leaves the voxels as they are under none, as a copy", () => {
    const data = Float32Array.of(1, -2);
    const result = applyIntensity(data, { kind: "none" });
    expect(result).toEqual(data);
    expect(result).not.toBe(data);
  });

  it("turns a constant volume into zeros", () => {
    for (const kind of ["minmax", "zscore"] as const) {
      expect(applyIntensity(new Float32Array(1001).fill(0.1), { kind })).toEqual(new Float32Array(1001));
    }
  });

  it("does not lose large sums to rounding", () => {
    const data = Float32Array.from({ length: 300_000 }, (_, index) => 16_000_000 + (index % 2));
    const result = applyIntensity(data, { kind: "zscore" });
    expect([result[0], result[1]]).toEqual([-1, 1]);
  });

  it("stays within 0..1 and keeps the order of voxels", () => {
    fc.assert(
      fc.property(voxels, fc.constantFrom("minmax", "window(-991,362)"), (data, text) => {
        const result = applyIntensity(data, parseIntensity(text));
        for (let index = 0; index < data.length; index++) {
          expect(result[index]).toBeGreaterThanOrEqual(0);
          expect(result[index]).toBeLessThanOrEqual(1);
          if (index > 0 && (data[index] as number) >= (data[index - 1] as number)) {
            expect(result[index]).toBeGreaterThanOrEqual(result[index - 1] as number);
          }
        }
      }),
    );
  });

  it.each(["none", "minmax", "zscore", "window(0,1)"])(
    "counts voxels that are not finite under %s",
    (text) => {
      const data = Float32Array.of(1, Number.NaN, Number.NaN, Number.NEGATIVE_INFINITY, 2);
      const failure = failureOf(() => applyIntensity(data, parseIntensity(text), "scan.nii"));
      expect(failure.code).toBe("SLAB5032");
      expect(failure.notes[0]?.text).toBe("2 NaN and 1 infinite of 5 voxels");
      expect(failure.place).toEqual({ path: "scan.nii" });
    },
  );
});
