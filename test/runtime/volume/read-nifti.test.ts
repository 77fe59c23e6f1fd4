import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SlabFailure } from "../../../src/compiler/diagnostics/diagnostic.js";
import { readNifti } from "../../../src/runtime/volume/read-nifti.js";
import { failureOf } from "./failure.js";
import { buildNifti, type Recipe } from "./nifti-bytes.js";

type Setter = (view: DataView, at: number, value: number, little: boolean) => void;

const kinds: { name: string; code: number; bytes: number; values: number[]; set: Setter }[] = [
  { name: "uint8", code: 2, bytes: 1, values: [0, 200, 255], set: (v, at, x) => v.setUint8(at, x) },
  { name: "int8", code: 256, bytes: 1, values: [-128, 0, 127], set: (v, at, x) => v.setInt8(at, x) },
  {
    name: "int16",
    code: 4,
    bytes: 2,
    values: [-32768, 5, 32767],
    set: (v, at, x, l) => v.setInt16(at, x, l),
  },
  {
    name: "uint16",
    code: 512,
    bytes: 2,
    values: [0, 258, 65535],
    set: (v, at, x, l) => v.setUint16(at, x, l),
  },
  {
    name: "int32",
    code: 8,
    bytes: 4,
    values: [-70000, 7, 2 ** 24],
    set: (v, at, x, l) => v.setInt32(at, x, l),
  },
  {
    name: "uint32",
    code: 768,
    bytes: 4,
    values: [0, 2 ** 31, 9],
    set: (v, at, x, l) => v.setUint32(at, x, l),
  },
  {
    name: "int64",
    code: 1024,
    bytes: 8,
    values: [-(2 ** 40), -1, 3],
    set: (v, at, x, l) => v.setBigInt64(at, BigInt(x), l),
  },
  {
    name: "uint64",
    code: 1280,
    bytes: 8,
    values: [2 ** 63, 0, 4],
    set: (v, at, x, l) => v.setBigUint64(at, BigInt(x), l),
  },
  {
    name: "float32",
    code: 16,
    bytes: 4,
    values: [-1.5, 0.25, 1e30],
    set: (v, at, x, l) => v.setFloat32(at, x, l),
  },
  {
    name: "float64",
    code: 64,
    bytes: 8,
    values: [-1.5, 2 ** -40, 1e20],
    set: (v, at, x, l) => v.setFloat64(at, x, l),
  },
];

function voxelsOf(
  kind: (typeof kinds)[number],
  count: number,
  little: boolean,
): { bytes: Uint8Array; values: number[] } {
  const bytes = new Uint8Array(count * kind.bytes);
  const values = Array.from(
    { length: count },
    (_, index) => kind.values[(index * index + index) % 3] as number,
  );
  values.forEach((value, index) => {
    kind.set(new DataView(bytes.buffer), index * kind.bytes, value, little);
  });
  return { bytes, values };
}

/** Voxel (i, j, k) of a file is at i + nx * (j + ny * k). */
function rowMajor(values: readonly number[], [nx, ny, nz]: readonly number[]): number[] {
  const result: number[] = [];
  for (let i = 0; i < (nx as number); i++) {
    for (let j = 0; j < (ny as number); j++) {
      for (let k = 0; k < (nz as number); k++) {
        result.push(values[i + (nx as number) * (j + (ny as number) * k)] as number);
      }
    }
  }
  return result;
}

const codeOf = (recipe: Recipe) => failureOf(() => readNifti(buildNifti(recipe), "scan.nii")).code;

