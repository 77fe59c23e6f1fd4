import type { Analysis, Counts, Group, Grouping, LayerCounts } from "./analysis.js";

/**
 * Sums over layers. `layer` takes the first `depth` parts of their paths: `unet.enc` at depth 2; without a depth whole
 * paths. Groups come in the order of their first layer, levels finest first.
 */
export function groupLayers(analysis: Analysis, by: Grouping, depth?: number): readonly Group[] {
  const groups = new Map<string, LayerCounts[]>();
  if (by === "level") for (const { name } of analysis.levels) groups.set(name, []);
  for (const layer of analysis.layers) {
    const key = groupKey(layer, by, depth);
    const members = groups.get(key);
    if (members) members.push(layer);
    else groups.set(key, [layer]);
  }
  return [...groups].map(([key, layers]) => ({
    key,
    layers: layers.length,
    ...sumCounts(layers),
    parameters: sumOf(layers, ({ parameters }) => parameters),
    appliedParameters: sumOf(layers, ({ appliedParameters }) => appliedParameters),
    conventions: {
      fvcore: sumOf(layers, ({ conventions }) => conventions.fvcore),
      ptflops: sumOf(layers, ({ conventions }) => conventions.ptflops),
      torch: sumOf(layers, ({ conventions }) => conventions.torch),
    },
  }));
}

/** The key of the group that a layer belongs to. */
export function groupKey(
  { path, level, operation, views }: LayerCounts,
  by: Grouping,
  depth: number | undefined,
): string {
  switch (by) {
    case "total":
      return "total";
    case "layer":
      return path.split(".").slice(0, depth).join(".");
    case "level":
      return level;
    case "op":
      return operation;
    case "view":
      return views.length > 0 ? views.join(" ") : "none";
  }
}

export function sumCounts(counts: readonly Counts[]): Counts {
  return {
    macs: sumOf(counts, ({ macs }) => macs),
    flops: sumOf(counts, ({ flops }) => flops),
    bytesRead: sumOf(counts, ({ bytesRead }) => bytesRead),
    bytesWritten: sumOf(counts, ({ bytesWritten }) => bytesWritten),
  };
}

/** Arithmetic intensity: FLOPs for each byte read or written; 0 where nothing is. */
export function intensity({ flops, bytesRead, bytesWritten }: Counts): number {
  const bytes = bytesRead + bytesWritten;
  return bytes === 0n ? 0 : Number(flops) / Number(bytes);
}

function sumOf<T>(items: readonly T[], value: (item: T) => bigint): bigint {
  return items.reduce((sum, item) => sum + value(item), 0n);
}
