import {
  inputNotVolume,
  labelsNotScores,
  outputNotScores,
  overlapOutOfRange,
  scoresNotNumbers,
  scoresTooLarge,
} from "../compiler/diagnostics/catalogue/models.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import { scoresOf } from "../compiler/support/scores.js";
import type { Manifest } from "./manifest.js";
import { blendingNeeds, type MemoryWatch, requireMemory } from "./memory.js";
import type { NetworkVolume } from "./preparation.js";
import { createProfile, type Profile } from "./profile.js";
import type { Model } from "./session/session.js";
import { type Pad, tileCutter } from "./tiling/extract.js";
import { joinTiles, whyScores } from "./tiling/label-tiles.js";
import { type Labels, labelHighest } from "./tiling/labels.js";
import { addFlipped, flipped, flipsOf } from "./tiling/mirror.js";
import { eachStart, type Triple, tileStarts } from "./tiling/positions.js";
import { type Blend, tileWeights } from "./tiling/weights.js";
import { blendTiles, type Collector, singleTile, type TileTarget } from "./tiling/window.js";

/** How a volume is cut into tiles and put together again. */
export interface Tiling {
  /** The part of a tile that its neighbour shares, in [0, 1). */
  readonly overlap: number;
  readonly blend: Blend;
  /** What surrounds a volume that is shorter than a tile. */
  readonly pad: Pad;
  /** Axes (0, 1, 2) that are mirrored: the scores are the mean over all combinations of them turned round. */
  readonly mirror?: readonly number[];
}

export interface SegmentOptions extends Tiling {
  /** Takes the scores instead of the arg-max, for labels on another grid. */
  readonly collect?: ((classes: number, areProbabilities: boolean) => Collector) | undefined;
  /** Told after each pass through the network, and with 0 before the first. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Told what the time goes into. */
  readonly profile?: Profile;
  /** Watches a limit for the memory of the process. */
  readonly memory?: MemoryWatch | undefined;
}

export interface Segmentation {
  /** The class of each voxel, row-major as the volume (or as the collector gives them). */
  readonly labels: Labels;
  readonly tiles: number;
}

/**
 * Segments a volume that is prepared for the network: runs the model over it in tiles, blends their scores as MONAI's
 * `sliding_window_inference` does, and takes the class with the highest score of each voxel. Scores are held for one
 * tile's thickness along the first axis; planes that no later tile touches are labelled and let go.
 *
 * The model's input has to be [1, 1, a, b, c] and its scores [1, classes, a, b, c], or its labels [1, a, b, c], which
 * suffice where tiles don't overlap and scores aren't asked for (else SLAB5072); with one class, scores above 0 (for
 * outputs of a Sigmoid, above 0.5) are label 1. Anything else, scores that are NaN, and too little memory are
 * diagnostics.
 */
export async function segment(
  { data, size }: NetworkVolume,
  model: Model,
  options: SegmentOptions,
): Promise<Segmentation> {
  const { tile, classes, givesLabels } = modelShape(model.manifest, model.name);
  const { overlap, profile = createProfile(), memory } = options;
  if (!(overlap >= 0 && overlap < 1)) fail(overlapOutOfRange, { found: String(overlap) });
  if (givesLabels) return segmentByLabels({ data, size }, model, options);
  const threshold = model.manifest.probabilities ? 0.5 : 0;
  const starts = [...eachStart(tileStarts(size, tile, overlap))];
  const flips = flipsOf(options.mirror ?? []);
  const fits = size.join() === tile.join();
  const needs = blendingNeeds(size, tile, fits ? 0 : classes, classes);
  if (memory) requireMemory(memory, needs, model.name);
  const cutter = profile.during("tiles", () => tileCutter(data, size, tile, options.pad));
  const source = (pass: number) =>
    profile.during("tiles", () => {
      const start = starts[Math.floor(pass / flips.length)] as Triple;
      return flipped(cutter.cut(start), tile, flips[pass % flips.length] as (typeof flips)[number]);
    });

  let collector: Collector | undefined;
  let target: TileTarget | undefined;
  let sums: Float32Array | undefined;
  const take = (pass: number, scores: Float32Array) => {
    if (!target) {
      // Only now is it known what the network itself takes.
      if (memory) requireMemory(memory, needs, model.name);
      collector = profiled(
        options.collect?.(classes, model.manifest.probabilities) ?? labelHighest(size, classes, threshold),
        profile,
      );
      target = enoughMemory(size, tile, classes, fits, options.blend, collector);
    }
    const start = starts[Math.floor(pass / flips.length)] as Triple;
    const flip = pass % flips.length;
    if (flips.length === 1) return target.add(scores, start);
    if (flip === 0) sums = new Float32Array(scores.length);
    addFlipped(scores, tile, flips[flip] as (typeof flips)[number], sums as Float32Array);
    if (flip < flips.length - 1) return;
    const mean = (sums as Float32Array).map((sum) => sum / flips.length);
    target.add(mean, start);
  };
  const before = model.busy;
  await runPasses(
    model.run,
    starts.length * flips.length,
    source,
    (pass, scores) => profile.during("blend", () => take(pass, scores)),
    options,
  );
  profile.add("network", model.busy - before);
  profile.during("blend", () => target?.finish());
  const { labels, notNumbers } = (collector as Collector).finish();
  requireNumbers(notNumbers, size, model);
  return { labels, tiles: starts.length };
}