describe("reading voxels", () => {
  for (const kind of kinds) {
    for (const little of [true, false]) {
      for (const version of [1, 2] as const) {
        it(`reads ${kind.name} in ${little ? "little" : "big"} endian from NIfTI-${version}`, () => {
          const { bytes, values } = voxelsOf(kind, 24, little);
          const file = buildNifti({ version, little, datatype: kind.code, voxels: bytes });
          const volume = readNifti(file, "scan.nii");
          expect([...volume.data]).toEqual(rowMajor(values, [2, 3, 4]).map(Math.fround));
          expect(volume.grid.size).toEqual([2, 3, 4]);
        });
      }
    }
  }

  it("turns voxels to row-major for any size", () => {
    const size = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 5 }), size, (nx, ny, nz) => {
        const values = Array.from({ length: nx * ny * nz }, (_, index) => index % 251);
        const file = buildNifti({ dims: [3, nx, ny, nz, 1, 1, 1, 1], voxels: Uint8Array.from(values) });
        expect(readNifti(file, "scan.nii").data).toEqual(Float32Array.from(rowMajor(values, [nx, ny, nz])));
      }),
      { numRuns: 40 },
    );
  });

  it("applies slope and intercept in float64", () => {
    const voxels = Uint8Array.from({ length: 24 }, (_, index) => index);
    const slope = Math.fround(0.1);
    const volume = readNifti(buildNifti({ voxels, slope: 0.1, intercept: -1000.5 }), "scan.nii");
    expect([...volume.data]).toEqual(
      rowMajor([...voxels], [2, 3, 4]).map((x) => Math.fround(x * slope - 1000.5)),
    );
  });

  it.each([0, Number.NaN, Number.POSITIVE_INFINITY])("takes a slope of %s for none", (slope) => {
    const volume = readNifti(
      buildNifti({ voxels: new Uint8Array(24).fill(9), slope, intercept: 5 }),
      "scan.nii",
    );
    expect(new Set(volume.data)).toEqual(new Set([9]));
  });

  it("passes over extensions, also odd ones", () => {
    const extension = new Uint8Array(48).fill(0xff);
    for (const version of [1, 2] as const) {
      const file = buildNifti({ version, extension, voxels: new Uint8Array(24).fill(3) });
      expect(new Set(readNifti(file, "scan.nii").data)).toEqual(new Set([3]));
    }
  });

  it("reads voxels at an address that does not suit their type", () => {
    const { bytes, values } = voxelsOf(kinds[9] as (typeof kinds)[number], 24, true);
    const file = buildNifti({ datatype: 64, voxels: bytes });
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect([...readNifti(shifted.subarray(3), "scan.nii").data]).toEqual(
      rowMajor(values, [2, 3, 4]).map(Math.fround),
    );
  });

  it("accepts a fourth axis of size 1", () => {
    expect(readNifti(buildNifti({ dims: [4, 2, 3, 4, 1, 1, 1, 1] }), "scan.nii").grid.size).toEqual([
      2, 3, 4,
    ]);
  });

  it("tells gzip by content and reads several members", () => {
    const file = buildNifti({ voxels: Uint8Array.from({ length: 24 }, (_, index) => index) });
    const plain = readNifti(file, "scan.nii.gz");
    const members = Buffer.concat([gzipSync(file.subarray(0, 300)), gzipSync(file.subarray(300))]);
    expect(readNifti(gzipSync(file), "scan.nii").data).toEqual(plain.data);
    expect(readNifti(members, "scan.nii").data).toEqual(plain.data);
  });
});

