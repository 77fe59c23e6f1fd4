import { type DisplayAxes, PANELS, type Panel } from "./display.js";
import type { Frame } from "./slice.js";

export const MARGIN = 12;

const LONGEST_SIDE = 960;
const WIDEST = 2400;

/** One slice of a montage: what it shows, and where it stands. */
export interface Placed {
  readonly panel: Panel;
  /** The place of the slice along its normal, counted along the display axis. */
  readonly at: number;
  readonly frame: Frame;
}

/**
 * Places slices: axial, coronal and sagittal side by side where there is one of each, else each direction in a row of its
 * own. All have the same scale.
 *
 * @param places the slices of each direction, from the first voxel on
 * @param height the least height of a slice in pixels, where the picture does not become too large
 */
export function placeSlices(
  axes: DisplayAxes,
  places: readonly (readonly number[])[],
  height: number,
): { readonly placed: readonly Placed[]; readonly width: number; readonly height: number } {
  const extents = PANELS.map((panel) => panelExtent(axes, panel));
  const all = PANELS.flatMap((panel, direction) =>
    (places[direction] ?? []).map((at) => ({ panel, at, extent: extents[direction] as [number, number] })),
  );
  const several = places.some((each) => each.length > 1);
  const rows = several ? PANELS.map((panel) => all.filter((each) => each.panel === panel)) : [all];
  const widest = Math.max(...rows.map((row) => row.reduce((sum, { extent }) => sum + extent[0], 0)));
  const scale = Math.min(pixelsPerMillimetre(extents, height), several ? WIDEST / widest : Infinity);
  const placed: Placed[] = [];
  let top = MARGIN;
  let right = 0;
  for (const row of rows) {
    const sizes = row.map(({ extent }) => [pixels(extent[0] * scale), pixels(extent[1] * scale)] as const);
    const tallest = Math.max(...sizes.map(([, each]) => each));
    let left = MARGIN;
    for (const [index, { panel, at }] of row.entries()) {
      const [width, tall] = sizes[index] as readonly [number, number];
      placed.push({
        panel,
        at,
        frame: { left, top: top + Math.floor((tallest - tall) / 2), width, height: tall },
      });
      left += width + MARGIN;
    }
    right = Math.max(right, left);
    top += tallest + MARGIN;
  }
  return { placed, width: right, height: top };
}

/** Width and height of a slice in mm; at most 16 times as long as wide, whatever a file's spacing claims. */
function panelExtent({ size, spacing }: DisplayAxes, { across, down }: Panel): [number, number] {
  const length = (axis: 0 | 1 | 2) => {
    const extent = size[axis] * Math.abs(spacing[axis]);
    return Number.isFinite(extent) && extent > 0 ? extent : size[axis];
  };
  const longest = Math.max(length(0), length(1), length(2));
  return [Math.max(length(across), longest / 16), Math.max(length(down), longest / 16)];
}

function pixelsPerMillimetre(extents: readonly (readonly [number, number])[], height: number): number {
  const lowest = Math.min(...extents.map(([, extent]) => extent));
  const longest = Math.max(...extents.flat());
  return Math.min(height / lowest, Math.max(LONGEST_SIDE, height) / longest);
}

function pixels(length: number): number {
  return Math.max(1, Math.round(length));
}
