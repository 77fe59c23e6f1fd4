import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axisCodes } from "../../../src/runtime/volume/orientation.js";
import { readNifti } from "../../../src/runtime/volume/read-nifti.js";
import { buildNifti, type Recipe } from "./nifti-bytes.js";

const gridOf = (recipe: Recipe) => readNifti(buildNifti(recipe), "scan.nii").grid;

describe("where a scan lies", () => {
  const sform = [
    [-2, 0, 0, 90],
    [0, 0, 3, -126],
    [0, -4, 0, 72],
  ];

  it("takes the sform first, and the spacing from its columns", () => {
    const grid = gridOf({ sform, qformCode: 1, sformCode: 2, pixdim: [1, 9, 9, 9, 0, 0, 0, 0] });
    expect(grid.affine).toEqual([...sform, [0, 0, 0, 1]]);
    expect(grid.spacing).toEqual([2, 4, 3]);
    expect(grid.orientation).toBe("LIA");
  });

  it("takes the qform where the sform has no code", () => {
    // A half turn about z; nibabel 5 gives the same affine.
    const recipe: Recipe = {
      sformCode: 0,
      qformCode: 1,
      quaternion: [0, 0, 1],
      offsets: [5, 6, 7],
      pixdim: [1, 2, 3, 4, 0, 0, 0, 0],
      sform,
    };
    expect(gridOf(recipe).affine).toEqual([
      [-2, 0, 0, 5],
      [0, -3, 0, 6],
      [0, 0, 4, 7],
      [0, 0, 0, 1],
    ]);
    expect(gridOf(recipe).orientation).toBe("LPS");
    expect(gridOf({ ...recipe, pixdim: [-1, 2, 3, 4, 0, 0, 0, 0] }).orientation).toBe("LPI");
  });

  it("turns an oblique quaternion into the rotation nibabel computes", () => {
    const { affine, orientation } = gridOf({
      sformCode: 0,
      qformCode: 1,
      quaternion: [0.1, -0.2, 0.3],
      offsets: [1, 2, 3],
      pixdim: [-1, 0.5, 2, 3, 0, 0, 0, 0],
    });
    const expected = [
      0.3699999916553496, -1.1928342604719482, 0.9328342206154592, 1.0, 0.25820856392589414,
      1.599999970197677, 0.9164171348946458, 2.0, 0.21547237338083203, 0.13094473037038656,
      -2.699999991059303, 3.0, 0.0, 0.0, 0.0, 1.0,
    ];
    affine.flat().forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] as number, 12);
    });
    expect(orientation).toBe("RAI");
  });

  it("without a code, looks from the centre with axis 0 to the left, as nibabel", () => {
    const grid = gridOf({ sformCode: 0, pixdim: [1, 2, -3, 0, 0, 0, 0, 0] });
    expect(grid.affine).toEqual([
      [-2, 0, 0, 1],
      [0, 3, 0, -3],
      [0, 0, 1, -1.5],
      [0, 0, 0, 1],
    ]);
    expect(grid.orientation).toBe("LAS");
  });

  it("turns metres and micrometres into mm", () => {
    expect(
      gridOf({
        units: 1,
        sform: [
          [0.002, 0, 0, 0],
          [0, 0.002, 0, 0],
          [0, 0, 0.002, 0],
        ],
      }).spacing[0],
    ).toBeCloseTo(2, 6);
    expect(
      gridOf({
        units: 3,
        sform: [
          [500, 0, 0, 0],
          [0, 500, 0, 0],
          [0, 0, 500, 0],
        ],
      }).spacing,
    ).toEqual([0.5, 0.5, 0.5]);
  });

  it("keeps all digits of a NIfTI-2 affine", () => {
    expect(
      gridOf({
        version: 2,
        sform: [
          [0.1, 0, 0, 1 / 3],
          [0, 0.7, 0, 0],
          [0, 0, 1, 0],
        ],
      }).affine[0],
    ).toEqual([0.1, 0, 0, 1 / 3]);
  });
});

