import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readNifti, readNiftiFile } from "../../../src/runtime/volume/read-nifti.js";
import { encodeLabelMap } from "../../../src/runtime/volume/write-nifti.js";

const folder = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));
const absent = existsSync(folder) ? "" : " (skipped: the folder shared/data is not beside the repository)";

/** Sizes, spacing, orientation, sum of voxels: by nibabel 5 and numpy in float64. */
const scans: [
  name: string,
  size: number[],
  spacing: number[],
  orientation: string,
  least: number,
  greatest: number,
  sum: number,
][] = [
  ["t1_crop.nii.gz", [256, 256, 256], [1.0, 1.0, 1.0], "LIA", 0.0, 255.0, 279078935.0],
  ["example_ct.nii.gz", [122, 101, 112], [3.0, 3.0, 3.0], "RAS", -1207.0, 3382.0, -496851173.0],
  ["example_seg.nii.gz", [122, 101, 30], [3.0, 3.0, 3.0], "RAS", 0.0, 117.0, 2734697.0],
  ["hippocampus/hippocampus_001.nii.gz", [35, 51, 35], [1.0, 1.0, 1.0], "RAS", 2.0, 139.0, 3968524.0],
  ["hippocampus/hippocampus_001_truth.nii.gz", [35, 51, 35], [1.0, 1.0, 1.0], "RAS", 0.0, 2.0, 4572.0],
];

describe.skipIf(absent !== "")(`real scans${absent}`, () => {
  it.each(scans)("%s reads as nibabel reads it", (name, size, spacing, orientation, least, greatest, sum) => {
    const { grid, data } = readNiftiFile(folder + name);
    expect(grid.size).toEqual(size);
    grid.spacing.forEach((value, axis) => {
      expect(value).toBeCloseTo(spacing[axis] as number, 10);
    });
    expect(grid.orientation).toBe(orientation);
    let [low, high, total] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (const value of data) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      total += value;
    }
    expect([low, high]).toEqual([least, greatest]);
    expect(Math.abs(total - sum)).toBeLessThanOrEqual(1e-7 * Math.abs(sum));
  });

  it("a real label map survives being written", () => {
    const source = readNiftiFile(`${folder}example_seg.nii.gz`);
    const written = readNifti(encodeLabelMap(Uint8Array.from(source.data), source, true), "labels.nii.gz");
    expect(Buffer.compare(Buffer.from(written.data.buffer), Buffer.from(source.data.buffer))).toBe(0);
    expect(written.grid).toEqual(source.grid);
    expect(written.header).toEqual(source.header);
  });
});
