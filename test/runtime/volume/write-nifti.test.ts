import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readFileBytes, writeFileAtomically } from "../../../src/runtime/volume/files.js";
import { readNifti, readNiftiFile } from "../../../src/runtime/volume/read-nifti.js";
import { encodeLabelMap, encodeVolume, writeLabelMapFile } from "../../../src/runtime/volume/write-nifti.js";
import { failureOf } from "./failure.js";
import { buildNifti } from "./nifti-bytes.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slab-volume-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const scan = () => readNifti(buildNifti(), "scan.nii");

describe("encoding a label map", () => {
  it("gives back the same labels, affine and header numbers after reading", () => {
    const size = fc.integer({ min: 1, max: 40 });
    const real = fc.float({ min: -300, max: 300, noNaN: true });
    const rows = fc.array(fc.array(real, { minLength: 4, maxLength: 4 }), { minLength: 3, maxLength: 3 });
    const recipe = fc.record({
      version: fc.constantFrom(1 as const, 2 as const),
      little: fc.boolean(),
      sformCode: fc.integer({ min: 0, max: 4 }),
      qformCode: fc.integer({ min: 0, max: 4 }),
      units: fc.constantFrom(0, 1, 2, 3, 10),
      pixdim: fc.array(fc.float({ min: Math.fround(0.1), max: 9, noNaN: true }), {
        minLength: 7,
        maxLength: 7,
      }),
      quaternion: fc.array(fc.float({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 3, maxLength: 3 }),
      offsets: fc.array(real, { minLength: 3, maxLength: 3 }),
    });
    fc.assert(
      fc.property(recipe, rows, fc.tuple(size, size, size), fc.boolean(), (parts, noise, [x, y, z], gzip) => {
        const sform = noise.map((row, i) => row.map((value, j) => Math.fround(value + (i === j ? 2000 : 0))));
        const file = buildNifti({
          ...parts,
          sform,
          pixdim: [-1, ...parts.pixdim],
          dims: [4, x, y, z, 1, 1, 1, 1],
          voxels: new Uint8Array(x * y * z),
        });
        const source = readNifti(file, "scan.nii");
        const labels = Uint8Array.from({ length: x * y * z }, (_, index) => (index * 7) % 256);
        const written = readNifti(encodeLabelMap(labels, source, gzip), "labels.nii");
        expect(written.data).toEqual(Float32Array.from(labels));
        expect(written.grid).toEqual(source.grid);
        expect(written.header).toEqual(source.header);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["uint8", 2, 8, Int32Array, 255],
    ["uint16", 512, 16, Int32Array, 256],
    ["uint16", 512, 16, Uint16Array, 65535],
    ["int32", 8, 32, Int32Array, 65536],
    ["int32", 8, 32, Int32Array, -1],
    ["uint8", 2, 8, Uint8Array, 1],
  ] as const)("takes %s (code %i, %i bits) where %o holds %i", (_, code, bits, Labels, label) => {
    const labels = new Labels(24);
    labels[13] = label;
    const bytes = encodeLabelMap(labels, scan(), false);
    const view = new DataView(bytes.buffer);
    expect([view.getInt16(70, true), view.getInt16(72, true)]).toEqual([code, bits]);
    expect(bytes.length).toBe(352 + (24 * bits) / 8);
    expect([...readNifti(bytes, "labels.nii").data]).toEqual([...labels]);
  });

  it("says what it is and that it is not scaled", () => {
    const source = readNifti(buildNifti({ slope: 2, intercept: 5, units: 10 }), "scan.nii");
    const bytes = encodeLabelMap(new Uint8Array(24), source, false);
    const view = new DataView(bytes.buffer);
    expect(Buffer.from(bytes.subarray(148, 163)).toString("latin1")).toBe("Slab label map\0");
    expect([view.getFloat32(112, true), view.getFloat32(116, true)]).toEqual([1, 0]);
    expect(view.getInt16(68, true)).toBe(0);
    expect(view.getUint8(123)).toBe(10);
    expect(view.getFloat32(108, true)).toBe(352);
    expect(view.getInt32(348, true)).toBe(0);
  });

  it("refuses, as our own mistake, labels of another grid", () => {
    expect(() => encodeLabelMap(new Uint8Array(23), scan(), false)).toThrow(/23 voxels for a grid of 2x3x4/);
  });
});

describe("encoding a volume", () => {
  it("gives back int16 and float32 intensities and the affine", () => {
    const { grid } = readNifti(
      buildNifti({
        sform: [
          [0, 0, 2, 1],
          [-3, 0, 0, 2],
          [0, 4, 0, 3],
        ],
      }),
      "scan.nii",
    );
    for (const data of [
      Int16Array.from({ length: 24 }, (_, i) => i - 1000),
      Float32Array.from({ length: 24 }, (_, i) => i / 3),
    ]) {
      const volume = readNifti(encodeVolume(data, grid, true), "volume.nii.gz");
      expect([...volume.data]).toEqual([...data]);
      expect(volume.grid).toEqual(grid);
    }
  });
});

describe("files", () => {
  it("writes a label map, in gzip by its ending, and leaves nothing else", () => {
    const labels = Uint8Array.from({ length: 24 }, (_, index) => index);
    writeLabelMapFile(join(folder, "a.nii"), labels, scan());
    writeLabelMapFile(join(folder, "a.NII.gz"), labels, scan());
    expect(readdirSync(folder).sort()).toEqual(["a.NII.gz", "a.nii"]);
    const plain = readFileSync(join(folder, "a.nii"));
    expect(gunzipSync(readFileSync(join(folder, "a.NII.gz")))).toEqual(plain);
    expect([...readNiftiFile(join(folder, "a.nii")).data]).toEqual([...labels]);
  });

  it("refuses endings that are not NIfTI's", () => {
    for (const name of ["labels.png", "labels", "labels.gz"]) {
      expect(failureOf(() => writeLabelMapFile(join(folder, name), new Uint8Array(24), scan())).code).toBe(
        "SLAB5023",
      );
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it("replaces a file through a symbolic link", () => {
    writeFileSync(join(folder, "real"), "old");
    symlinkSync("real", join(folder, "link"));
    writeFileAtomically(join(folder, "link"), Buffer.from("new"));
    expect(readFileSync(join(folder, "real"), "utf8")).toBe("new");
    expect(readdirSync(folder).sort()).toEqual(["link", "real"]);
  });

  it("says why a file cannot be written, and leaves nothing behind", () => {
    const write = (path: string) => failureOf(() => writeFileAtomically(path, Buffer.from("x"))).code;
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "file"), "kept");
    expect(write(join(folder, "missing", "a.nii"))).toBe("SLAB5020");
    expect(write(join(folder, "sub"))).toBe("SLAB5021");
    expect(write(join(folder, "file", "a.nii"))).toBe("SLAB5021");
    expect(write(join(folder, `${"a".repeat(300)}.nii`))).toBe("SLAB5022");
    expect(readdirSync(folder).sort()).toEqual(["file", "sub"]);
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("kept");
  });

  it("does not replace a device", () => {
    expect(failureOf(() => writeFileAtomically("/dev/null", Buffer.from("x"))).code).toBe("SLAB5021");
  });

  it("removes the temporary file where writing stops half way, and does not blame the user for our mistake", () => {
    const bytes = { length: 5 } as unknown as Uint8Array;
    expect(() => writeFileAtomically(join(folder, "a"), bytes)).toThrow(TypeError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says why a file cannot be read", () => {
    writeFileSync(join(folder, "scan.nii.gz"), "");
    const missing = failureOf(() => readFileBytes(join(folder, "scna.nii.gz")));
    expect(missing.code).toBe("SLAB5001");
    expect(missing.help[0]).toContain(join(folder, "scan.nii.gz"));
    expect(failureOf(() => readNiftiFile(join(folder, "no", "scan.nii"))).code).toBe("SLAB5001");
    expect(failureOf(() => readNiftiFile(folder)).code).toBe("SLAB5002");
    expect(failureOf(() => readNiftiFile("/dev/null")).code).toBe("SLAB5003");
    expect(failureOf(() => readNiftiFile(join(folder, "scan.nii.gz"))).code).toBe("SLAB5005");
    // A hole, which takes no room on the disk.
    truncateSync(join(folder, "scan.nii.gz"), 2 ** 31);
    expect(failureOf(() => readNiftiFile(join(folder, "scan.nii.gz"))).code).toBe("SLAB5004");
  });
});
