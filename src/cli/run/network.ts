import { dirname, join } from "node:path";
import { optionNeedsSource, sourceNotText, tileFixed } from "../../compiler/diagnostics/catalogue/cli.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import {
  type CheckedNetwork,
  checkNetwork,
  hasLabels,
  renderDiagnostics,
  renderMappingReport,
} from "../../compiler/index.js";
import { showSchedule } from "../../compiler/schedule/schedule.js";
import type { Host } from "../../compiler/support/host.js";
import type { Pipeline } from "../../compiler/support/pipeline.js";
import {
  type Device,
  type Manifest,
  type Model,
  type ModelSource,
  modelShape,
  openModel,
  readManifest,
  readModelFile,
} from "../../runtime/index.js";
import { looksLikeText, readSource } from "../files.js";
import { createHost } from "../host.js";
import { withCompiled } from "../network.js";
import { networkOptions, type WeightArguments } from "../options.js";
import { chosenSchedule, presetFor } from "../schedule.js";
import type { Terminal } from "../terminal.js";
import { chooseDevice, type OnDevice } from "./device.js";
import { digestFiles, digestTexts } from "./fingerprint.js";
import type { RunArguments, RunSettings } from "./settings.js";
import { withTemporaryModel } from "./temporary-model.js";

type Size = readonly [number, number, number];

/** Whether labels of tiles are all that is needed, by the tile and the names of its axes. */
export type LabelsSuffice = (tile: Size, axes: readonly string[]) => boolean;

/** A network that scans are run through: one session at a time. */
export interface RunNetwork {
  /**
   * The model for a volume of this size, on the network's grid. It stays open until another one is needed.
   *
   * @param sufficient whether labels, instead of scores, suffice for tiles of that size
   */
  openFor(size: Size, sufficient: LabelsSuffice): Promise<Model>;
  /** What the network is, as a digest: its text, settings and weights, or the model's file. */
  digest(): string;
  close(): Promise<void>;
  /** What surrounds it, where it says so. */
  readonly pipeline: Pipeline | undefined;
}

/** What is wrong with how weights are given, or undefined: a .slab file needs them. */
export function weightUsage(network: string, { init, weights }: WeightArguments): string | undefined {
  if (init !== undefined || weights !== undefined || !isSource(network)) return undefined;
  return `${network} needs weights: give --weights FILE, or --init seeded for weights that have learnt nothing`;
}

/**
 * Checks a network at once. A .slab file is compiled when the first volume is there: without --tile its tile is the
 * volume's size.
 */
export function prepareNetwork(
  file: string,
  options: RunArguments,
  settings: RunSettings,
  terminal: Terminal,
): RunNetwork {
  const onDevice = chooseDevice(settings, options.quiet ? () => undefined : terminal.remark);
  const open: Open = (source, manifest, device) => {
    modelShape(manifest, file);
    const { threads, memory, card } = settings;
    const limited = { arena: memory === undefined, ...(threads === undefined ? {} : { threads }) };
    return openModel(source, manifest, { name: file, device, card, ...limited });
  };
  return isSource(file)
    ? sourceNetwork(file, options, open, onDevice, terminal)
    : modelNetwork(file, options, open, onDevice);
}

/** What a copy of weights that don't fit into the model is called. */
const externalDataName = "weights";

type Open = (source: ModelSource, manifest: Manifest, device: Device) => Promise<Model>;