describe("refusing what is no scan", () => {
  it.each<[string, string, Recipe]>([
    ["four real axes", "SLAB5010", { dims: [4, 2, 3, 4, 5, 1, 1, 1] }],
    ["two axes", "SLAB5010", { dims: [2, 2, 3, 1, 1, 1, 1, 1] }],
    ["a senseless number of axes", "SLAB5010", { dims: [99, 2, 3, 4, 1, 1, 1, 1] }],
    ["a size of zero", "SLAB5011", { dims: [3, 2, 0, 4, 1, 1, 1, 1] }],
    ["a negative size", "SLAB5011", { dims: [3, 2, 3, -4, 1, 1, 1, 1] }],
    ["a negative size in NIfTI-2", "SLAB5011", { version: 2, dims: [3, 2, 3, -4, 1, 1, 1, 1] }],
    ["a zero trailing size", "SLAB5011", { dims: [4, 2, 3, 4, 0, 1, 1, 1] }],
    ["too many voxels", "SLAB5012", { dims: [3, 32767, 32767, 32767, 1, 1, 1, 1] }],
    ["too many voxels in NIfTI-2", "SLAB5012", { version: 2, dims: [3, 2 ** 52, 2 ** 52, 9, 1, 1, 1, 1] }],
    ["too many bytes", "SLAB5012", { dims: [3, 1024, 1024, 300, 1, 1, 1, 1], datatype: 64 }],
    ["RGB", "SLAB5013", { datatype: 128 }],
    ["complex numbers", "SLAB5013", { datatype: 32 }],
    ["an unknown data type", "SLAB5013", { datatype: 3 }],
    ["voxels inside the header", "SLAB5014", { offset: 16 }],
    ["voxels at a fraction", "SLAB5014", { offset: 352.5 }],
    ["voxels at no number", "SLAB5014", { offset: Number.NaN }],
    ["voxels far away", "SLAB5012", { offset: 2 ** 40 }],
    ["voxels behind the end", "SLAB5009", { offset: 4096 }],
    ["missing voxels", "SLAB5009", { voxels: new Uint8Array(23) }],
    ["much more data than voxels", "SLAB5016", { voxels: new Uint8Array(70000) }],
    ["an infinite intercept", "SLAB5018", { slope: 1, intercept: Number.POSITIVE_INFINITY }],
    ["a split pair", "SLAB5007", { magic: "ni1\0" }],
    ["a split pair of NIfTI-2", "SLAB5007", { version: 2, magic: "ni2\0\r\n\u001a\n" }],
    ["a wrong magic", "SLAB5006", { magic: "n+7\0" }],
    ["a wrong header length", "SLAB5006", { sizeof: 347 }],
    [
      "a NaN in the sform",
      "SLAB5015",
      {
        sform: [
          [1, 0, 0, Number.NaN],
          [0, 1, 0, 0],
          [0, 0, 1, 0],
        ],
      },
    ],
    [
      "an sform of zeros",
      "SLAB5015",
      {
        sform: [
          [0, 0, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 0, 0],
        ],
      },
    ],
    [
      "axes in one plane",
      "SLAB5015",
      {
        sform: [
          [1, 0, 1, 0],
          [0, 1, 1, 0],
          [0, 0, 0, 0],
        ],
      },
    ],
    ["a quaternion longer than 1", "SLAB5015", { sformCode: 0, qformCode: 1, quaternion: [1, 1, 0] }],
  ])("%s: %s", (_, code, recipe) => {
    const file = buildNifti(recipe);
    for (const bytes of [file, gzipSync(file)]) {
      const failure = failureOf(() => readNifti(bytes, "some/scan.nii"));
      expect(failure.code).toBe(code);
      expect(failure.place).toEqual({ path: "some/scan.nii" });
      expect(failure.notes.map(({ label }) => label)).toEqual(["found", "expected"]);
      expect(failure.help).toHaveLength(1);
    }
  });

  it("an empty file, and one that ends within its header", () => {
    expect(failureOf(() => readNifti(new Uint8Array(), "a")).code).toBe("SLAB5005");
    expect(failureOf(() => readNifti(buildNifti().subarray(0, 347), "a")).code).toBe("SLAB5017");
    expect(failureOf(() => readNifti(gzipSync(buildNifti({ version: 2 }).subarray(0, 539)), "a")).code).toBe(
      "SLAB5017",
    );
    expect(failureOf(() => readNifti(Uint8Array.of(0x5c), "a")).code).toBe("SLAB5006");
  });

  it("gzip that is cut short, damaged or no NIfTI", () => {
    const noise = Uint8Array.from({ length: 24 }, (_, index) => (index * 97) % 256);
    const whole = gzipSync(buildNifti({ voxels: noise }));
    expect(failureOf(() => readNifti(whole.subarray(0, whole.length - 20), "a")).code).toBe("SLAB5008");
    expect(failureOf(() => readNifti(whole.subarray(0, 12), "a")).code).toBe("SLAB5008");
    const flipped = Uint8Array.from(whole);
    flipped[flipped.length - 6] = (flipped[flipped.length - 6] as number) ^ 1;
    expect(failureOf(() => readNifti(flipped, "a")).code).toBe("SLAB5008");
    expect(failureOf(() => readNifti(gzipSync(Buffer.alloc(1000)), "a")).code).toBe("SLAB5006");
    expect(failureOf(() => readNifti(gzipSync(Buffer.alloc(0)), "a")).code).toBe("SLAB5006");
  });

  it("a small gzip file that claims a large scan, before decompressing it", () => {
    const file = gzipSync(buildNifti({ dims: [3, 1000, 1000, 500, 1, 1, 1, 1] }));
    expect(failureOf(() => readNifti(file, "a")).code).toBe("SLAB5009");
  });

  it("a gzip bomb behind a small scan", () => {
    const bomb = gzipSync(Buffer.concat([buildNifti(), Buffer.alloc(50_000_000)]));
    expect(failureOf(() => readNifti(bomb, "a")).code).toBe("SLAB5016");
  });

  it("names DICOM files and Git LFS pointers", () => {
    const dicom = Buffer.alloc(400);
    dicom.write("DICM", 128, "latin1");
    expect(failureOf(() => readNifti(dicom, "a")).notes[0]?.text).toBe("a DICOM file");
    const pointer = Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    expect(failureOf(() => readNifti(pointer, "a")).help[0]).toContain("git lfs pull");
  });

  it("any damaged header gives a volume or a diagnostic, nothing else", () => {
    const change = fc.tuple(fc.integer({ min: 0, max: 375 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), fc.boolean(), (changes, gzip) => {
        const file = buildNifti({ qformCode: 1, slope: 1 });
        for (const [at, value] of changes) file[at] = value;
        try {
          const { data, grid } = readNifti(gzip ? gzipSync(file) : file, "a");
          expect(data.length).toBe(grid.size[0] * grid.size[1] * grid.size[2]);
        } catch (error) {
          expect(error).toBeInstanceOf(SlabFailure);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("tolerates padding behind the voxels", () => {
    expect(readNifti(buildNifti({ voxels: new Uint8Array(24 + 512) }), "a").data).toHaveLength(24);
    expect(codeOf({ voxels: new Uint8Array(24 + 65537) })).toBe("SLAB5016");
  });
});
