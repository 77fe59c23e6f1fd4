import {
  checkpointsFor,
  chooseTarget,
  networksOf,
  pipelinesOf,
  type Target,
  targetOf,
  unknownTargets,
} from "./choose.js";
import type { LimitedDevice } from "./device-limits.js";
import * as names from "./diagnostics/catalogue/names.js";
import { openParameterSize } from "./diagnostics/catalogue/parameters.js";
import { tileMissing } from "./diagnostics/catalogue/pipelines.js";
import * as types from "./diagnostics/catalogue/types.js";
import { type Diagnostic, fail, SlabFailure } from "./diagnostics/diagnostic.js";
import { foreignName, isIgnored } from "./elaborate/checkpoint.js";
import { type Elaboration, elaborate, type Setting } from "./elaborate/elaborate.js";
import { loadModules, type ModuleScope } from "./elaborate/modules.js";
import { resolveNames } from "./elaborate/resolve-names.js";
import { type EmittedModel, emitOnnx } from "./emit/onnx/emit.js";
import { explainSchedule, type ScheduleExplanation } from "./explain.js";
import type { Graph } from "./graph/graph.js";
import { printGraph } from "./graph/print.js";
import { evaluateSize, showSize } from "./graph/size.js";
import { findAxis } from "./graph/tensor.js";
import { verifyGraph } from "./graph/verify.js";
import { givesProbabilities, labelsName, withScoresOnly } from "./labels.js";
import { modelMetadata } from "./manifest.js";
import { scheduleGraph } from "./passes/pipeline.js";
import {
  completePipeline,
  idleProperties,
  impossibleTile,
  type ReadPipeline,
  readPipeline,
} from "./pipeline/pipeline.js";
import { readWeights, type WeightSource } from "./read-weights.js";
import { presets, type Schedule } from "./schedule/schedule.js";
import type { Host } from "./support/host.js";
import type { Pipeline } from "./support/pipeline.js";
import type { CheckpointDeclaration, NetworkDeclaration } from "./syntax/ast.js";
import { parseSetting } from "./syntax/parse.js";
import { compilerVersion } from "./version.js";
import type { MappingReport } from "./weights/match.js";

/** Which network of a file, with which settings and sizes. */
export interface NetworkOptions {
  /** The network's name; not needed where a file has one. */
  readonly network?: string;
  /** The pipeline whose settings and tile count where none are given here. */
  readonly pipeline?: string;
  /** Whether the file's only pipeline applies without being named; of several one has to be. */
  readonly applyPipeline?: boolean;
  /** Settings as texts, `classes=14`. */
  readonly settings?: readonly string[];
  /** Sizes of the input's open axes other than `n`, in order. */
  readonly tile?: readonly number[];
  /** The size of `n`; 1 unless given where a tile is. */
  readonly batch?: number;
}

/** A network that has been checked: its graph, warnings, and what its checkpoint blocks say. */
export interface CheckedNetwork {
  readonly graph: Graph;
  readonly warnings: readonly Diagnostic[];
  readonly source: string;
  readonly checkpoints: readonly string[];
  /** What surrounds it, where a pipeline was chosen. */
  readonly pipeline?: Pipeline;
  /** The voxel sizes, in mm, of the file's pipelines for it. Fails where one is wrong. */
  spacings(): readonly (readonly [number, number, number])[];
  /** The name that another framework gives a weight, by the checkpoint block of that name. */
  foreignName(checkpoint: string, path: string): string;
  /** Whether the checkpoint block of that name passes over a tensor of a file. */
  ignores(checkpoint: string, name: string): boolean;
}

/** A compiled model and, where weights came from a file, what went where. */
export interface CompiledModel {
  readonly emitted: EmittedModel;
  readonly mapping?: MappingReport;
}

