import type { LimitedDevice } from "./device-limits.js";
import * as names from "./diagnostics/catalogue/names.js";
import * as types from "./diagnostics/catalogue/types.js";
import { type Diagnostic, fail, SlabFailure } from "./diagnostics/diagnostic.js";
import { foreignName, isIgnored } from "./elaborate/checkpoint.js";
import { type Elaboration, elaborate } from "./elaborate/elaborate.js";
import { loadModules, type ModuleScope } from "./elaborate/modules.js";
import { resolveNames } from "./elaborate/resolve-names.js";
import { type EmittedModel, emitOnnx } from "./emit/onnx/emit.js";
import { explainSchedule, type ScheduleExplanation } from "./explain.js";
import type { Graph } from "./graph/graph.js";
import { verifyGraph } from "./graph/verify.js";
import { modelMetadata } from "./manifest.js";
import { scheduleGraph } from "./passes/pipeline.js";
import { presets, type Schedule } from "./schedule/schedule.js";
import type { Host } from "./support/host.js";
import { suggestions } from "./support/suggest.js";
import type { CheckpointDeclaration, Expression, NetworkDeclaration } from "./syntax/ast.js";
import { parseSetting } from "./syntax/parse.js";
import { compilerVersion } from "./version.js";
import { type MappingReport, matchWeights, type NetworkParameter } from "./weights/match.js";
import { seededTensor } from "./weights/seeded.js";
import type { TensorFile } from "./weights/tensor-file.js";

/** Which network of a file, with which settings and sizes. */
export interface NetworkOptions {
  /** The network's name; not needed where a file has one. */
  readonly network?: string;
  /** Settings as texts, `classes=14`. */
  readonly settings?: readonly string[];
  /** Sizes of the input's open axes other than `n`, in order. */
  readonly tile?: readonly number[];
  /** The size of `n`, 1 unless given; only counts where a tile is given. */
  readonly batch?: number;
}

/** A network that has been checked: its graph, warnings, and what its checkpoint blocks say. */
export interface CheckedNetwork {
  readonly graph: Graph;
  readonly warnings: readonly Diagnostic[];
  readonly source: string;
  readonly checkpoints: readonly string[];
  /** The name that another framework gives a weight, by the checkpoint block of that name. */
  foreignName(checkpoint: string, path: string): string;
  /** Whether the checkpoint block of that name passes over a tensor of a file. */
  ignores(checkpoint: string, name: string): boolean;
}

/** Where a model's weights come from. */
export type WeightSource =
  | { readonly kind: "seeded"; readonly checkpoint?: string }
  | { readonly kind: "file"; readonly file: TensorFile; readonly path: string; readonly checkpoint?: string };

/** A compiled model and, where weights came from a file, what went where. */
export interface CompiledModel {
  readonly emitted: EmittedModel;
  readonly mapping?: MappingReport;
}

/** Checks a file whole: every declaration and every network. Fails with the mistakes of all of them. */
export function checkFile(path: string, host: Host, options: NetworkOptions = {}): readonly CheckedNetwork[] {
  const scope = load(path, host);
  const networks = networksOf(scope);
  const chosen = options.network === undefined ? networks : [chooseNetwork(networks, options.network, path)];
  const diagnostics: Diagnostic[] = [];
  const checked = chosen.flatMap((network) => {
    try {
      return [build(scope, network, options)];
    } catch (failure) {
      if (!(failure instanceof SlabFailure)) throw failure;
      diagnostics.push(...failure.diagnostics);
      return [];
    }
  });
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
  return build(scope, chooseNetwork(networksOf(scope), options.network, path), options);
}

/** A network of a file that is read once, of which many variants are built. */
export interface NetworkVariants {
  /** The settings that it has, in order. */
  readonly settings: readonly { readonly name: string; readonly type: string }[];
  /** The graph of one variant. Fails as `checkNetwork` does, but without advice on sizes. */
  build(options: Omit<NetworkOptions, "network">): Graph;
}

/** Reads a network whose variants are many, as a sweep's are. Fails with the mistakes that all variants share. */
export function openVariants(path: string, host: Host, wanted?: string): NetworkVariants {
  const scope = load(path, host);
  const network = chooseNetwork(networksOf(scope), wanted, path);
  return {
    settings: network.parameters.map(({ name, type }) => ({ name: name.text, type: type.text })),
    build: (options) => {
      const bindings = bindSizes(network, options);
      return elaborate(scope, network, { settings: readSettings(options), bindings, sizesAtOnce: true })
        .graph;
    },
  };
}

/** Emits a checked network, whose sizes must all be known, as an ONNX model that computes it as a schedule says. */
export function emitModel(
  checked: CheckedNetwork,
  weights: WeightSource,
  externalDataName: string,
  schedule: Schedule = presets.portable.schedule,
): CompiledModel {
  const { graph } = checked;
  requireSizes(graph);
  const { values, mapping } = readWeights(checked, weights);
  const options = {
    producerVersion: compilerVersion,
    metadata: modelMetadata(graph, checked.source, schedule),
    externalDataName,
    precision: schedule.precision,
  };
  const emitted = emitOnnx(scheduleGraph(graph, schedule).graph, ({ path }) => values(path), options);
  return { emitted, ...(mapping ? { mapping } : {}) };
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
  for (const checkpoint of checkpointsOf(main)) {
    const networks = networksOf(main).map(({ name }) => name.text);
    if (networks.includes(checkpoint.network.text)) continue;
    const [suggestion] = suggestions(checkpoint.network.text, networks);
    const args = { name: checkpoint.network.text, ...(suggestion ? { suggestion } : {}) };
    fail(names.checkpointNetwork, args, { span: checkpoint.network.span });
  }
  return main;
}

