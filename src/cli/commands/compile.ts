import { basename } from "node:path";
import { checkNetwork, renderDiagnostics, renderMappingReport } from "../../compiler/index.js";
import { type OutputFile, writeFilesTogether } from "../../runtime/volume/files.js";
import { describePipeline, replacedByOptions } from "../describe-pipeline.js";
import { readSource, requireWritable } from "../files.js";
import { createHost } from "../host.js";
import { parameterCount, withCompiled } from "../network.js";
import { type NetworkArguments, networkOptions, type WeightArguments } from "../options.js";
import { chosenSchedule, type ScheduleArguments } from "../schedule.js";
import type { Terminal } from "../terminal.js";
import { counted, formatBytes, formatCount } from "../text.js";

export interface CompileArguments extends NetworkArguments, WeightArguments, ScheduleArguments {
  readonly output: string;
  readonly labels?: boolean;
}

/** `slab compile`: writes a network as an ONNX model, with a second file for weights that don't fit into the first. */
export function compile(file: string, options: CompileArguments, terminal: Terminal): number {
  const { output, weights } = options;
  const dataFile = `${output}.data`;
  requireWritable([output, dataFile], [file, ...(weights === undefined ? [] : [weights])]);
  const schedule = chosenSchedule(options);
  readSource(file);
  const checked = checkNetwork(file, createHost(file), { ...networkOptions(options), applyPipeline: true });
  if (checked.warnings.length > 0) {
    terminal.remark(renderDiagnostics(checked.warnings, { colour: terminal.colour }));
  }
  const emission = {
    schedule,
    externalDataName: basename(dataFile),
    gives: options.labels ? "labels" : "scores",
  } as const;
  withCompiled(checked, options, emission, ({ emitted: { model, externalData }, mapping }) => {
    const files: OutputFile[] = [{ path: output, chunks: [model] }];
    // First, so that a model that is there always finds its weights.
    if (externalData) files.unshift({ path: dataFile, chunks: externalData.chunks });
    writeFilesTogether(files);
    if (mapping) terminal.print(renderMappingReport(mapping));
    const { network, nodes } = checked.graph;
    const parts = `${formatCount(parameterCount(checked))} parameters, ${counted(nodes.length, "operation")}`;
    terminal.print(`${output}: ${formatBytes(model.length)}, ${network}: ${parts}`);
    const { pipeline } = checked;
    if (pipeline) terminal.print(`pipeline ${pipeline.name}: ${describePipeline(pipeline)}`);
    for (const line of replacedByOptions(pipeline, options)) terminal.print(line);
    if (externalData) terminal.print(`${dataFile}: ${formatBytes(externalData.byteLength)}, its weights`);
  });
  return 0;
}
