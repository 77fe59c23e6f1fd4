import {
  modelTooLargeToRun,
  optionNeedsSource,
  outputEnding,
  sourceNotText,
  tileFixed,
} from "../../compiler/diagnostics/catalogue/cli.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { checkNetwork, renderDiagnostics, renderMappingReport } from "../../compiler/index.js";
import {
  createProgress,
  type Manifest,
  type ModelSource,
  modelShape,
  openModel,
  type Progress,
  parseBlend,
  parseIntensity,
  parseOverlap,
  parsePad,
  readManifest,
  readModelFile,
  readNiftiFile,
  segment,
  writeLabelMapFile,
  writePicture,
} from "../../runtime/index.js";
import type { Volume } from "../../runtime/volume/volume.js";
import { looksLikeText, readSource, requireWritable } from "../files.js";
import { createHost } from "../host.js";
import { withCompiled } from "../network.js";
import { type NetworkArguments, networkOptions, parseCount, type WeightArguments } from "../options.js";
import type { Terminal } from "../terminal.js";
import { formatCount, table } from "../text.js";

export interface RunArguments extends NetworkArguments, WeightArguments {
  readonly output: string;
  readonly intensity: string;
  readonly overlap: string;
  readonly blend: string;
  readonly pad: string;
  readonly picture?: string;
  readonly threads?: string;
  readonly quiet?: boolean;
}

const mostThreads = 256;

/** What is wrong with how weights are given, or undefined: a .slab file needs them. */
export function weightUsage(network: string, { init, weights }: WeightArguments): string | undefined {
  if (init !== undefined || weights !== undefined || !isSource(network)) return undefined;
  return `${network} needs weights: give --weights FILE, or --init seeded for weights that have learnt nothing`;
}

/** `slab run`: segments a scan and writes its label map, and a picture where one is asked for. */
export async function run(
  network: string,
  scan: string,
  options: RunArguments,
  terminal: Terminal,
): Promise<number> {
  const say = options.quiet ? () => undefined : terminal.print;
  const segmentation = {
    name: scan,
    intensity: parseIntensity(options.intensity),
    overlap: parseOverlap(options.overlap),
    blend: parseBlend(options.blend),
    pad: parsePad(options.pad),
  };
  const threads =
    options.threads === undefined ? {} : { threads: parseCount("--threads", options.threads, mostThreads) };
  checkOutputs(network, scan, options);

  const fromSource = isSource(network);
  const prepare = fromSource
    ? prepareSource(network, options, say, terminal)
    : prepareModel(network, options);
  const volume = readNiftiFile(scan);
  const { source, manifest } = prepare(volume);
  modelShape(manifest, network);
  const model = await openModel(source, manifest, { name: network, ...threads });
  let progress: Progress | undefined;
  try {
    const tile = fromSource && options.tile === undefined ? "whole" : "model";
    const onProgress = (done: number, total: number) => {
      if (options.quiet) return;
      progress ??= createProgress(terminal.progress, total, "segmenting");
      progress.update(done);
    };
    const { labels, histogram, scaled } = await segment(volume, model, { ...segmentation, tile, onProgress });
    progress?.finish();
    progress = undefined;
    writeLabelMapFile(options.output, labels, volume);
    if (options.picture !== undefined) writePicture(options.picture, volume, scaled, labels);
    say(histogramTable(histogram, volume));
    say(`wrote ${options.output}${options.picture === undefined ? "" : ` and ${options.picture}`}`);
    return 0;
  } finally {
    progress?.clear();
    await model.close();
  }
}

/** A model that is ready to be opened. */
interface Prepared {
  readonly source: ModelSource;
  readonly manifest: Manifest;
}

/** Checks a network at once; compiles it when the scan, whose size may be the tile's, has been read. */
function prepareSource(
  file: string,
  options: RunArguments,
  say: (text: string) => void,
  terminal: Terminal,
): (volume: Volume) => Prepared {
  readSource(file);
  const host = createHost(file);
  const { warnings } = checkNetwork(file, host, networkOptions(options));
  if (warnings.length > 0) terminal.remark(renderDiagnostics(warnings, { colour: terminal.colour }));
  return (volume) => {
    const network = { tile: volume.grid.size, ...networkOptions(options) };
    return withCompiled(checkNetwork(file, host, network), options, "weights", ({ emitted, mapping }) => {
      const { model, externalData } = emitted;
      if (externalData) fail(modelTooLargeToRun, { bytes: externalData.byteLength }, { path: file });
      if (mapping) say(renderMappingReport(mapping));
      return { source: { bytes: model }, manifest: readManifest(model, file) };
    });
  };
}

function prepareModel(file: string, options: RunArguments): () => Prepared {
  const compiling = (["set", "network", "init", "weights", "checkpoint"] as const).filter(
    (option) => options[option] !== undefined,
  );
  if (compiling.length > 0) {
    fail(optionNeedsSource, { options: compiling.map((option) => `--${option}`) }, { path: file });
  }
  const { tile } = networkOptions(options);
  const { manifest } = readModelFile(file);
  const own = modelShape(manifest, file).tile.join("x");
  if (tile !== undefined && tile.join("x") !== own) {
    fail(tileFixed, { found: tile.join("x"), model: own }, { path: file });
  }
  // By path, so that weights beside the model are found.
  return () => ({ source: { path: file }, manifest });
}

function isSource(file: string): boolean {
  if (looksLikeText(file)) return true;
  if (file.endsWith(".slab"))
    fail(sourceNotText, { found: "an ONNX model or other data, by its content" }, { path: file });
  return false;
}

/** Finds out before minutes of work whether its result can be written. */
function checkOutputs(network: string, scan: string, { output, picture, weights }: RunArguments): void {
  requireEnding(output, "a label map", [".nii", ".nii.gz"], "labels.nii.gz");
  if (picture !== undefined) requireEnding(picture, "a picture", [".png"], "labels.png");
  const inputs = [network, scan, ...(weights === undefined ? [] : [weights])];
  requireWritable([output, ...(picture === undefined ? [] : [picture])], inputs);
}

function requireEnding(path: string, what: string, endings: readonly string[], example: string): void {
  const fits = endings.some((ending) => path.toLowerCase().endsWith(ending));
  if (!fits) fail(outputEnding, { what, endings, example }, { path });
}

/** The labels that occur, with the volume they take. */
function histogramTable(histogram: readonly number[], { grid }: Volume): string {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const millilitres = voxelVolume(grid.affine) / 1000;
  const rows = histogram.flatMap((count, label) => {
    if (count === 0) return [];
    const percent = ((100 * count) / total).toFixed(2);
    return [[String(label), formatCount(count), percent, (count * millilitres).toFixed(2)]];
  });
  const absent = histogram.length - rows.length;
  const note = absent === 0 ? "" : `\n${absent} of ${histogram.length} labels do not occur`;
  return table([["label", "voxels", "%", "ml"], ...rows], [0, 1, 2, 3]) + note;
}

/** In mm³: the affine may shear, so this is its determinant. */
function voxelVolume(affine: readonly (readonly number[])[]): number {
  const [a, b, c] = affine.map((row) => row.slice(0, 3)) as [number[], number[], number[]];
  const [a0, a1, a2] = a as [number, number, number];
  const [b0, b1, b2] = b as [number, number, number];
  const [c0, c1, c2] = c as [number, number, number];
  return Math.abs(a0 * (b1 * c2 - b2 * c1) - a1 * (b0 * c2 - b2 * c0) + a2 * (b0 * c1 - b1 * c0));
}
