import {
  type CheckedNetwork,
  type CompiledModel,
  emitModel,
  evaluateSize,
  type ModelOutput,
  openTensorFile,
  type Schedule,
  type Size,
  showSize,
  sizeRequirements,
  type TensorType,
} from "../compiler/index.js";
import { product } from "../compiler/support/product.js";
import { withFile } from "./files.js";
import type { WeightArguments } from "./options.js";
import { formatCount } from "./text.js";

/** How a network is emitted. */
export interface Emission {
  readonly schedule: Schedule;
  readonly externalDataName: string;
  /** Scores, unless it says labels. */
  readonly gives?: ModelOutput;
}

/**
 * Emits a checked network with the weights that the user named, and hands it on. The file of weights is open until `use`
 * returns, since weights beside a model are read while they are written. One of `init` and `weights` is given.
 */
export function withCompiled<T>(
  checked: CheckedNetwork,
  { weights, checkpoint }: WeightArguments,
  { schedule, externalDataName, gives }: Emission,
  use: (compiled: CompiledModel) => T,
): T {
  const names = checkpoint === undefined ? {} : { checkpoint };
  if (weights === undefined) {
    return use(emitModel(checked, { kind: "seeded", ...names }, externalDataName, schedule, gives));
  }
  return withFile(weights, "a file of weights: safetensors or a PyTorch checkpoint", (source) => {
    const file = openTensorFile(source, weights);
    return use(
      emitModel(checked, { kind: "file", file, path: weights, ...names }, externalDataName, schedule, gives),
    );
  });
}

/** The number of trained values; running statistics don't count. */
export function parameterCount({ graph }: CheckedNetwork): number {
  const trained = graph.parameters.filter(({ buffer }) => !buffer);
  return trained.reduce((sum, { shape }) => sum + product(shape), 0);
}

/**
 * A size for people. Of the sizes that a network takes, roundings often don't show: where x is divisible by 16,
 * 16*floor((x + 15) / 16) is x. `candidates` are the texts to try, with what they are worth, before the formula itself.
 */
function showOpen(size: Size, checked: CheckedNetwork, candidates: readonly Candidate[]): string {
  const { bindings } = checked.graph;
  if (evaluateSize(size, bindings) !== undefined) return showSize(size, bindings);
  const samples = sampleSizes(checked);
  const found = candidates.find(({ worth }) =>
    samples.every((sample) => worth(sample) === evaluateSize(size, sample)),
  );
  return found?.text ?? showSize(size, bindings);
}

interface Candidate {
  readonly text: string;
  readonly worth: (sizes: ReadonlyMap<string, number>) => number | undefined;
}

/**
 * Sizes that the network takes, chosen so that two formulas which agree on all of them are the same: no two axes grow alike
 * from one sample to the next, whatever their sizes are multiples of.
 */
function sampleSizes(checked: CheckedNetwork): ReadonlyMap<string, number>[] {
  const requirements = sizeRequirements(checked);
  return [0, 1, 2].map((sample) => {
    const sizes = new Map(checked.graph.bindings);
    if (!sizes.has("n")) sizes.set("n", [1, 5, 4][sample] as number);
    requirements.forEach(({ axis, divisor }, index) => {
      const factor = index + 1;
      sizes.set(axis, divisor * (factor + sample * factor ** 2));
    });
    return sizes;
  });
}

function divisorsOf(whole: number): number[] {
  return Array.from({ length: whole }, (_, index) => index + 1).filter((part) => whole % part === 0);
}

/** `float[n, c: 16, x, y: y/2, z: z/2]`, for the sizes that the network takes. */
export function showOpenType(type: TensorType, checked: CheckedNetwork): string {
  const candidates = sizeRequirements(checked).flatMap(({ axis, divisor }) =>
    divisorsOf(divisor).map((part): Candidate => {
      const worth = (sizes: ReadonlyMap<string, number>) => (sizes.get(axis) ?? 0) / part;
      return { text: part === 1 ? axis : `${axis}/${part}`, worth };
    }),
  );
  const axes = type.axes.map(({ name, size }) => {
    const shown = showOpen(size, checked, candidates);
    return shown === name ? name : `${name}: ${shown}`;
  });
  return `float[${axes.join(", ")}]`;
}

/** An amount of work: a number, or as much for each voxel, or its formula while sizes are open. */
export function showAmount(amount: Size, checked: CheckedNetwork): string {
  const { bindings } = checked.graph;
  const value = evaluateSize(amount, bindings);
  if (value !== undefined) return formatCount(value);
  const axes = sizeRequirements(checked).map(({ axis }) => axis);
  const volume = (sizes: ReadonlyMap<string, number>) => {
    return ["n", ...axes].reduce((product, axis) => product * (sizes.get(axis) ?? 1), 1);
  };
  const [first] = sampleSizes(checked);
  const perVoxel = first ? (evaluateSize(amount, first) ?? 0) / volume(first) : 0;
  const shown = `${Number.isInteger(perVoxel) ? "" : "about "}${formatCount(Math.round(perVoxel))} for each voxel`;
  return showOpen(amount, checked, [{ text: shown, worth: (sizes) => Math.round(perVoxel * volume(sizes)) }]);
}
