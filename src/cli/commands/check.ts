import type { CheckedNetwork, Diagnostic } from "../../compiler/index.js";
import {
  checkFile,
  diagnosticToJson,
  equalAxes,
  otherRequirements,
  renderDiagnostics,
  type SizeRequirement,
  SlabFailure,
  sizeRequirements,
} from "../../compiler/index.js";
import { alternatives } from "../../compiler/support/suggest.js";
import { describePipeline } from "../describe-pipeline.js";
import { readSource } from "../files.js";
import { createHost } from "../host.js";
import { parameterCount, showOpenType } from "../network.js";
import { type NetworkArguments, networkOptions } from "../options.js";
import type { Terminal } from "../terminal.js";
import { formatCount } from "../text.js";

export interface CheckArguments extends NetworkArguments {
  readonly json?: boolean;
}

/** `slab check`: says of every network of the files whether it is right; all mistakes of all files are reported. */
export function check(files: readonly string[], options: CheckArguments, terminal: Terminal): number {
  const network = networkOptions(options);
  const checked: { readonly file: string; readonly networks: readonly CheckedNetwork[] }[] = [];
  const errors: Diagnostic[] = [];
  for (const file of files) {
    try {
      readSource(file);
      checked.push({ file, networks: checkFile(file, createHost(file), network) });
    } catch (failure) {
      if (!(failure instanceof SlabFailure)) throw failure;
      errors.push(...failure.diagnostics);
    }
  }
  const warnings = withoutRepetition(
    checked.flatMap(({ networks }) => networks.flatMap((each) => each.warnings)),
  );
  if (options.json) {
    const networks = checked.flatMap(({ file, networks }) =>
      networks.map((each) => networkToJson(file, each)),
    );
    const diagnostics = [...errors, ...warnings].map(diagnosticToJson);
    terminal.print(JSON.stringify({ networks, diagnostics }, undefined, 2));
    return errors.length > 0 ? 1 : 0;
  }
  for (const { file, networks } of checked) {
    if (networks.length === 0) terminal.print(`${file} is right; it has no network`);
    for (const each of networks) terminal.print(describe(file, each));
  }
  if (warnings.length > 0) terminal.remark(renderDiagnostics(warnings, { colour: terminal.colour }));
  if (errors.length > 0) throw new SlabFailure(errors);
  return 0;
}

function describe(file: string, network: CheckedNetwork): string {
  const { graph, pipeline } = network;
  if (pipeline)
    return `${file}: pipeline ${pipeline.name} for ${graph.network} is right: ${describePipeline(pipeline)}`;
  const inputs = graph.inputs.map(({ name, type }) => `${name} ${showOpenType(type, network)}`);
  const outputs = graph.outputs.map(({ name, value }) => `${name} ${showOpenType(value.type, network)}`);
  const parameters = `${formatCount(parameterCount(network))} parameters`;
  const line = `${file}: ${graph.network} is right: ${parameters}, ${inputs.join(", ")} -> ${outputs.join(", ")}`;
  const sizes = describeSizes(network);
  return sizes === undefined ? line : `${line}\n  ${sizes}`;
}

/** Warnings of a network that several pipelines surround are said once. */
function withoutRepetition(warnings: readonly Diagnostic[]): readonly Diagnostic[] {
  const rendered = warnings.map((warning) => renderDiagnostics([warning]));
  return warnings.filter((_, index) => rendered.indexOf(rendered[index] as string) === index);
}

/** `takes x, y and z divisible by 16; x and y of one size`, or undefined where all sizes are known. */
function describeSizes(network: CheckedNetwork): string | undefined {
  const requirements = sizeRequirements(network);
  const sizes = [...new Set(requirements.map(describeRequirement))];
  const parts = sizes.map((text) => {
    const axes = requirements.filter((each) => describeRequirement(each) === text).map(({ axis }) => axis);
    return `${alternatives(axes, "and")} ${text}`;
  });
  parts.push(...equalAxes(network).map((axes) => `${alternatives(axes, "and")} of one size`));
  parts.push(...otherRequirements(network));
  return parts.length === 0 ? undefined : `takes ${parts.join("; ")}`;
}

/** `of any size`, `divisible by 16`, `divisible by 2 and at least 64`, `from 5 to 63`. */
function describeRequirement({ divisor, least, most }: SizeRequirement): string {
  const parts = divisor === 1 ? [] : [`divisible by ${divisor}`];
  const hasLeast = least > divisor;
  if (most !== undefined) parts.push(hasLeast ? `from ${least} to ${most}` : `at most ${most}`);
  else if (hasLeast) parts.push(`at least ${least}`);
  return parts.join(" and ") || "of any size";
}

function networkToJson(file: string, network: CheckedNetwork) {
  const { graph } = network;
  const requirements = sizeRequirements(network);
  const byAxis = (asked: (requirement: SizeRequirement) => number | undefined) =>
    Object.fromEntries(
      requirements.flatMap((each) => (asked(each) === undefined ? [] : [[each.axis, asked(each)]])),
    );
  return {
    file,
    network: graph.network,
    ...(network.pipeline ? { pipeline: network.pipeline } : {}),
    settings: graph.settings,
    parameters: parameterCount(network),
    inputs: graph.inputs.map(({ name, type }) => ({ name, type: showOpenType(type, network) })),
    outputs: graph.outputs.map(({ name, value }) => ({ name, type: showOpenType(value.type, network) })),
    equal: equalAxes(network),
    divisibleBy: byAxis(({ divisor }) => divisor),
    atLeast: byAxis(({ least, divisor }) => (least > divisor ? least : undefined)),
    atMost: byAxis(({ most }) => most),
    other: otherRequirements(network),
  };
}
