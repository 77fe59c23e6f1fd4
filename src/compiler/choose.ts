import * as names from "./diagnostics/catalogue/names.js";
import * as messages from "./diagnostics/catalogue/pipelines.js";
import { type Diagnostic, diagnose, fail } from "./diagnostics/diagnostic.js";
import type { ModuleScope } from "./elaborate/modules.js";
import { suggestions } from "./support/suggest.js";
import type { CheckpointDeclaration, NetworkDeclaration, PipelineDeclaration } from "./syntax/ast.js";

/** A network with the file that declares it: one that a pipeline is for may come from another file. */
export interface Target {
  readonly network: NetworkDeclaration;
  readonly scope: ModuleScope;
  readonly pipeline?: PipelineDeclaration;
}

/** What is to be compiled, as far as the user says it. */
export interface Choice {
  readonly network?: string;
  readonly pipeline?: string;
  /** Whether the file's only pipeline applies where none is named. */
  readonly applyPipeline?: boolean;
}

export function networksOf({ module }: ModuleScope): NetworkDeclaration[] {
  return module.declarations.filter((declaration) => declaration.kind === "network");
}

export function pipelinesOf({ module }: ModuleScope): PipelineDeclaration[] {
  return module.declarations.filter((declaration) => declaration.kind === "pipeline");
}

/** The checkpoint blocks for a network: of the file that is compiled, and of the one that declares it. */
export function checkpointsFor({ network, scope }: Target, main: ModuleScope): CheckpointDeclaration[] {
  const files = scope === main ? [main] : [main, scope];
  return files
    .flatMap(({ module }) => module.declarations)
    .filter((declaration) => declaration.kind === "checkpoint")
    .filter((checkpoint) => checkpoint.network.text === network.name.text);
}

/** Checkpoints and pipelines that are for no network of the file, or none that it uses. */
export function unknownTargets(scope: ModuleScope): Diagnostic[] {
  return scope.module.declarations.flatMap((declaration) => {
    if (declaration.kind !== "checkpoint" && declaration.kind !== "pipeline") return [];
    const { text, span } = declaration.network;
    if (targetCalled(text, scope)) return [];
    const known = [...scope.names].flatMap(([name, found]) =>
      found.declaration.kind === "network" ? [name] : [],
    );
    const [suggestion] = suggestions(text, known);
    const args = { name: text, ...(suggestion ? { suggestion } : {}) };
    const kind = declaration.kind === "checkpoint" ? names.checkpointNetwork : messages.pipelineNetwork;
    return [diagnose(kind, args, { span })];
  });
}

/** The network that a pipeline is for. */
export function targetOf(pipeline: PipelineDeclaration, main: ModuleScope): Target | undefined {
  const target = targetCalled(pipeline.network.text, main);
  return target && { ...target, pipeline };
}

function targetCalled(name: string, main: ModuleScope): Target | undefined {
  const found = main.names.get(name);
  return found?.declaration.kind === "network"
    ? { network: found.declaration, scope: found.scope }
    : undefined;
}

/** Which network is meant, and which pipeline surrounds it. Fails where that is open. */
export function chooseTarget(main: ModuleScope, choice: Choice): Target {
  const { path } = main.module.file;
  const pipeline = choosePipeline(main, choice);
  if (!pipeline) return chooseNetwork(main, choice.network);
  const { text } = pipeline.network;
  if (choice.network !== undefined && choice.network !== text) {
    fail(
      messages.pipelineOfOther,
      { pipeline: pipeline.name.text, network: text, wanted: choice.network },
      { path },
    );
  }
  return (
    targetOf(pipeline, main) ??
    fail(messages.pipelineNetwork, { name: text }, { span: pipeline.network.span })
  );
}

function choosePipeline(main: ModuleScope, choice: Choice): PipelineDeclaration | undefined {
  const pipelines = pipelinesOf(main);
  const called = pipelines.map(({ name }) => name.text);
  const { path } = main.module.file;
  if (choice.pipeline !== undefined) {
    const found = pipelines.find(({ name }) => name.text === choice.pipeline);
    if (found) return found;
    const [suggestion] = suggestions(choice.pipeline, called);
    const args = { wanted: choice.pipeline, pipelines: called, ...(suggestion ? { suggestion } : {}) };
    return fail(messages.whichPipeline, args, { path });
  }
  if (!choice.applyPipeline) return undefined;
  const fitting = pipelines.filter(
    ({ network }) => choice.network === undefined || network.text === choice.network,
  );
  if (fitting.length > 1)
    fail(messages.whichPipeline, { pipelines: fitting.map(({ name }) => name.text) }, { path });
  return fitting[0];
}

/** A network of the file, or, where it has none but pipelines, one that those are for. */
function chooseNetwork(main: ModuleScope, wanted: string | undefined): Target {
  const { path } = main.module.file;
  const targets = targetsOf(main);
  const [first] = targets;
  if (!first) fail(names.noNetwork, {}, { path });
  const found =
    wanted === undefined ? targets : targets.filter(({ network }) => network.name.text === wanted);
  const [only] = found;
  if (found.length === 1 && only) return only;
  const networks = targets.map(({ network }) => network.name.text);
  return fail(names.whichNetwork, { networks, ...(wanted === undefined ? {} : { wanted }) }, { path });
}

/** The networks that a file declares, or else those that its pipelines are for. */
function targetsOf(main: ModuleScope): Target[] {
  const own = networksOf(main).map((network) => ({ network, scope: main }));
  if (own.length > 0) return own;
  const used = pipelinesOf(main).flatMap(({ network }) => targetCalled(network.text, main) ?? []);
  return used.filter(({ network }, index) => used.findIndex((other) => other.network === network) === index);
}