/** The same with a model that takes the arg-max itself: its labels are put side by side. */
async function segmentByLabels(
  { data, size }: NetworkVolume,
  model: Model,
  options: SegmentOptions,
): Promise<Segmentation> {
  const { tile, classes } = modelShape(model.manifest, model.name);
  const { profile = createProfile(), memory, overlap } = options;
  const reason = whyScores(size, tile, options);
  if (reason !== undefined) fail(labelsNotScores, { found: reason }, { path: model.name });
  const starts = [...eachStart(tileStarts(size, tile, overlap))];
  if (memory) requireMemory(memory, blendingNeeds(size, tile, 0, classes), model.name);
  const cutter = profile.during("tiles", () => tileCutter(data, size, tile, options.pad));
  const joined = joinTiles(size, tile, classes);
  const before = model.busy;
  await runPasses(
    model.label,
    starts.length,
    (pass) => profile.during("tiles", () => cutter.cut(starts[pass] as Triple)),
    (pass, labels) => {
      // Only now is it known what the network itself takes.
      if (memory && pass === 0) requireMemory(memory, [], model.name);
      profile.during("blend", () => joined.add(labels, starts[pass] as Triple));
    },
    options,
  );
  profile.add("network", model.busy - before);
  const { labels, notNumbers } = joined.finish();
  requireNumbers(notNumbers, size, model);
  return { labels, tiles: starts.length };
}

function requireNumbers(notNumbers: number, size: Triple, model: Model): void {
  const voxels = size[0] * size[1] * size[2];
  if (notNumbers > 0) fail(scoresNotNumbers, { voxels: notNumbers, total: voxels }, { path: model.name });
}

/** The tile and the number of classes that a model is made for. Fails with a diagnostic if it can't segment a volume. */
export function modelShape(
  manifest: Manifest,
  path: string,
): {
  readonly tile: Triple;
  readonly classes: number;
  readonly axes: readonly string[];
  /** Whether it gives labels, and no scores. */
  readonly givesLabels: boolean;
} {
  const [input] = manifest.inputs;
  const output = scoresOf(manifest.outputs);
  const [batch, channels, ...tile] = input.shape;
  if (batch !== 1 || channels !== 1 || tile.length !== 3) {
    fail(inputNotVolume, { name: input.name, shape: input.shape }, { path });
  }
  const givesLabels = output.classes !== undefined;
  const [outputBatch, ...rest] = output.shape;
  const [classes = 0, ...spatial] = givesLabels ? [output.classes, ...rest] : rest;
  if (outputBatch !== 1 || classes < 1 || classes > 65536 || spatial.join() !== tile.join()) {
    fail(outputNotScores, { name: output.name, shape: output.shape, tile, areLabels: givesLabels }, { path });
  }
  return { tile: tile as unknown as Triple, classes, axes: input.axes.slice(2), givesLabels };
}

/** Runs the model pass by pass, preparing and running the next one while the last is blended. */
async function runPasses<T>(
  run: (input: Float32Array<ArrayBuffer>) => Promise<T>,
  total: number,
  source: (pass: number) => Float32Array<ArrayBuffer>,
  take: (pass: number, result: T) => void,
  { onProgress }: SegmentOptions,
): Promise<void> {
  const begin = (pass: number) => {
    const running = run(source(pass));
    // It is awaited a little later; until then a failure is not an unhandled one.
    running.catch(() => undefined);
    return running;
  };
  onProgress?.(0, total);
  let next = begin(0);
  for (let pass = 0; pass < total; pass++) {
    const result = await next;
    if (pass + 1 < total) next = begin(pass + 1);
    take(pass, result);
    onProgress?.(pass + 1, total);
  }
}

/** A collector whose time counts as that of the arg-max. */
function profiled(collector: Collector, profile: Profile): Collector {
  return {
    add: (planes) => profile.during("arg-max", () => collector.add(planes)),
    finish: () => profile.during("arg-max", () => collector.finish()),
  };
}

function enoughMemory(
  size: Triple,
  tile: Triple,
  classes: number,
  fits: boolean,
  blend: Blend,
  collector: Collector,
): TileTarget {
  try {
    if (fits) return singleTile(size, classes, collector);
    return blendTiles(size, tile, classes, tileWeights(tile, blend), collector);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail(scoresTooLarge, { classes, size: [Math.min(tile[0], size[0]), size[1], size[2]] });
  }
}
