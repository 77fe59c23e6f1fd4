import {
  inputNotVolume,
  outputNotScores,
  overlapOutOfRange,
  scoresNotNumbers,
  scoresTooLarge,
  volumeNotWhole,
} from "../compiler/diagnostics/catalogue/models.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import { known } from "../compiler/support/invariant.js";
import { type Manifest, scoresOf } from "./manifest.js";
import type { Model } from "./session/session.js";
import { type Blender, createBlender } from "./tiling/blend.js";
import { extractTile, fillOf, type Pad } from "./tiling/extract.js";
import { argMax, createLabels, histogram, type Labels } from "./tiling/labels.js";
import { type TileStarts, type Triple, tileStarts } from "./tiling/positions.js";
import { type Blend, tileWeights } from "./tiling/weights.js";
import { applyIntensity, type Intensity } from "./volume/intensity.js";
import type { Volume } from "./volume/volume.js";

export interface SegmentOptions {
  /** What the volume is called in diagnostics. */
  readonly name?: string;
  /** How the scan is scaled before the network sees it. */
  readonly intensity: Intensity;
  /** `whole`: the volume must have the model's size. `model`: a volume of another size is cut into the model's tiles. */
  readonly tile: "whole" | "model";
  /** The part of a tile that its neighbour shares, in [0, 1). */
  readonly overlap: number;
  readonly blend: Blend;
  /** What surrounds a volume that is shorter than a tile. */
  readonly pad: Pad;
  /** Told after each pass through the network, and with 0 before the first. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Segmentation {
  /** The class of each voxel, row-major as the volume. */
  readonly labels: Labels;
  /** The number of voxels of each class. */
  readonly histogram: readonly number[];
  /** The scaled scan, as the network saw it. */
  readonly scaled: Float32Array;
  /** Passes through the network. */
  readonly tiles: number;
}

/**
 * Segments a volume: scales it, runs the model over it in one pass or in blended tiles (MONAI's
 * `sliding_window_inference`), and takes the class with the highest score of each voxel.
 *
 * The model's input has to be [1, 1, a, b, c] and its first output [1, classes, a, b, c]; anything else, scores that are
 * NaN, and too little memory are diagnostics.
 */
export async function segment(volume: Volume, model: Model, options: SegmentOptions): Promise<Segmentation> {
  const { tile, classes } = modelShape(model.manifest, model.name);
  const { size } = volume.grid;
  const { overlap } = options;
  if (!(overlap >= 0 && overlap < 1)) fail(overlapOutOfRange, { found: String(overlap) });
  const fits = size.join() === tile.join();
  if (!fits && options.tile === "whole") {
    fail(volumeNotWhole, { found: size, expected: tile }, { path: model.name });
  }
  const scaled = applyIntensity(volume.data, options.intensity, options.name);
  const voxels = size[0] * size[1] * size[2];
  const labels = createLabels(voxels, classes);
  const starts = tileStarts(size, tile, overlap);
  const target = fits
    ? directly(voxels, classes, labels)
    : enoughMemory(() => createBlender(size, tile, classes, tileWeights(tile, options.blend), labels), {
        classes,
        size: [Math.min(tile[0], size[0]), size[1], size[2]],
      });
  const fill = fillOf(options.pad, scaled);
  await runTiles(model, (start) => extractTile(scaled, size, start, tile, fill), starts, target, options);
  const notNumbers = target.finish();
  if (notNumbers > 0) fail(scoresNotNumbers, { voxels: notNumbers, total: voxels }, { path: model.name });
  return { labels, histogram: histogram(labels, classes), scaled, tiles: countTiles(starts) };
}

/** The tile and the number of classes that a model is made for. Fails with a diagnostic if it can't segment a volume. */
export function modelShape(
  manifest: Manifest,
  path: string,
): { readonly tile: Triple; readonly classes: number } {
  const [input] = manifest.inputs;
  const output = scoresOf(manifest);
  const [batch, channels, ...tile] = input.shape;
  if (batch !== 1 || channels !== 1 || tile.length !== 3) {
    fail(inputNotVolume, { name: input.name, shape: input.shape }, { path });
  }
  const [outputBatch, classes = 0, ...spatial] = output.shape;
  if (outputBatch !== 1 || classes < 2 || classes > 65536 || spatial.join() !== tile.join()) {
    fail(outputNotScores, { name: output.name, shape: output.shape, tile }, { path });
  }
  return { tile: tile as unknown as Triple, classes };
}

/** Runs the model on each tile in row-major order, cutting and running the next one while the last is blended. */
async function runTiles(
  model: Model,
  cut: (start: Triple) => Float32Array<ArrayBuffer>,
  starts: TileStarts,
  target: Blender,
  { onProgress }: SegmentOptions,
): Promise<void> {
  const total = countTiles(starts);
  const startOf = (index: number): Triple => {
    const [, second, third] = starts;
    return [
      known(starts[0][Math.floor(index / (second.length * third.length))], "a tile"),
      known(second[Math.floor(index / third.length) % second.length], "a tile"),
      known(third[index % third.length], "a tile"),
    ];
  };
  const begin = (index: number) => {
    const running = model.run(cut(startOf(index)));
    // It is awaited a little later; until then a failure is not an unhandled one.
    running.catch(() => undefined);
    return running;
  };
  onProgress?.(0, total);
  let next = begin(0);
  for (let index = 0; index < total; index++) {
    const scores = await next;
    if (index + 1 < total) next = begin(index + 1);
    target.add(scores, startOf(index));
    onProgress?.(index + 1, total);
  }
}

/** Where one pass covers the volume: labels straight from the scores, which are not copied. */
function directly(voxels: number, classes: number, labels: Labels): Blender {
  let notNumbers = 0;
  return {
    add: (scores) => {
      const planes = Array.from({ length: classes }, (_, label) =>
        scores.subarray(label * voxels, (label + 1) * voxels),
      );
      notNumbers = argMax(planes, voxels, labels, 0);
    },
    finish: () => notNumbers,
  };
}

function countTiles(starts: TileStarts): number {
  return starts[0].length * starts[1].length * starts[2].length;
}

function enoughMemory<T>(allocate: () => T, needed: { classes: number; size: readonly number[] }): T {
  try {
    return allocate();
  } catch (error) {
    if (error instanceof RangeError) fail(scoresTooLarge, needed);
    throw error;
  }
}
