import type { CheckedNetwork } from "./compile.js";
import { boundsOf, divisibility } from "./elaborate/sizes.js";
import { type Relation, relationHolds, relationSymbols, showRelation } from "./graph/condition.js";
import type { Graph } from "./graph/graph.js";
import { openSymbols } from "./graph/open-axes.js";
import type { Bindings } from "./graph/size.js";
import { product } from "./support/product.js";
import { spanText } from "./support/source.js";

/** What one open axis of a network's input must be. */
export interface SizeRequirement {
  readonly axis: string;
  /** 1 where any size does. */
  readonly divisor: number;
  /** The smallest size, which is the divisor where nothing else is asked for. */
  readonly least: number;
  /** The largest size, where there is one. */
  readonly most?: number;
}

/**
 * What sizes a checked network takes: for each axis of its inputs whose size is open (the batch `n` left out), in order,
 * what it must be divisible by, and bounds. Axes for which that does not describe the sizes that work are left out.
 */
export function sizeRequirements({ graph }: CheckedNetwork): readonly SizeRequirement[] {
  const found = requirementsOf.get(graph) ?? findRequirements(graph);
  requirementsOf.set(graph, found);
  return found;
}

/** What was found of a graph: every type that is shown asks for it, and bounds that are far away take long to find. */
const requirementsOf = new WeakMap<Graph, readonly SizeRequirement[]>();

function findRequirements(graph: Graph): readonly SizeRequirement[] {
  const { conditions, bindings } = graph;
  const axes = openSymbols(graph).filter((axis) => axis !== "n");
  return axes.flatMap((axis) => {
    const divisor = divisibility(conditions, bindings, axis);
    const bounds = divisor === undefined ? undefined : boundsOf(conditions, bindings, axis, divisor);
    return divisor === undefined || !bounds ? [] : [{ axis, divisor, ...bounds }];
  });
}

/** Which of the axes of `sizeRequirements` must have one size, in groups: those of views that are stacked, say. */
export function equalAxes(network: CheckedNetwork): readonly (readonly string[])[] {
  const { bindings, conditions } = network.graph;
  const requirements = sizeRequirements(network);
  // Sizes that each axis takes by itself, bounds aside.
  const unit = product(requirements.map(({ divisor }) => divisor));
  const relations = conditions.map(({ relation }) => relation).filter(({ kind }) => kind !== "at-least");
  const fits = (sizes: readonly (readonly [string, number])[]) => {
    const tried = new Map([...bindings, ...sizes]);
    return relations.every((relation) => relationHolds(relation, tried) !== false);
  };
  const mustEqual = (a: string, b: string) =>
    fits([
      [a, 6 * unit],
      [b, 6 * unit],
    ]) &&
    [1, 7, 12].every(
      (factor) =>
        !fits([
          [a, 6 * unit],
          [b, factor * unit],
        ]),
    );
  const groups: string[][] = [];
  for (const { axis } of requirements) {
    const group = groups.find(([first]) => mustEqual(first as string, axis));
    if (group) group.push(axis);
    else groups.push([axis]);
  }
  return groups.filter((group) => group.length > 1);
}

/** Multiples of the divisors that relations of several axes are tried with; of many axes, the first few alone. */
const tried = [1, 1024, 2, 3, 5, 4, 6, 8];
/** So many sizes are tried of one axis. */
const mostSizes = 256;
/** So many tiles are tried at most. */
const mostTiles = 50_000;

/**
 * What a network asks of sizes besides `sizeRequirements` and `equalAxes`, in words: `y at least z + 1`,
 * `x*y*z at most 1000000`, `x = 64`. What follows from what is told before it is left out.
 */
export function otherRequirements(network: CheckedNetwork): readonly string[] {
  const { bindings, conditions } = network.graph;
  const described = new Set(sizeRequirements(network).map(({ axis }) => axis));
  const openIn = (relation: Relation) =>
    [...relationSymbols(relation)].filter((symbol) => symbol !== "n" && !bindings.has(symbol));
  const relations = conditions.map(({ relation }) => relation);
  const single = relations.filter((relation) => {
    const [axis, ...others] = openIn(relation);
    return axis !== undefined && others.length === 0 && !described.has(axis);
  });
  const joint = relations.filter((relation) => openIn(relation).length > 1);
  const axisOf = (relation: Relation) => openIn(relation)[0] ?? "";
  const told = [
    ...telling(single, axisOf, sizesAlong),
    ...telling(
      joint,
      () => "all",
      () => sampleTiles(network, new Set(joint.flatMap(openIn))),
    ),
  ];
  return [...new Set([...told.map(showRelation), ...(network.graph.untold ?? []).map(spanText)])];
}

/**
 * Of relations those that do not follow from the ones before: that leave fewer of the samples. Each is held against the samples
 * under its key, which are made when the first one is.
 */
function telling(
  relations: readonly Relation[],
  keyOf: (relation: Relation) => string,
  samplesUnder: (key: string) => readonly Bindings[],
): readonly Relation[] {
  const left = new Map<string, readonly Bindings[]>();
  return relations.filter((relation) => {
    const key = keyOf(relation);
    const samples = left.get(key) ?? samplesUnder(key);
    const kept = samples.filter((sizes) => relationHolds(relation, sizes) !== false);
    left.set(key, kept);
    return kept.length < samples.length;
  });
}

/** The first sizes of one axis. */
function sizesAlong(axis: string): readonly Bindings[] {
  return Array.from({ length: mostSizes }, (_, index) => new Map([[axis, index + 1]]));
}

/** Tiles that keep what is told of single axes and of axes of one size; they differ along some of the axes. */
function sampleTiles(network: CheckedNetwork, varying: ReadonlySet<string>): readonly Bindings[] {
  const groups = equalAxes(network);
  const most = Math.max(2, Math.floor(mostTiles ** (1 / varying.size)));
  let tiles: readonly Bindings[] = [new Map([["n", 1], ...network.graph.bindings])];
  for (const requirement of sizeRequirements(network)) {
    const { axis } = requirement;
    const [first = axis] = groups.find((group) => group.includes(axis)) ?? [];
    const isVaried = varying.has(axis) && 2 * tiles.length <= mostTiles;
    const sizes = sizesOf(requirement).slice(0, isVaried ? most : 1);
    tiles = tiles.flatMap((tile) => {
      const same = tile.get(first);
      return (same === undefined ? sizes : [same]).map((size) => new Map(tile).set(axis, size));
    });
  }
  return tiles;
}

/** Sizes that an axis may have, the least first. */
function sizesOf({ divisor, least, most = Number.POSITIVE_INFINITY }: SizeRequirement): readonly number[] {
  const sizes = tried.map((factor) => factor * divisor).filter((size) => size >= least && size <= most);
  return [...new Set([least, ...sizes])];
}
