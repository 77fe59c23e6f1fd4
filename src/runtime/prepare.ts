import * as messages from "../compiler/diagnostics/catalogue/preparation.js";
import { type Diagnostic, diagnose, fail } from "../compiler/diagnostics/diagnostic.js";
import type { Intensity, Modality, Pipeline } from "../compiler/support/pipeline.js";
import type { Preparation } from "./preparation.js";
import { applyIntensity, checkFinite, rangeOf } from "./volume/intensity.js";
import { probabilitiesToScan } from "./volume/probabilities.js";
import { labelsToScan, spatialMap, toNetwork } from "./volume/spatial.js";
import type { Volume } from "./volume/volume.js";

/** The part of a pipeline that is about a scan, rather than its tiles. */
export type ScanPipeline = Pick<
  Pipeline,
  "modality" | "orientation" | "spacing" | "interpolation" | "intensity" | "restoring"
>;

/**
 * Brings scans onto the network's grid and labels back: turned to its orientation, then resampled to its spacing, then
 * the intensities. `remark` is told of scans that look wrong. Fails with SLAB5032 where a voxel is not finite, SLAB5043
 * for a grid that would be huge, SLAB5044 for a scan without a spacing, SLAB5045 for one without nonzero voxels.
 */
export function preparePipeline(
  pipeline: ScanPipeline,
  remark: (diagnostic: Diagnostic) => void = () => undefined,
): Preparation {
  const { intensity, interpolation, spacing } = pipeline;
  return (scan, name) => {
    const { grid, data } = scan;
    if (spacing) requireSpacing(scan, name);
    checkFinite(data, name);
    for (const each of suspicions(rangeOf(data), pipeline.modality, intensity, name)) remark(each);
    const map = spatialMap(grid, pipeline, name);
    const moved = toNetwork(data, grid, map, interpolation);
    // The scan's own voxels may be shown later; what was made here is the network's alone.
    const prepared =
      moved === data ? applyIntensity(data, intensity, name) : applyIntensity(moved, intensity, name, moved);
    const resampled = map.steps.some((step) => step !== 1);
    return {
      volume: { size: map.grid.size, data: prepared },
      restore: (labels) => labelsToScan(labels, grid, map),
      ...(pipeline.restoring === "probabilities" && resampled
        ? {
            collect: (classes, areProbabilities) => probabilitiesToScan(grid, map, classes, areProbabilities),
          }
        : {}),
    };
  };
}

/** An affine from pixdim, or from a quaternion, is made of sizes that must be there; nibabel reads 0 as 1. */
function requireSpacing({ header }: Volume, path: string | undefined): void {
  const sizes = header.pixdim.slice(1, 4);
  if (header.sformCode > 0 || sizes.every((size) => size !== 0)) return;
  fail(
    messages.spacingMissing,
    { found: `pixdim ${sizes.join(", ")}` },
    path === undefined ? undefined : { path },
  );
}

/** Of air, in Hounsfield units; inside of a body nearly all is above. */
const air = -1000;

/** What tells that a scan is of another modality, or was scaled before. */
function suspicions(
  [low, high]: readonly [number, number],
  modality: Modality,
  intensity: Intensity,
  path: string | undefined,
): Diagnostic[] {
  const place = path === undefined ? undefined : { path };
  const warn = (reason: string, help: string) => [
    diagnose(messages.unlikelyModality, { modality, low, high, reason, help }, place),
  ];
  if (modality === "ct") {
    const help =
      "a CT pipeline expects Hounsfield units, air near -1000 and water at 0: give the scan as it was reconstructed";
    if (high - low <= 10) return warn("scaled already", help);
    if (low >= 0 && high <= 255) return warn("grey values of a picture", help);
    if (low >= 0 && high >= 1000)
      return warn("nothing below water: 1024 may have been added, or it is not a CT", help);
  }
  if (modality === "mr" && low <= air && high > 0) {
    return warn("Hounsfield units, as of a CT", "an MR pipeline expects an MR scan");
  }
  if (intensity.kind === "window" && (high <= intensity.low || low >= intensity.high)) {
    const what = `window(${intensity.low}, ${intensity.high})`;
    return [diagnose(messages.intensityLost, { found: `values from ${low} to ${high}`, what }, place)];
  }
  return [];
}
