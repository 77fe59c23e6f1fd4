import { volumeAxes, volumeNeedsOneInput } from "../diagnostics/catalogue/analysis.js";
import { overlapOutOfRange } from "../diagnostics/catalogue/models.js";
import { fail } from "../diagnostics/diagnostic.js";
import { scoresOf } from "../support/scores.js";
import { axisStarts } from "../support/tiles.js";
import type { Analysis, AxisExtent, PortShape, VolumeCost } from "./analysis.js";
import { bytesPerValue, elementsOf } from "./exact.js";

export interface VolumeOptions {
  /** The volume's size along each axis of the tile, in order, in voxels. */
  readonly volume: readonly number[];
  /** The part of a tile that its neighbour shares, in [0, 1). */
  readonly overlap: number;
}

/**
 * What `slab run` does with a volume: tiles as MONAI's `sliding_window_inference` places them, each run through the
 * network, and their scores blended into a label map. The tile is the size that the analysis was made for. Fails with
 * diagnostics where the network or the sizes do not fit.
 */
export function volumeCost(analysis: Analysis, { volume, overlap }: VolumeOptions): VolumeCost {
  if (!(overlap >= 0 && overlap < 1)) fail(overlapOutOfRange, { found: String(overlap) });
  const { tile, output } = tilePorts(analysis);
  if (volume.length !== tile.length) {
    fail(volumeAxes, { found: volume.join("x"), axes: tile.map(({ axis }) => axis) });
  }
  const sizes = tile.map(({ axis }, index) => ({ axis, size: BigInt(volume[index] as number) }));
  const starts = tile.map(({ size }, index) => axisStarts(volume[index] as number, Number(size), overlap));
  const tiles = starts.reduce((product, { length }) => product * BigInt(length), 1n);
  const voxels = elementsOf(sizes);
  const classes = sizeAlong(output.axes, "c");
  return {
    volume: sizes,
    tile,
    overlap,
    starts,
    tiles,
    macs: tiles * analysis.total.macs,
    flops: tiles * analysis.total.flops,
    redundancy: Number(tiles * elementsOf(tile)) / Number(voxels),
    labelBytes: voxels * (classes <= 256n ? 1n : 2n),
    tileOutputBytes: output.bytes,
    blendingBytes: blendingBytes(sizes, tile, classes),
  };
}

/** The axes that are tiled, and the output that labels them. */
function tilePorts({ network, inputs, outputs }: Analysis): {
  tile: readonly AxisExtent[];
  output: PortShape;
} {
  const refuse = (reason: string) => fail(volumeNeedsOneInput, { network, reason });
  const [input, second] = inputs;
  if (!input || second)
    return refuse(`${inputs.length} inputs: ${inputs.map(({ name }) => name).join(", ")}`);
  const batch = sizeAlong(input.axes, "n");
  if (batch !== 1n) return refuse(`a batch of ${batch}, but tiles are run one by one`);
  const tile = spatial(input);
  const shown = (axes: readonly AxisExtent[]) => axes.map(({ axis, size }) => `${axis}: ${size}`).join(", ");
  const output = scoresOf(outputs);
  if (!output) return refuse("no output");
  if (shown(spatial(output)) !== shown(tile)) {
    return refuse(`${output.name} [${shown(output.axes)}], but tiles of ${shown(tile)}`);
  }
  return { tile, output };
}

function spatial({ axes }: PortShape): readonly AxisExtent[] {
  return axes.filter(({ axis }) => axis !== "n" && axis !== "c");
}

function sizeAlong(axes: readonly AxisExtent[], name: string): bigint {
  return axes.find(({ axis }) => axis === name)?.size ?? 1n;
}

/** Sums of scores and of weights for one tile's thickness of the volume, and a tile's weights; see the runtime's Blender. */
function blendingBytes(volume: readonly AxisExtent[], tile: readonly AxisExtent[], classes: bigint): bigint {
  if (volume.every(({ size }, index) => size === tile[index]?.size)) return 0n;
  const [first, ...plane] = volume;
  const [length = 1n, thickest = 1n] = [first?.size, tile[0]?.size];
  const thickness = length < thickest ? length : thickest;
  return bytesPerValue * (thickness * elementsOf(plane) * (classes + 1n) + elementsOf(tile));
}