function networksOf({ module }: ModuleScope): NetworkDeclaration[] {
  return module.declarations.filter((declaration) => declaration.kind === "network");
}

function checkpointsOf({ module }: ModuleScope): CheckpointDeclaration[] {
  return module.declarations.filter((declaration) => declaration.kind === "checkpoint");
}

function chooseNetwork(
  networks: readonly NetworkDeclaration[],
  wanted: string | undefined,
  path: string,
): NetworkDeclaration {
  const [first] = networks;
  if (!first) fail(names.noNetwork, {}, { path });
  const found = wanted === undefined ? networks : networks.filter(({ name }) => name.text === wanted);
  const [only] = found;
  if (found.length === 1 && only) return only;
  const known = networks.map(({ name }) => name.text);
  return fail(names.whichNetwork, { networks: known, ...(wanted === undefined ? {} : { wanted }) }, { path });
}

function build(scope: ModuleScope, network: NetworkDeclaration, options: NetworkOptions): CheckedNetwork {
  const settings = readSettings(options);
  const elaboration = elaborate(scope, network, { settings, bindings: bindSizes(network, options) });
  verifyGraph(elaboration.graph);
  const own = checkpointsOf(scope).filter((checkpoint) => checkpoint.network.text === network.name.text);
  for (const checkpoint of own) checkRules(checkpoint, elaboration);
  const checkpointCalled = (wanted: string): CheckpointDeclaration => {
    const found = own.find(({ name }) => name.text === wanted);
    if (found) return found;
    const args = { name: wanted, checkpoints: own.map(({ name }) => name.text) };
    return fail(names.unknownCheckpoint, args, { path: scope.module.file.path });
  };
  return {
    graph: elaboration.graph,
    warnings: elaboration.warnings,
    source: scope.module.file.text,
    checkpoints: own.map(({ name }) => name.text),
    foreignName: (wanted, path) =>
      foreignName(path, checkpointCalled(wanted), elaboration.frame, elaboration.instances),
    ignores: (wanted, name) => isIgnored(name, checkpointCalled(wanted)),
  };
}

function readSettings({ settings = [] }: NetworkOptions): ReadonlyMap<string, Expression> {
  return new Map(settings.map(parseSetting).map(({ name, value }) => [name, value]));
}

/** Every weight has another name, so that a missing rule is found before a file of weights is. */
function checkRules(checkpoint: CheckpointDeclaration, { graph, frame, instances }: Elaboration): void {
  for (const { path } of graph.parameters) foreignName(path, checkpoint, frame, instances);
}

function bindSizes(
  network: NetworkDeclaration,
  { tile, batch }: NetworkOptions,
): ReadonlyMap<string, number> {
  const bindings = new Map<string, number>();
  if (tile === undefined) return bindings;
  const inputs = network.body.filter((statement) => statement.kind === "input");
  const open = new Set(
    inputs.flatMap(({ axes }) => axes.filter(({ size }) => !size).map(({ name }) => name.text)),
  );
  if (open.delete("n")) bindings.set("n", batch ?? 1);
  const axes = [...open];
  if (axes.length !== tile.length) fail(types.tileRank, { found: tile.join("x"), axes });
  for (const [index, axis] of axes.entries()) bindings.set(axis, tile[index] as number);
  return bindings;
}

function requireSizes({ inputs, bindings }: Graph): void {
  const open = inputs.flatMap(({ type }) => type.axes.filter(({ size }) => size.terms.length > 0));
  const missing = [...new Set(open.map(({ name }) => name).filter((name) => !bindings.has(name)))];
  const tiled = missing.filter((name) => name !== "n");
  if (missing.length > 0) fail(types.sizesNeeded, { axes: tiled.length > 0 ? tiled : missing });
}

function readWeights(
  checked: CheckedNetwork,
  source: WeightSource,
): { values: (path: string) => Float32Array; mapping?: MappingReport } {
  const { parameters } = checked.graph;
  if (source.kind === "seeded") {
    const { checkpoint } = source;
    const nameOf = (path: string) =>
      checkpoint === undefined ? path : checked.foreignName(checkpoint, path);
    const shapes = new Map(parameters.map(({ path, shape }) => [path, shape]));
    return { values: (path) => seededTensor(nameOf(path), shapes.get(path) ?? []) };
  }
  const checkpoint = source.checkpoint ?? likeliestCheckpoint(checked, source.file);
  const wanted = parameters.map(({ path, shape, buffer }): NetworkParameter => {
    return {
      path,
      shape,
      buffer,
      ...(checkpoint === undefined ? {} : { foreignName: checked.foreignName(checkpoint, path) }),
    };
  });
  const { assigned, report } = matchWeights(wanted, source.file, source.path, {
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ignores: (name) => checkpoint !== undefined && checked.ignores(checkpoint, name),
  });
  return { values: (path) => assigned.get(path)?.read() ?? new Float32Array(), mapping: report };
}

/** Of several checkpoint blocks, the one that knows most of the file's names. */
function likeliestCheckpoint(checked: CheckedNetwork, { tensors }: TensorFile): string | undefined {
  const scored = checked.checkpoints.map((name) => {
    const hits = checked.graph.parameters.filter(({ path }) => tensors.has(checked.foreignName(name, path)));
    return { name, hits: hits.length };
  });
  return scored.sort((a, b) => b.hits - a.hits)[0]?.name;
}