/** Checks a file whole: every declaration and every network. Fails with the mistakes of all of them. */
export function checkFile(path: string, host: Host, options: NetworkOptions = {}): readonly CheckedNetwork[] {
  const scope = load(path, host);
  const diagnostics: Diagnostic[] = [];
  const surrounded = pipelinesOf(scope).flatMap((pipeline) => targetOf(pipeline, scope) ?? []);
  const isSurrounded = ({ network }: Target) => surrounded.some((other) => other.network === network);
  const attempt = (target: Target, given: NetworkOptions) => {
    try {
      return [build(scope, target, given)];
    } catch (failure) {
      if (!(failure instanceof SlabFailure)) throw failure;
      // A network that is made for one size is checked with those that its pipelines give.
      if (!target.pipeline && isSurrounded(target) && lacksSizes(failure)) return [];
      diagnostics.push(...failure.diagnostics);
      return [];
    }
  };
  const { network: wanted } = options;
  const isChosen = networksOf(scope).length > 0 && wanted !== undefined;
  const networks = isChosen
    ? [chooseTarget(scope, { network: wanted })]
    : networksOf(scope).map((network) => ({ network, scope }));
  const checked = networks.flatMap((target) => attempt(target, options));
  // A network that is wrong is wrong in each of its pipelines.
  if (diagnostics.length > 0) throw new SlabFailure(withoutRepetition(diagnostics));
  for (const target of surrounded) {
    if (wanted !== undefined && wanted !== target.network.name.text) continue;
    checked.push(...attempt(target, {}));
  }
  if (diagnostics.length > 0) throw new SlabFailure(withoutRepetition(diagnostics));
  return checked;
}

/** A layer that two networks use may be wrong in both: one mistake is one message. */
function withoutRepetition(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const key = ({ code, place }: Diagnostic) =>
    place && "span" in place ? `${code} ${place.span.file.path} ${place.span.start}` : undefined;
  return diagnostics.filter((diagnostic, index) => {
    const own = key(diagnostic);
    return own === undefined || diagnostics.findIndex((other) => key(other) === own) === index;
  });
}

/** Checks one network of a file with its settings and sizes. */
export function checkNetwork(path: string, host: Host, options: NetworkOptions = {}): CheckedNetwork {
  const scope = load(path, host);
  return build(scope, chooseTarget(scope, options), options);
}

/** A network of a file that is read once, of which many variants are built. */
export interface NetworkVariants {
  readonly name: string;
  /** The settings that it has, in order. */
  readonly settings: readonly { readonly name: string; readonly type: string }[];
  /** The graph of one variant. Fails as `checkNetwork` does, but without advice on sizes. */
  build(options: Omit<NetworkOptions, "network">): Graph;
  /** One variant as `checkNetwork` checks it: that takes longer, and mistakes come with advice on sizes. */
  check(options: Omit<NetworkOptions, "network">): CheckedNetwork;
}

/** Reads a network whose variants are many, as a sweep's are. Fails with the mistakes that all variants share. */
export function openVariants(path: string, host: Host, wanted?: string): NetworkVariants {
  const loaded = load(path, host);
  const target = chooseTarget(loaded, wanted === undefined ? {} : { network: wanted });
  const { network, scope } = target;
  return {
    name: network.name.text,
    settings: network.parameters.map(({ name, type }) => ({ name: name.text, type: type.text })),
    build: (options) => {
      const bindings = bindSizes(network, options);
      const given = { settings: readSettings(options), bindings, sizesAtOnce: true };
      const { graph } = elaborate(scope, network, given);
      requireBatch(graph, options);
      return graph;
    },
    check: (options) => build(loaded, target, options),
  };
}

/** What a model gives: the outputs of its network, or, for each voxel, the class of its highest score. */
export type ModelOutput = "scores" | "labels";

/**
 * Emits a checked network, whose sizes must all be known, as an ONNX model that computes it as a schedule says. Labels
 * are made of the output called `logits`, else of the first. Fails with SLAB7112 where that has no classes.
 */
