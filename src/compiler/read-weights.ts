import type { CheckedNetwork } from "./compile.js";
import { notFinite } from "./diagnostics/catalogue/weights.js";
import { fail } from "./diagnostics/diagnostic.js";
import { type MappingReport, matchWeights, type NetworkParameter } from "./weights/match.js";
import { withoutModulePrefix } from "./weights/module-prefix.js";
import { seededTensor } from "./weights/seeded.js";
import type { TensorFile } from "./weights/tensor-file.js";

/** Where a model's weights come from. */
export type WeightSource =
  | { readonly kind: "seeded"; readonly checkpoint?: string }
  | { readonly kind: "file"; readonly file: TensorFile; readonly path: string; readonly checkpoint?: string };

/** The values of a network's weights by path and, where they come from a file, what went where. Fails with SLAB4040 to SLAB4043. */
export function readWeights(
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
  const file = withoutModulePrefix(source.file, () => namesOf(checked));
  const checkpoint = source.checkpoint ?? likeliestCheckpoint(checked, file);
  const wanted = parameters.map(({ path, shape, buffer }): NetworkParameter => {
    return {
      path,
      shape,
      buffer,
      ...(checkpoint === undefined ? {} : { foreignName: checked.foreignName(checkpoint, path) }),
    };
  });
  const { assigned, report } = matchWeights(wanted, file, source.path, {
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ignores: (name) => checkpoint !== undefined && checked.ignores(checkpoint, name),
  });
  const values = (path: string) => {
    const tensor = assigned.get(path);
    return tensor ? requireNumbers(tensor.read(), tensor.name, source.path) : new Float32Array();
  };
  return { values, mapping: report };
}

/** All names that a network and its checkpoint blocks have for tensors. */
function namesOf(checked: CheckedNetwork): ReadonlySet<string> {
  const paths = checked.graph.parameters.map(({ path }) => path);
  const foreign = checked.checkpoints.flatMap((block) =>
    paths.map((path) => checked.foreignName(block, path)),
  );
  return new Set([...paths, ...foreign]);
}

/** Values that training has left as numbers. Fails with SLAB4043 for others. */
function requireNumbers(values: Float32Array, tensor: string, path: string): Float32Array {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) fail(notFinite, { tensor, found: String(values[at]) }, { path });
  return values;
}

/** Of several checkpoint blocks, the one that knows most of the file's names. */
function likeliestCheckpoint(checked: CheckedNetwork, { tensors }: TensorFile): string | undefined {
  const scored = checked.checkpoints.map((name) => {
    const hits = checked.graph.parameters.filter(({ path }) => tensors.has(checked.foreignName(name, path)));
    return { name, hits: hits.length };
  });
  return scored.sort((a, b) => b.hits - a.hits)[0]?.name;
}
