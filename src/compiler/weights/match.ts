import {
  extraTensors,
  type Misshapen,
  misshapenTensors,
  missingTensors,
  type ShownTensor,
  shownCount,
  shownName,
} from "../diagnostics/catalogue/weights.js";
import { type Diagnostic, diagnose, SlabFailure } from "../diagnostics/diagnostic.js";
import { isInteger } from "./element-types.js";
import { explainShapes, nearestTensors } from "./nearest.js";
import { elementCount, type StoredTensor, type TensorFile } from "./tensor-file.js";

/** A parameter or buffer of a network, which a file of weights has to fill. */
export interface NetworkParameter {
  /** Its path in the network: `unet.enc.2.conv1.weight`. */
  readonly path: string;
  readonly shape: readonly number[];
  /** Its name in another framework, where a checkpoint block gives one. */
  readonly foreignName?: string;
  /** A buffer, such as a running statistic, is filled but does not count as a parameter. */
  readonly buffer?: boolean;
}

/** What went where, for people. */
export interface MappingReport {
  /** The file as the user named it. */
  readonly path: string;
  readonly format: TensorFile["format"];
  /** The number of the network's tensors that were filled, buffers too. */
  readonly tensors: number;
  /** The number of values in the parameters; a tensor used twice counts once, buffers don't count. */
  readonly parameters: number;
  /** Whether the names were the network's paths or came through a checkpoint block. */
  readonly names: "paths" | "checkpoint";
  readonly checkpoint?: string;
  /** Each path with the name of its tensor in the file, in the network's order. */
  readonly pairs: readonly { readonly path: string; readonly name: string }[];
  /** Names of tensors that were left out on purpose: counters of batches seen in training. */
  readonly ignored: readonly string[];
}

/** A PyTorch batch norm counts the batches it has seen; nothing at inference needs it. */
function isBatchCounter(tensor: StoredTensor): boolean {
  return (
    /(?:^|\.)num_batches_tracked$/.test(tensor.name) &&
    isInteger(tensor.dtype) &&
    elementCount(tensor.shape) === 1
  );
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The names to look for: paths where all of them are in the file; of the two, else, whichever finds more. */
function chooseNames(parameters: readonly NetworkParameter[], file: TensorFile) {
  const paths = parameters.map(({ path }) => path);
  if (parameters.every(({ foreignName }) => foreignName === undefined))
    return { names: "paths", wanted: paths } as const;
  const foreign = parameters.map(({ path, foreignName }) => foreignName ?? path);
  const hits = (names: readonly string[]) => names.filter((name) => file.tensors.has(name)).length;
  const pathHits = hits(paths);
  return pathHits === paths.length || pathHits > hits(foreign)
    ? ({ names: "paths", wanted: paths } as const)
    : ({ names: "checkpoint", wanted: foreign } as const);
}

/**
 * Finds a tensor in the file for every parameter of a network: by the network's own paths where the file has all of
 * them, else by the names a checkpoint block gives. Reads no values.
 *
 * Missing, extra and misshapen tensors are one diagnostic each, all three thrown together.
 *
 * @param path the file as the user named it
 * @param checkpointName the checkpoint block that the foreign names come from
 */
export function matchWeights(
  parameters: readonly NetworkParameter[],
  file: TensorFile,
  path: string,
  checkpointName?: string,
): { assigned: ReadonlyMap<string, StoredTensor>; report: MappingReport } {
  const { names, wanted } = chooseNames(parameters, file);
  const checkpoint = names === "checkpoint" ? checkpointName : undefined;
  const assigned = new Map<string, StoredTensor>();
  const missing = new Map<string, ShownTensor>();
  const misshapen: Misshapen[] = [];
  const pairs: { path: string; name: string }[] = [];
  const parametersUsed = new Set<StoredTensor>();
  const ignored: string[] = [];

  for (const [i, parameter] of parameters.entries()) {
    const name = wanted[i] as string;
    const tensor = file.tensors.get(name);
    if (!tensor) missing.set(name, { name, shape: parameter.shape });
    else if (!sameShape(tensor.shape, parameter.shape)) {
      misshapen.push({ name, file: tensor.shape, network: parameter.shape });
    } else {
      assigned.set(parameter.path, tensor);
      pairs.push({ path: parameter.path, name });
      if (!parameter.buffer) parametersUsed.add(tensor);
    }
  }
  const wantedNames = new Set(wanted);
  const unused = [...file.tensors.values()].filter(({ name }) => !wantedNames.has(name));
  const extra = unused.filter((tensor) => !isBatchCounter(tensor));
  for (const tensor of unused) if (isBatchCounter(tensor)) ignored.push(tensor.name);

  const diagnostics: Diagnostic[] = [];
  const lost = [...missing.values()];
  if (lost.length > 0) {
    const anyMatched = lost.length < wantedNames.size;
    const nearest = nearestTensors(lost, extra);
    const args = { missing: lost, nearest, anyMatched, ...(checkpoint === undefined ? {} : { checkpoint }) };
    diagnostics.push(diagnose(missingTensors, args, { path }));
  }
  if (extra.length > 0) {
    const nearest = nearestTensors(extra, lost);
    diagnostics.push(diagnose(extraTensors, { extra, nearest }, { path }));
  }
  if (misshapen.length > 0) {
    const explanation = explainShapes(misshapen);
    const args = { misshapen, ...(explanation === undefined ? {} : { explanation }) };
    diagnostics.push(diagnose(misshapenTensors, args, { path }));
  }
  if (diagnostics.length > 0) throw new SlabFailure(diagnostics);

  const count = [...parametersUsed].reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return {
    assigned,
    report: {
      path,
      format: file.format,
      tensors: assigned.size,
      parameters: count,
      names,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      pairs,
      ignored,
    },
  };
}

/** The report in a line, or two where tensors were ignored. Ends without a line break. */
export function renderMappingReport(report: MappingReport): string {
  const { tensors, parameters, path, format, names, checkpoint, ignored } = report;
  const kind = format === "torch" ? "PyTorch checkpoint" : "safetensors";
  const through =
    names === "paths"
      ? "by path"
      : `through checkpoint${checkpoint === undefined ? "" : ` "${shownName(checkpoint)}"`}`;
  const counts = `${shownCount(tensors)} tensor${tensors === 1 ? "" : "s"}, ${shownCount(parameters)} parameters`;
  const lines = [`${counts}, from ${path} (${kind}) ${through}`];
  if (ignored.length > 0) {
    const [first] = ignored as [string];
    const others = ignored.length > 1 ? ` and ${shownCount(ignored.length - 1)} more like it` : "";
    lines.push(`ignored: ${shownName(first)}${others} (counts training batches)`);
  }
  return lines.join("\n");
}

/** The whole mapping, a line for each tensor: the network's path, then the name in the file. */
export function renderMappingPairs(report: MappingReport): string {
  const width = Math.max(0, ...report.pairs.map(({ path }) => path.length));
  return report.pairs.map(({ path, name }) => `${path.padEnd(width)}  ${shownName(name)}`).join("\n");
}
