import { optionNeedsSource, sourceNotText, tileFixed } from "../../compiler/diagnostics/catalogue/cli.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { checkNetwork, renderDiagnostics, renderMappingReport } from "../../compiler/index.js";
import {
  type Manifest,
  type Model,
  type ModelSource,
  modelShape,
  type OpenOptions,
  openModel,
  readManifest,
  readModelFile,
} from "../../runtime/index.js";
import { looksLikeText, readSource } from "../files.js";
import { createHost } from "../host.js";
import { withCompiled } from "../network.js";
import { chosenSchedule, networkOptions, type WeightArguments } from "../options.js";
import type { Terminal } from "../terminal.js";
import type { RunArguments } from "./settings.js";
import { withTemporaryModel } from "./temporary-model.js";

/** A network that scans are run through: one session at a time. */
export interface RunNetwork {
  /** The model for a volume of this size, on the network's grid. It stays open until another one is needed. */
  openFor(size: readonly [number, number, number]): Promise<Model>;
  close(): Promise<void>;
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
  opening: Omit<OpenOptions, "name">,
  terminal: Terminal,
): RunNetwork {
  const open = (source: ModelSource, manifest: Manifest) => {
    modelShape(manifest, file);
    return openModel(source, manifest, { name: file, ...opening });
  };
  return isSource(file) ? sourceNetwork(file, options, open, terminal) : modelNetwork(file, options, open);
}

type Open = (source: ModelSource, manifest: Manifest) => Promise<Model>;

function sourceNetwork(file: string, options: RunArguments, open: Open, terminal: Terminal): RunNetwork {
  const emission = { schedule: chosenSchedule(options), externalDataName: "weights" };
  readSource(file);
  const host = createHost(file);
  const { warnings } = checkNetwork(file, host, networkOptions(options));
  if (warnings.length > 0) terminal.remark(renderDiagnostics(warnings, { colour: terminal.colour }));
  let current: { readonly model: Model; readonly tile: string } | undefined;
  let mapped = false;
  const close = async () => {
    await current?.model.close();
    current = undefined;
  };
  return {
    openFor: async (size) => {
      const network = { tile: size, ...networkOptions(options) };
      const tile = network.tile.join();
      if (current?.tile === tile) return current.model;
      await close();
      const checked = checkNetwork(file, host, network);
      const opened = withCompiled(checked, options, emission, ({ emitted, mapping }) => {
        if (mapping && !mapped && !options.quiet) terminal.print(renderMappingReport(mapping));
        mapped = true;
        const manifest = readManifest(emitted.model, file);
        return withTemporaryModel(emitted, (source) => open(source, manifest));
      });
      current = { model: await opened, tile };
      return current.model;
    },
    close,
  };
}

function modelNetwork(file: string, options: RunArguments, open: Open): RunNetwork {
  const compiling = (["set", "network", "init", "weights", "checkpoint", "schedule"] as const).filter(
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
  let model: Promise<Model> | undefined;
  return {
    openFor: () => {
      // By path, so that weights beside the model are found.
      model ??= open({ path: file }, manifest);
      return model;
    },
    close: async () => {
      await (await model?.catch(() => undefined))?.close();
    },
  };
}

function isSource(file: string): boolean {
  if (looksLikeText(file)) return true;
  if (file.endsWith(".slab"))
    fail(sourceNotText, { found: "an ONNX model or other data, by its content" }, { path: file });
  return false;
}
