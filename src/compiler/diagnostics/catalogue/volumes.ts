import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB50xx: scans that cannot be read, label maps that cannot be written, intensities that make no sense. */

export const fileMissing = kind<{ similar: readonly string[] }>("SLAB5001", {
  title: () => "there is no such file",
  help: ({ similar }) =>
    similar.length > 0
      ? `did you mean ${alternatives(similar)}?`
      : "check the path, it is relative to the folder you are in",
});

export const folderNotFile = kind<Record<never, never>>("SLAB5002", {
  title: () => "this is a folder, not a file",
  help: () => "name one file, such as scan.nii.gz",
});

export const fileUnreadable = kind<{ reason: string }>("SLAB5003", {
  title: () => "the file cannot be read",
  notes: ({ reason }) => [{ label: "found", text: reason }],
  help: () => "check who may read it, and that it is an ordinary file",
});

export const fileTooLarge = kind<{ bytes: number; limit: number }>("SLAB5004", {
  title: () => "the file is too large to read",
  notes: ({ bytes, limit }) => [
    { label: "found", text: `${count(bytes)} bytes` },
    { label: "expected", text: `at most ${count(limit)} bytes` },
  ],
  help: () => "compress it with gzip, crop it, or save it with a smaller data type such as int16",
});

export const fileEmpty = kind<Record<never, never>>("SLAB5005", {
  title: () => "the file is empty",
  notes: () => [
    { label: "found", text: "0 bytes" },
    { label: "expected", text: "a NIfTI scan, .nii or .nii.gz" },
  ],
  help: () => "copy or download the file again",
});

export const notNifti = kind<{ found: string; help: string | undefined }>("SLAB5006", {
  title: () => "this is not a NIfTI file",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "a NIfTI-1 or NIfTI-2 header (magic n+1 or n+2), plain or in gzip" },
  ],
  help: ({ help }) => help ?? "convert the scan to NIfTI, .nii or .nii.gz",
});

export const headerImagePair = kind<{ magic: string }>("SLAB5007", {
  title: () => "the scan is split into a .hdr and an .img file",
  notes: ({ magic }) => [
    { label: "found", text: `magic ${magic}: only the header, the voxels are in another file` },
    { label: "expected", text: "header and voxels in one file, .nii or .nii.gz" },
  ],
  help: () => "save it as one file: nibabel.save(nibabel.load('scan.hdr'), 'scan.nii.gz')",
});

export const damagedGzip = kind<{ reason: string }>("SLAB5008", {
  title: () => "the gzip data is damaged or cut short",
  notes: ({ reason }) => [
    { label: "found", text: reason },
    { label: "expected", text: "complete gzip data with the right checksum" },
  ],
  help: () => "copy or download the file again; `gzip -t` checks it",
});

export const truncatedVoxels = kind<{ found: number; expected: number; size: string; type: string }>(
  "SLAB5009",
  {
    title: () => "the file ends before its last voxel",
    notes: ({ found, expected, size, type }) => [
      { label: "found", text: `at most ${count(found)} bytes` },
      {
        label: "expected",
        text: `${count(expected)} bytes, for ${size} voxels of ${type} behind the header`,
      },
    ],
    help: () => "copy or download the file again, or write the scan anew",
  },
);

export const notThreeDimensional = kind<{ found: string }>("SLAB5010", {
  title: () => "the scan is not a single 3D volume",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "three axes (more only where their size is 1)" },
  ],
  help: () => "save one volume of it as a file of its own, such as image.slicer[..., 0] in nibabel",
});

export const badAxisSize = kind<{ axis: number; size: number; found: string }>("SLAB5011", {
  title: ({ axis, size }) => `axis ${axis} of the scan has size ${size}`,
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "every axis at least 1 voxel long" },
  ],
  help: () => "the header is damaged: copy the file again, or write the scan anew",
});

export const tooManyVoxels = kind<{ found: string; limit: string }>("SLAB5012", {
  title: () => "the scan is too large",
  notes: ({ found, limit }) => [
    { label: "found", text: found },
    { label: "expected", text: `at most ${limit}` },
  ],
  help: () => "crop or resample it first, or save it with a smaller data type such as int16",
});

export const unsupportedDatatype = kind<{ found: string; supported: readonly string[] }>("SLAB5013", {
  title: () => "voxels of this data type cannot be segmented",
  notes: ({ found, supported }) => [
    { label: "found", text: found },
    { label: "expected", text: alternatives(supported) },
  ],
  help: () => "save the scan with one real number per voxel",
});

