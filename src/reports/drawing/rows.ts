import type { Item } from "./items.js";
import type { Resolutions } from "./resolution.js";

/** Where the items of a drawing stand: a row for each resolution, the finest on top, each of one line or several. */
export interface Rows {
  readonly count: number;
  rowOf(item: Item): number;
  /** Which line of its row an item stands in. */
  lineOf(item: Item): number;
  /** What an item stands below of, in one column. */
  above(item: Item): Item | undefined;
  /** Whether it stands in a column with others. */
  inColumn(item: Item): boolean;
  /** What an item takes from a coarser row, past what would be between them. */
  riseFrom(item: Item): Item | undefined;
  /** What makes a level of a coarser one, and stands between them. */
  readonly lifts: ReadonlySet<Item>;
}

/**
 * What follows one another on the way to a coarser level stands in a column, so that a level takes no more room than its
 * widest block; so does what the coarsest level is made of. What comes back to a level stands beside what it is joined to.
 */
export function rowsOf(items: readonly Item[], resolutions: Resolutions): Rows {
  const takers = takersOf(items);
  const takersFor = (item: Item) => takers.get(item) ?? [];
  const levels = [...new Set(items.map(({ value }) => resolutions.of(value)))].sort((a, b) => b - a);
  const ownRow = (item: Item) => levels.indexOf(resolutions.of(item.value));
  // An input stands where what takes it first is.
  const rowOf = (item: Item) =>
    item.kind === "input" ? Math.min(...takersFor(item).map(ownRow)) : ownRow(item);
  const last = levels.length - 1;

  const rising = items.filter((item) => isRising(item, rowOf));
  const order = new Map(items.map((item, index) => [item, index]));
  const sourceOf = (item: Item) => item.inputs[0]?.from as Item;
  /** Of what is joined on a level, what comes from the next coarser one, and from what is computed last there. */
  const isNearer = (item: Item, other: Item) => {
    const [own, others] = [sourceOf(item), sourceOf(other)];
    const rows = rowOf(own) - rowOf(others);
    return rows < 0 || (rows === 0 && (order.get(own) as number) > (order.get(others) as number));
  };
  const lifts = new Set(
    rising.filter((item) => {
      const joins = takersFor(item).filter(({ kind }) => kind === "join");
      const besides = rising.filter((other) => joins.some((join) => takersFor(other).includes(join)));
      return besides.every((other) => other === item || !isNearer(other, item));
    }),
  );

  const leading = new Map<Item, boolean>();
  /** Whether the way to coarser levels goes on through an item. */
  const leadsOn = (item: Item): boolean => {
    const known = leading.get(item);
    if (known !== undefined) return known;
    const row = rowOf(item);
    const leads = takersFor(item).some(
      (taker) =>
        rowOf(taker) > row ||
        (rowOf(taker) === row ? leadsOn(taker) : row === last && taker.kind !== "output"),
    );
    leading.set(item, leads);
    return leads;
  };

  const column = new Map<Item, Item>();
  const lines = new Map<Item, number>();
  const covered = new Set<Item>();
  const sourcesOf = (item: Item) => [...new Set(item.inputs.map(({ from }) => from))];
  /** Whether nothing but an item goes on from its source past what would stand below that. */
  const isOnlyWay = (item: Item, source: Item) =>
    takersFor(source).every(
      (other) =>
        other === item ||
        rowOf(other) < rowOf(source) ||
        (rowOf(other) === rowOf(source) && sourcesOf(other).length === 1),
    );
  for (const item of items) {
    const sources = sourcesOf(item);
    const beside = sources.filter((source) => rowOf(source) === rowOf(item) && !lifts.has(source));
    const [only] = beside;
    const mayFollow = only && sources.length === 1 && isBlock(only) && isBlock(item) && !covered.has(only);
    if (mayFollow && leadsOn(item) && isOnlyWay(item, only)) {
      column.set(item, only);
      covered.add(only);
      lines.set(item, (lines.get(only) ?? 0) + 1);
    } else {
      const taken = [...new Set(beside.map((source) => lines.get(source) ?? 0))];
      // What comes from several lines meets below them.
      lines.set(item, Math.max(0, ...taken) + (taken.length > 1 ? 1 : 0));
    }
  }
  for (const lift of lifts) {
    const taker = takersFor(lift).find((other) => rowOf(other) === rowOf(lift));
    if (taker) lines.set(lift, lines.get(taker) ?? 0);
  }
  return {
    count: levels.length,
    rowOf,
    lineOf: (item) => lines.get(item) ?? 0,
    above: (item) => column.get(item),
    inColumn: (item) => column.has(item) || covered.has(item),
    riseFrom: (item) => sourcesOf(item).find((source) => rowOf(source) > rowOf(item) && !lifts.has(source)),
    lifts,
  };
}

export function takersOf(items: readonly Item[]): ReadonlyMap<Item, readonly Item[]> {
  const takers = new Map<Item, Item[]>();
  for (const item of items) {
    for (const source of new Set(item.inputs.map(({ from }) => from))) {
      takers.set(source, [...(takers.get(source) ?? []), item]);
    }
  }
  return takers;
}

/** What may stand in a column. */
function isBlock({ kind, region }: Item): boolean {
  return !region && (kind === "layer" || kind === "operations");
}

/** One thing that makes a level of a coarser one. */
function isRising(item: Item, rowOf: (item: Item) => number): boolean {
  const [only, ...others] = item.inputs;
  if (!only || others.length > 0 || item.kind === "output" || only.from.kind === "input") return false;
  return rowOf(only.from) > rowOf(item);
}
