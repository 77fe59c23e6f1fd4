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
  /** Tensors that fill a parameter of the same sizes but for axes of size one. */
  readonly reshaped: readonly Reshaped[];
  /** Names of tensors that were left out on purpose, in the file's order. */
  readonly ignored: readonly string[];
  /** Of those, the ones that an `ignore` of the checkpoint block names; the others count training batches. */
  readonly ignoredByRule: readonly string[];
}

/** A tensor whose shape is the parameter's but for axes of size one: its values are used in their order. */
export interface Reshaped {
  readonly path: string;
  readonly name: string;
  readonly file: readonly number[];
  readonly network: readonly number[];
}

/** The checkpoint block that foreign names come from. */
export interface CheckpointNames {
  readonly checkpoint?: string;
  /** Whether a tensor that the network has no place for is passed over. */
  readonly ignores?: (name: string) => boolean;
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

/** `[64, 3, 7, 7]` and `[64, 3, 1, 7, 7]`: row-major values in the same order. */
function sameWithoutOnes(a: readonly number[], b: readonly number[]): boolean {
  const counted = (shape: readonly number[]) => shape.filter((size) => size !== 1);
  return sameShape(counted(a), counted(b));
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
 * A tensor that has the parameter's sizes but for axes of size one (a 2D kernel for a 3D one of depth 1) fills it.
 * Missing, extra and misshapen tensors are one diagnostic each, all three thrown together.
 *
 * @param path the file as the user named it
 */
export function matchWeights(
  parameters: readonly NetworkParameter[],
  file: TensorFile,
  path: string,
  from: CheckpointNames = {},
): { assigned: ReadonlyMap<string, StoredTensor>; report: MappingReport } {
  const { names, wanted } = chooseNames(parameters, file);
  const checkpoint = names === "checkpoint" ? from.checkpoint : undefined;
  const assigned = new Map<string, StoredTensor>();
  const missing = new Map<string, ShownTensor>();
  const misshapen: Misshapen[] = [];
  const pairs: { path: string; name: string }[] = [];
  const parametersUsed = new Set<StoredTensor>();
  const reshaped: Reshaped[] = [];

  for (const [i, parameter] of parameters.entries()) {
    const name = wanted[i] as string;
    const tensor = file.tensors.get(name);
    if (!tensor) missing.set(name, { name, shape: parameter.shape });
    else if (!sameWithoutOnes(tensor.shape, parameter.shape)) {
      misshapen.push({ name, file: tensor.shape, network: parameter.shape });
    } else {
      const { path, shape } = parameter;
      if (!sameShape(tensor.shape, shape)) reshaped.push({ path, name, file: tensor.shape, network: shape });
      assigned.set(parameter.path, tensor);
      pairs.push({ path: parameter.path, name });
      if (!parameter.buffer) parametersUsed.add(tensor);
    }
  }
  const wantedNames = new Set(wanted);
  const unused = [...file.tensors.values()].filter(({ name }) => !wantedNames.has(name));
  const named = (tensors: readonly StoredTensor[]) => tensors.map(({ name }) => name);
  const byRule = unused.filter((tensor) => !isBatchCounter(tensor) && from.ignores?.(tensor.name));
  const passedOver = new Set([...unused.filter(isBatchCounter), ...byRule]);
  const extra = unused.filter((tensor) => !passedOver.has(tensor));

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
      reshaped,
      ignored: named(unused.filter((tensor) => passedOver.has(tensor))),
      ignoredByRule: named(byRule),
    },
  };
}

/** The report in a line, and one more for what was ignored or reshaped. Ends without a line break. */
export function renderMappingReport(report: MappingReport): string {
  const { tensors, parameters, path, format, names, checkpoint, ignored, ignoredByRule, reshaped } = report;
  const kind = format === "torch" ? "PyTorch checkpoint" : "safetensors";
  const through =
    names === "paths"
      ? "by path"
      : `through checkpoint${checkpoint === undefined ? "" : ` "${shownName(checkpoint)}"`}`;
  const counts = `${shownCount(tensors)} tensor${tensors === 1 ? "" : "s"}, ${shownCount(parameters)} parameters`;
  const byRule = new Set(ignoredByRule);
  const counters = ignored.filter((name) => !byRule.has(name));
  const shapes = reshaped.map(
    ({ name, file, network }) => `${shownName(name)} ${shownShape(file)} as ${shownShape(network)}`,
  );
  return [
    `${counts}, from ${path} (${kind}) ${through}`,
    ...some("reshaped", shapes, "axes of size one"),
    ...some("ignored", counters.map(shownName), "counts training batches"),
    ...some("ignored", ignoredByRule.map(shownName), "as the checkpoint block says"),
  ].join("\n");
}

/** `ignored: first and 3 more like it (why)`, or nothing. */
function some(what: string, items: readonly string[], why: string): string[] {
  const [first, ...others] = items;
  if (first === undefined) return [];
  const more = others.length > 0 ? ` and ${shownCount(others.length)} more like it` : "";
  return [`${what}: ${first}${more} (${why})`];
}

function shownShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
