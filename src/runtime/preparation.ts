import type { Labels } from "./tiling/labels.js";
import type { Triple } from "./tiling/positions.js";
import type { Collector } from "./tiling/window.js";
import { applyIntensity, type Intensity } from "./volume/intensity.js";
import type { Volume } from "./volume/volume.js";

/** A volume as the network sees it: on the network's grid, with the intensities that it was trained with. */
export interface NetworkVolume {
  readonly size: Triple;
  /** Row-major, axis 2 fastest. */
  readonly data: Float32Array;
}

/** A scan on its way into a network, and the way back. */
export interface PreparedScan {
  readonly volume: NetworkVolume;
  /** The labels of the network's grid on the scan's own. */
  restore(labels: Labels): Labels;
  /**
   * Where scores, rather than labels, are to go back to the scan's grid: takes the place of the arg-max on the
   * network's grid. `labels` are on the scan's grid then, and are not restored.
   */
  readonly collect?: (classes: number, areProbabilities: boolean) => Collector;
}

/**
 * What is done to a scan before the network and undone after it. It should not keep the scan's own data: whole scans are
 * large.
 *
 * @param name what the scan is called in diagnostics
 */
export type Preparation = (scan: Volume, name?: string) => PreparedScan;

/** Scales the intensities and leaves the grid as it is. Fails with SLAB5032 where a voxel is not finite. */
export function scaleOnly(intensity: Intensity): Preparation {
  return (scan, name) => ({
    volume: { size: scan.grid.size, data: applyIntensity(scan.data, intensity, name) },
    restore: (labels) => labels,
  });
}