export function emitModel(
  checked: CheckedNetwork,
  weights: WeightSource,
  externalDataName: string,
  schedule: Schedule = presets.portable.schedule,
  gives: ModelOutput = "scores",
): CompiledModel {
  requireSizes(checked.graph);
  const graph = gives === "labels" ? withScoresOnly(checked.graph) : checked.graph;
  const probabilities = givesProbabilities(graph);
  const labels = gives === "labels" ? labelsName(graph) : undefined;
  const { values, mapping } = readWeights(checked, weights);
  const options = {
    producerVersion: compilerVersion,
    metadata: modelMetadata(graph, checked.source, schedule, {
      probabilities,
      ...(checked.pipeline ? { pipeline: checked.pipeline } : {}),
      ...(labels === undefined ? {} : { labels }),
    }),
    externalDataName,
    precision: schedule.precision,
    ...(labels === undefined ? {} : { labels: { name: labels, threshold: probabilities ? 0.5 : 0 } }),
  };
  const emitted = emitOnnx(scheduleGraph(graph, schedule).graph, ({ path }) => values(path), options);
  return { emitted, ...(mapping ? { mapping } : {}) };
}

/**
 * The graph that a schedule makes of a network, as text: schedules of one precision that compute it alike give the same. All
 * sizes must be bound (SLAB2222).
 */
export function scheduledText({ graph }: CheckedNetwork, schedule: Schedule): string {
  requireSizes(graph);
  return printGraph(scheduleGraph(graph, schedule).graph);
}

/** What a schedule makes of a checked network, whose sizes must all be known. */
export function explainNetwork(
  { graph }: CheckedNetwork,
  schedule: Schedule,
  device?: LimitedDevice,
): ScheduleExplanation {
  requireSizes(graph);
  return explainSchedule(graph, schedule, device);
}

function load(path: string, host: Host): ModuleScope {
  const { main, all } = loadModules(path, host);
  const diagnostics = all.flatMap(resolveNames);
  if (diagnostics.length > 0) throw new SlabFailure(diagnostics);
  const unknown = unknownTargets(main);
  if (unknown.length > 0) throw new SlabFailure(unknown);
  return main;
}

function build(main: ModuleScope, target: Target, options: NetworkOptions): CheckedNetwork {
  const { network } = target;
  const pipeline = target.pipeline && readPipeline(target.pipeline, main, network);
  const elaboration = elaborateFor(target, pipeline, options);
  const { graph, warnings } = elaboration;
  requireBatch(graph, options);
  verifyGraph(graph);
  const own = checkpointsFor(target, main);
  for (const checkpoint of own) checkRules(checkpoint, elaboration);
  const checkpointCalled = (wanted: string): CheckpointDeclaration => {
    const found = own.find(({ name }) => name.text === wanted);
    if (found) return found;
    const args = { name: wanted, checkpoints: own.map(({ name }) => name.text) };
    return fail(names.unknownCheckpoint, args, { path: main.module.file.path });
  };
  const others = pipelinesOf(main).filter((each) => targetOf(each, main)?.network === network);
  return {
    graph,
    warnings: [...warnings, ...(pipeline ? idleProperties(pipeline) : [])],
    source: main.module.file.text,
    checkpoints: own.map(({ name }) => name.text),
    ...(pipeline ? { pipeline: completePipeline(pipeline, graph) } : {}),
    spacings: () =>
      others.flatMap((each) => {
        const { spacing } = readPipeline(each, main, network).properties;
        return spacing ? [spacing] : [];
      }),
    foreignName: (wanted, path) =>
      foreignName(path, checkpointCalled(wanted), elaboration.frame, elaboration.instances),
    ignores: (wanted, name) => isIgnored(name, checkpointCalled(wanted)),
  };
}

/**
 * Builds the graph; what is given outside comes before what a pipeline says. A tile of the pipeline's that the network
 * cannot take is a mistake in its line, if the network is right without it.
 */
