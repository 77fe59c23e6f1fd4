import { kind } from "../diagnostic.js";

/** SLAB5040 to SLAB5069: scans on their way to a network's grid, and the pipeline that a model carries. */

export const unlikelyModality = kind<{
  modality: string;
  low: number;
  high: number;
  reason: string;
  help: string;
}>("SLAB5040", {
  severity: "warning",
  title: ({ modality }) => `this does not look like ${modality === "ct" ? "CT" : "MR"}`,
  notes: ({ low, high, reason }) => [
    { label: "found", text: `values from ${shown(low)} to ${shown(high)}: ${reason}` },
  ],
  help: ({ help }) => help,
});

export const pipelineInvalid = kind<{ found: string; expected: string }>("SLAB5041", {
  title: () => "the pipeline that the model carries is damaged",
  notes: ({ found, expected }) => [
    { label: "found", text: found },
    { label: "expected", text: expected },
  ],
  help: () => "compile the network again: slab compile network.slab -o model.onnx",
});

export const pipelineNewer = kind<{ format: number; known: number }>("SLAB5042", {
  title: () => "the pipeline that the model carries is of a newer Slab",
  notes: ({ format, known }) => [
    { label: "found", text: `pipeline format ${format}` },
    { label: "expected", text: `pipeline format ${known}` },
  ],
  help: () => "update Slab, or compile the network with this version",
});

export const gridTooLarge = kind<{ found: string; scan: string; own: string; spacing: string }>("SLAB5043", {
  title: () => "resampled, the scan would be too large",
  notes: ({ found, scan, own, spacing }) => [
    { label: "found", text: `${scan} voxels of ${own} mm become ${found} of ${spacing} mm` },
    { label: "expected", text: "at most 2^29 voxels" },
  ],
  help: () => "check the scan's spacing (is it in mm?), or crop the scan",
});

export const spacingMissing = kind<{ found: string }>("SLAB5044", {
  title: () => "the header does not say how large the voxels are, and the pipeline resamples",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "a size above 0 in mm for each axis" },
  ],
  help: () => "set the spacing, for example with nibabel's header.set_zooms, and save the scan",
});

export const noIntensities = kind<{ what: string }>("SLAB5045", {
  title: ({ what }) => `${what} over nonzero voxels: the scan has none`,
  help: () => "every voxel of the scan is 0: is it the right file?",
});

export const intensityLost = kind<{ found: string; what: string }>("SLAB5046", {
  severity: "warning",
  title: ({ what }) => `all of the scan lies on one side of ${what}`,
  notes: ({ found }) => [{ label: "found", text: found }],
  help: () => "the network sees a volume of one value: check the scan's units, or give --intensity",
});

export const pipelineTile = kind<{ found: string; model: string }>("SLAB5047", {
  title: () => "the model and the pipeline that it carries have different tiles",
  notes: ({ found, model }) => [
    { label: "pipeline", text: found },
    { label: "model", text: model },
  ],
  help: () => "compile the network again: slab compile network.slab -o model.onnx",
});

export const pipelineLabels = kind<{ labels: number; classes: number }>("SLAB5048", {
  title: () => "the model and the pipeline that it carries have different numbers of labels",
  notes: ({ labels, classes }) => [
    { label: "pipeline", text: `${labels} labels` },
    { label: "model", text: `${classes} classes` },
  ],
  help: () => "compile the network again: slab compile network.slab -o model.onnx",
});

export const restoringNothing = kind<Record<never, never>>("SLAB5049", {
  title: () => "--restore probabilities has nothing to do: no spacing is given, so nothing is resampled",
  help: () => "leave it out, or say the network's spacing: --spacing 1.5x1.5x2",
});

export const badSpacingOption = kind<{ found: string }>("SLAB5050", {
  title: () => "--spacing is not a size of voxels",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "three numbers above 0 in mm, as in 1.5x1.5x2" },
  ],
});

export const badOrientationOption = kind<{ found: string; problem: string; near: readonly string[] }>(
  "SLAB5051",
  {
    title: ({ found }) => `${found} is not an orientation`,
    notes: ({ problem }) => [
      { label: "found", text: problem },
      { label: "expected", text: "one of L and R, one of P and A, one of I and S" },
    ],
    help: ({ near }) => (near.length > 0 ? `did you mean ${near.join(" or ")}?` : "RAS is the usual one"),
  },
);

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
