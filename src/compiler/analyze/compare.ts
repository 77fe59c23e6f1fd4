import type {
  Analysis,
  AxisExtent,
  Difference,
  LayerChange,
  LayerCounts,
  LayerSummary,
  NetworkComparison,
  Totals,
} from "./analysis.js";
import { sumCounts } from "./groups.js";

/** The nodes of one operation at one path: the views of a layer, the several additions of a definition. */
interface Place {
  readonly path: string;
  readonly layers: LayerCounts[];
}

/** What became of the layers of one network in another, by their paths in the source. */
export function compareLayers(before: Analysis, after: Analysis): NetworkComparison {
  const [old, next] = [placesOf(before), placesOf(after)];
  const pairs = pairPlaces(old, next);
  const layers = [...next].map(([key, place]) => change(pairs.get(key), place));
  const kept = new Set(pairs.values());
  const removed = [...old.values()].filter((place) => !kept.has(place));
  return {
    layers: withRemoved(layers, removed, [...old.values()]),
    before: totalsOf(before),
    after: totalsOf(after),
  };
}

function placesOf({ layers }: Analysis): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const layer of layers) {
    const key = `${layer.path} ${layer.operation}`;
    const place = places.get(key);
    if (place) place.layers.push(layer);
    else places.set(key, { path: layer.path, layers: [layer] });
  }
  return places;
}

/** For each place of the second network its counterpart; at a path of one operation that may be another one. */
function pairPlaces(
  old: ReadonlyMap<string, Place>,
  next: ReadonlyMap<string, Place>,
): ReadonlyMap<string, Place> {
  const onlyOf = (places: ReadonlyMap<string, Place>) => {
    const found = new Map<string, Place | undefined>();
    for (const place of places.values()) found.set(place.path, found.has(place.path) ? undefined : place);
    return found;
  };
  const [onlyOld, onlyNext] = [onlyOf(old), onlyOf(next)];
  const pairs = new Map<string, Place>();
  for (const [key, place] of next) {
    const same = old.get(key);
    const other = onlyNext.get(place.path) && onlyOld.get(place.path);
    const found = same ?? other;
    if (found) pairs.set(key, found);
  }
  return pairs;
}

function change(before: Place | undefined, after: Place): LayerChange {
  const { path } = after;
  if (!before) return { path, change: "added", after: summaryOf(after), differences: [] };
  const differences = differencesOf(before, after);
  return {
    path,
    change: differences.length > 0 ? "changed" : "same",
    before: summaryOf(before),
    after: summaryOf(after),
    differences,
  };
}

/** Puts what was removed behind the last of its earlier neighbours that is still there. */
function withRemoved(
  layers: readonly LayerChange[],
  removed: readonly Place[],
  old: readonly Place[],
): readonly LayerChange[] {
  const result = [...layers];
  for (const place of removed) {
    const row: LayerChange = {
      path: place.path,
      change: "removed",
      before: summaryOf(place),
      differences: [],
    };
    const neighbours = new Set(old.slice(0, old.indexOf(place)).map(({ path }) => path));
    const position = result.findLastIndex(({ path }) => neighbours.has(path));
    result.splice(position + 1, 0, row);
  }
  return result;
}

function summaryOf({ layers }: Place): LayerSummary {
  return {
    operation: layers[0]?.operation ?? "",
    nodes: layers.length,
    parameters: layers.reduce((sum, { parameters }) => sum + parameters, 0n),
    ...sumCounts(layers),
  };
}

function differencesOf(before: Place, after: Place): readonly Difference[] {
  const [old, next] = [summaryOf(before), summaryOf(after)];
  const differences: Difference[] = [];
  const compare = (what: string, a: string, b: string) => {
    if (a !== b) differences.push({ what, before: a, after: b });
  };
  compare("operation", old.operation, next.operation);
  compare("nodes", String(old.nodes), String(next.nodes));
  const names = new Set([...before.layers, ...after.layers].flatMap((layer) => Object.keys(layer.arguments)));
  for (const name of names) {
    const shownValue = (layer: LayerCounts) => layer.arguments[name] ?? layer.defaults[name] ?? "none";
    const sameValue = (layer: LayerCounts) => withoutRepetition(shownValue(layer));
    if (shownEach(before.layers, sameValue) === shownEach(after.layers, sameValue)) continue;
    compare(name, shownEach(before.layers, shownValue), shownEach(after.layers, shownValue));
  }
  const outputOf = ({ output }: LayerCounts) => shownAxes(output);
  compare("output", shownEach(before.layers, outputOf), shownEach(after.layers, outputOf));
  compare("parameters", String(old.parameters), String(next.parameters));
  compare("macs", String(old.macs), String(next.macs));
  compare("flops", String(old.flops), String(next.flops));
  compare("bytes", String(old.bytesRead + old.bytesWritten), String(next.bytesRead + next.bytesWritten));
  return differences;
}

/** What the layers of a place have, each once. */
function shownEach(layers: readonly LayerCounts[], show: (layer: LayerCounts) => string): string {
  return [...new Set(layers.map(show))].join(" · ");
}

/** `3x3x3` as `3`: a size for each axis is the same as one for all. */
function withoutRepetition(value: string): string {
  return value.replace(/^(\d+)(x\1)+$/, "$1");
}

function shownAxes(axes: readonly AxisExtent[]): string {
  return `[${axes.map(({ axis, size }) => `${axis}: ${size}`).join(", ")}]`;
}

function totalsOf({ total, parameters, memory }: Analysis): Totals {
  return { ...total, parameters: parameters.trainable, peakBytes: memory.peakBytes };
}