export const badVoxelOffset = kind<{ found: number; least: number }>("SLAB5014", {
  title: () => "the header does not say where the voxels begin",
  notes: ({ found, least }) => [
    { label: "found", text: `vox_offset ${found}` },
    { label: "expected", text: `a whole number of bytes, at least ${least}` },
  ],
  help: () => "the header is damaged: copy the file again, or write the scan anew",
});

export const badGeometry = kind<{ source: string; found: string }>("SLAB5015", {
  title: () => "the header does not say where the scan lies in space",
  notes: ({ source, found }) => [
    { label: "found", text: `${source}: ${found}` },
    { label: "expected", text: "three independent axes with finite numbers" },
  ],
  help: () => "set the affine anew, for example with nibabel's set_sform, and save the scan",
});

export const surplusData = kind<{ expected: number; size: string; type: string }>("SLAB5016", {
  title: () => "the file holds more data than its header says",
  notes: ({ expected, size, type }) => [
    { label: "found", text: `more than ${count(expected)} bytes` },
    { label: "expected", text: `${count(expected)} bytes, for ${size} voxels of ${type} behind the header` },
  ],
  help: () => "the sizes in the header may be wrong: write the scan anew",
});

export const truncatedHeader = kind<{ found: number; expected: number }>("SLAB5017", {
  title: () => "the file ends within its header",
  notes: ({ found, expected }) => [
    { label: "found", text: `${count(found)} bytes` },
    { label: "expected", text: `at least ${count(expected)} bytes of header` },
  ],
  help: () => "copy or download the file again",
});

export const badIntercept = kind<{ slope: number; intercept: number }>("SLAB5018", {
  title: () => "the header's intensity scaling is not a number",
  notes: ({ slope, intercept }) => [
    { label: "found", text: `scl_slope ${slope}, scl_inter ${intercept}` },
    { label: "expected", text: "a finite scl_inter" },
  ],
  help: () => "set scl_slope and scl_inter to 0 if the voxels are not scaled",
});

export const outputFolderMissing = kind<{ folder: string }>("SLAB5020", {
  title: () => "the folder to write to is not there",
  notes: ({ folder }) => [{ label: "found", text: `no folder ${folder}` }],
  help: ({ folder }) => `make it first: mkdir -p ${folder}`,
});

export const outputNotFile = kind<{ found: string }>("SLAB5021", {
  title: () => "cannot write over what is there already",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "an ordinary file, or nothing yet" },
  ],
  help: () => "name a file, such as labels.nii.gz",
});

export const outputUnwritable = kind<{ reason: string }>("SLAB5022", {
  title: () => "the file cannot be written",
  notes: ({ reason }) => [{ label: "found", text: reason }],
  help: () => "check who may write to the folder and how much space is left; nothing was changed",
});

export const labelMapEnding = kind<{ ending: string }>("SLAB5023", {
  title: () => "a label map is written as NIfTI",
  notes: ({ ending }) => [
    { label: "found", text: ending === "" ? "a name without an ending" : `the ending ${ending}` },
    { label: "expected", text: ".nii or .nii.gz" },
  ],
  help: () => "name the output labels.nii.gz",
});

export const unknownIntensity = kind<{ found: string; similar: readonly string[] }>("SLAB5030", {
  title: ({ found }) => `unknown intensity ${JSON.stringify(found)}`,
  notes: () => [
    { label: "expected", text: "none, minmax, zscore, window(low,high) or percentiles(low,high)" },
  ],
  help: ({ similar }) =>
    similar.length > 0
      ? `did you mean ${alternatives(similar)}?`
      : "for CT in HU, write for example window(-991,362)",
});

export const badWindow = kind<{ found: string }>("SLAB5031", {
  title: () => "an intensity needs a low and a higher number",
  notes: ({ found }) => [
    { label: "found", text: found },
    {
      label: "expected",
      text: "window(low,high) or percentiles(low,high) with low below high, percentiles in 0..100",
    },
  ],
  help: () => "write for example window(-991,362)",
});

export const nonFiniteVoxels = kind<{ nan: number; infinite: number; total: number }>("SLAB5032", {
  title: () => "some voxels of the scan are not finite numbers",
  notes: ({ nan, infinite, total }) => [
    { label: "found", text: `${count(nan)} NaN and ${count(infinite)} infinite of ${count(total)} voxels` },
    { label: "expected", text: "a finite intensity in every voxel" },
  ],
  help: () => "replace them first, for example with numpy.nan_to_num",
});

/** 1234567 as 1,234,567, whatever the machine's language. */
function count(value: number): string {
  return value.toLocaleString("en-US");
}
