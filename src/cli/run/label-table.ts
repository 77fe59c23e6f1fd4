import type { PipelineLabel } from "../../compiler/support/pipeline.js";
import type { Grid } from "../../runtime/index.js";
import { voxelVolume } from "../../runtime/volume/spacing.js";
import { formatCount, printable, table } from "../text.js";

/** The labels that occur, with their names where they are known, and the volume they take. */
export function labelTable(
  histogram: readonly number[],
  grid: Grid,
  labels: readonly PipelineLabel[] = [],
): string {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const millilitres = voxelVolume(grid.affine) / 1000;
  const rows = histogram.flatMap((count, label) => {
    if (count === 0) return [];
    const percent = ((100 * count) / total).toFixed(2);
    const name = labels.length > 0 ? [printable(labels[label]?.name ?? "")] : [];
    return [[String(label), formatCount(count), percent, (count * millilitres).toFixed(2), ...name]];
  });
  const absent = histogram.length - rows.length;
  const note = absent === 0 ? "" : `\n${absent} of ${histogram.length} labels do not occur`;
  const heading = ["label", "voxels", "%", "ml", ...(labels.length > 0 ? ["name"] : [])];
  return table([heading, ...rows], [0, 1, 2, 3]) + note;
}