describe("axis codes", () => {
  it("names every right-angled orientation by where its axes point", () => {
    const letters = [
      ["L", "R"],
      ["P", "A"],
      ["I", "S"],
    ];
    const permutations = fc.constantFrom([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]);
    const lengths = fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 });
    const signs = fc.array(fc.constantFrom(-1, 1), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(permutations, lengths, signs, (worlds, spacing, sign) => {
        const affine = [0, 1, 2].map((world) => [
          ...worlds.map((of, axis) =>
            of === world ? (sign[axis] as number) * (spacing[axis] as number) : 0,
          ),
          13,
        ]);
        const expected = worlds.map((world, axis) => letters[world]?.[sign[axis] === 1 ? 1 : 0]).join("");
        expect(axisCodes([...affine, [0, 0, 0, 1]])).toBe(expected);
      }),
    );
  });

  it.each<[string, number[][]]>([
    [
      "RSP",
      [
        [2.04, -2.56, 0.42, -0.57],
        [-0.45, -0.22, -2.02, -0.23],
        [-0.87, 3.32, 0.23, -0.35],
      ],
    ],
    [
      "ASL",
      [
        [-0.28, -0.67, -1.06, -0.39],
        [0.48, -0.24, 0.96, -0.2],
        [0.02, 1.55, 0.55, -0.51],
      ],
    ],
    [
      "SAR",
      [
        [-0.18, 0.54, 1.94, -0.27],
        [-0.24, 1.0, -0.89, -0.29],
        [0.88, 0.58, 0.09, 0.67],
      ],
    ],
    [
      "LAS",
      [
        [-2.83, 1.02, -0.96, -1.67],
        [0.28, 0.7, -0.44, -1.08],
        [0.03, -0.05, 1.41, 0.75],
      ],
    ],
    [
      "ARS",
      [
        [0.19, 1.11, -0.21, -0.93],
        [0.58, 0.58, -0.21, -0.78],
        [0.23, -2.49, 0.69, 0.49],
      ],
    ],
    [
      "IPL",
      [
        [-1.64, 0.06, -0.96, 0.76],
        [-2.03, -0.91, 0.71, 1.16],
        [-2.16, -0.5, 0.33, -0.61],
      ],
    ],
    [
      "ALS",
      [
        [1.59, -1.19, 0.35, -1.05],
        [1.41, -0.02, -0.37, -1.72],
        [1.68, 0.75, 0.75, 1.14],
      ],
    ],
    [
      "ALI",
      [
        [0.35, -0.64, -0.8, -0.8],
        [1.37, -1.46, -0.6, -0.32],
        [0.22, 0.58, -1.25, -1.73],
      ],
    ],
    [
      "IRP",
      [
        [-0.0, 1.21, 0.76, 0.22],
        [-0.32, 0.29, -0.24, 0.82],
        [-0.79, 0.13, -0.11, 0.54],
      ],
    ],
    [
      "IRP",
      [
        [0.22, 2.55, 1.5, 1.5],
        [-2.04, -0.34, -0.61, 0.53],
        [-2.28, 1.17, 1.07, -1.3],
      ],
    ],
    [
      "ALS",
      [
        [-0.98, -0.8, 0.04, 0.64],
        [2.05, -0.2, 0.77, 0.16],
        [1.76, 0.74, 1.37, -1.08],
      ],
    ],
    [
      "PLS",
      [
        [-0.19, -0.81, 1.5, 0.66],
        [-0.31, -0.45, 0.48, -0.7],
        [-0.93, 0.48, 2.46, -0.25],
      ],
    ],
  ])("agrees with nibabel on oblique and sheared axes: %s", (expected, rows) => {
    expect(axisCodes([...rows, [0, 0, 0, 1]])).toBe(expected);
  });
});