function sourceNetwork(
  file: string,
  options: RunArguments,
  open: Open,
  onDevice: OnDevice,
  terminal: Terminal,
): RunNetwork {
  chosenSchedule(options);
  readSource(file);
  const { host, texts } = recordingHost(file);
  const chosen = { ...networkOptions(options), applyPipeline: true };
  const { warnings, pipeline } = checkNetwork(file, host, chosen);
  if (warnings.length > 0) terminal.remark(renderDiagnostics(warnings, { colour: terminal.colour }));
  let current: { readonly model: Model; readonly key: string } | undefined;
  let mapped = false;
  const close = async () => {
    await current?.model.close();
    current = undefined;
  };
  return {
    openFor: async (size, sufficient) => {
      const tile = chosen.tile ?? pipeline?.tile ?? size;
      const checked = checkNetwork(file, host, { ...chosen, tile });
      const labels =
        tile.length === 3 && hasLabels(checked.graph) && sufficient(tile as Size, axesOf(checked));
      const key = `${tile} ${labels}`;
      if (current?.key === key) return current.model;
      await close();
      const model = await onDevice((device) =>
        withCompiled(
          checked,
          options,
          {
            schedule: chosenSchedule(options, presetFor[device]),
            externalDataName,
            gives: labels ? "labels" : "scores",
          },
          ({ emitted, mapping }) => {
            if (mapping && !mapped && !options.quiet) terminal.print(renderMappingReport(mapping));
            mapped = true;
            const manifest = readManifest(emitted.model, file);
            return withTemporaryModel(emitted, (source) => open(source, manifest, device));
          },
        ),
      );
      current = { model, key };
      return model;
    },
    digest: () => {
      const { weights, checkpoint, schedule, precision } = options;
      const values = weights === undefined ? "seeded" : digestFiles([weights]);
      return digestTexts([
        ...texts.values(),
        JSON.stringify(networkOptions(options)),
        checkpoint ?? "",
        schedule === undefined ? "" : showSchedule(chosenSchedule(options)),
        precision ?? "",
        values,
      ]);
    },
    close,
    pipeline,
  };
}

/** The names of the axes that tiles are cut along. */
function axesOf({ graph }: CheckedNetwork): readonly string[] {
  return graph.inputs[0]?.type.axes.slice(2).map(({ name }) => name) ?? [];
}

/** A host that remembers the texts that were read through it. */
function recordingHost(file: string): { readonly host: Host; readonly texts: ReadonlyMap<string, string> } {
  const host = createHost(file);
  const texts = new Map<string, string>();
  const recorded = (key: string, text: string | undefined) => {
    if (text !== undefined) texts.set(key, text);
    return text;
  };
  return {
    host: {
      ...host,
      read: (path) => recorded(path, host.read(path)),
      readStandard: (module) => recorded(`std.${module}`, host.readStandard(module)),
    },
    texts,
  };
}

function modelNetwork(file: string, options: RunArguments, open: Open, onDevice: OnDevice): RunNetwork {
  const compiling = (
    ["set", "network", "pipeline", "init", "weights", "checkpoint", "schedule", "precision"] as const
  ).filter((option) => options[option] !== undefined);
  if (compiling.length > 0) {
    fail(optionNeedsSource, { options: compiling.map((option) => `--${option}`) }, { path: file });
  }
  const { tile } = networkOptions(options);
  const { manifest, dataFiles } = readModelFile(file);
  const own = modelShape(manifest, file).tile.join("x");
  if (tile !== undefined && tile.join("x") !== own) {
    fail(tileFixed, { found: tile.join("x"), model: own }, { path: file });
  }
  let model: Promise<Model> | undefined;
  return {
    openFor: () => {
      // By path, so that weights beside the model are found.
      model ??= onDevice((device) => open({ path: file }, manifest, device));
      return model;
    },
    digest: () => digestFiles([file, ...dataFiles.map((name) => join(dirname(file), name))]),
    pipeline: manifest.pipeline,
    close: async () => {
      await (await model?.catch(() => undefined))?.close();
      model = undefined;
    },
  };
}

function isSource(file: string): boolean {
  // What is called a model is read as one: an empty file and the like is text, too.
  if (looksLikeText(file)) return !file.toLowerCase().endsWith(".onnx");
  if (file.endsWith(".slab"))
    fail(sourceNotText, { found: "an ONNX model or other data, by its content" }, { path: file });
  return false;
}