function elaborateFor(
  { network, scope }: Target,
  pipeline: ReadPipeline | undefined,
  options: NetworkOptions,
): Elaboration {
  const settings = new Map([...pipelineSettings(pipeline), ...readSettings(options)]);
  const written = options.tile === undefined ? pipeline?.properties.tile : undefined;
  const tile = written ? { ...options, tile: written.sizes } : options;
  const bindings = bindSizes(network, tile);
  if (pipeline && !tile.tile) refuseMissingTile(pipeline, network);
  try {
    return elaborate(scope, network, { settings, bindings });
  } catch (failure) {
    if (!(failure instanceof SlabFailure) || !written || !pipeline) throw failure;
    // Wrong with any tile: that is the network's, or the settings', mistake.
    try {
      elaborate(scope, network, { settings, bindings: new Map() });
    } catch (open) {
      if (!lacksSizes(open)) throw open;
    }
    throw impossibleTile(pipeline, failure);
  }
}

/** Whether nothing is wrong with a network but that its sizes are not given. */
function lacksSizes(failure: unknown): failure is SlabFailure {
  const codes = [types.unboundSize.code, openParameterSize.code];
  return failure instanceof SlabFailure && failure.diagnostics.every(({ code }) => codes.includes(code));
}

function pipelineSettings(pipeline: ReadPipeline | undefined): [string, Setting][] {
  const { settings = [], scope } = pipeline ?? {};
  return settings.flatMap(({ name, value }) => (name && scope ? [[name.text, { value, scope }]] : []));
}

function readSettings({ settings = [] }: NetworkOptions): ReadonlyMap<string, Setting> {
  return new Map(settings.map(parseSetting).map(({ name, value }) => [name, { value }]));
}

/** Every weight has another name, so that a missing rule is found before a file of weights is. */
function checkRules(checkpoint: CheckpointDeclaration, { graph, frame, instances }: Elaboration): void {
  for (const { path } of graph.parameters) foreignName(path, checkpoint, frame, instances);
}

/** The axes of a network's inputs that have no size. */
function openAxesOf(network: NetworkDeclaration): Set<string> {
  const inputs = network.body.filter((statement) => statement.kind === "input");
  return new Set(inputs.flatMap(({ axes }) => axes.filter(({ size }) => !size).map(({ name }) => name.text)));
}

function refuseMissingTile({ declaration: { name } }: ReadPipeline, network: NetworkDeclaration): void {
  const axes = [...openAxesOf(network)].filter((axis) => axis !== "n");
  if (axes.length > 0) fail(tileMissing, { pipeline: name.text, axes }, { span: name.span });
}

function bindSizes(
  network: NetworkDeclaration,
  { tile, batch }: NetworkOptions,
): ReadonlyMap<string, number> {
  const bindings = new Map<string, number>();
  const open = openAxesOf(network);
  if (open.delete("n") && (tile ?? batch) !== undefined) bindings.set("n", batch ?? 1);
  if (tile === undefined) return bindings;
  const axes = [...open];
  if (axes.length !== tile.length) fail(types.tileRank, { found: tile.join("x"), axes });
  for (const [index, axis] of axes.entries()) bindings.set(axis, tile[index] as number);
  return bindings;
}

/** Fails where a batch is asked for that the network's input does not have. */
function requireBatch({ inputs, bindings }: Graph, { batch }: NetworkOptions): void {
  if (batch === undefined) return;
  for (const { name, type } of inputs) {
    const size = findAxis(type, "n")?.size;
    if (size === undefined || evaluateSize(size, bindings) === batch) continue;
    fail(types.batchFixed, { found: batch, input: name, fixed: showSize(size, bindings) });
  }
}

function requireSizes({ inputs, bindings }: Graph): void {
  const open = inputs.flatMap(({ type }) => type.axes.filter(({ size }) => size.terms.length > 0));
  const missing = [...new Set(open.map(({ name }) => name).filter((name) => !bindings.has(name)))];
  const tiled = missing.filter((name) => name !== "n");
  if (missing.length > 0) fail(types.sizesNeeded, { axes: tiled.length > 0 ? tiled : missing });
}
