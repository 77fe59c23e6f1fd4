import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { type Condition, relationHolds, relationSymbols } from "../graph/condition.js";
import { type Bindings, noBindings } from "../graph/size.js";

/** How far from a size a better one is looked for, in voxels. */
const searchDistance = 1024;

/** An axis as long as this has no upper bound. */
const unbounded = 2 ** 20;

/**
 * Reports the first condition that the given sizes break, with sizes nearby that keep all of them and pass `verify`. One
 * unsuitable size breaks conditions on many levels of a network; it is one mistake.
 */
export function checkConditions(
  conditions: readonly Condition[],
  bindings: Bindings,
  verify: (bindings: Bindings) => boolean = () => true,
): Diagnostic | undefined {
  const broken = conditions.find(({ relation }) => relationHolds(relation, bindings) === false);
  if (!broken) return undefined;
  const diagnostic = broken.report(bindings);
  const help = adviseSizes(conditions, bindings, verify);
  return help ? { ...diagnostic, help: [...diagnostic.help, help] } : diagnostic;
}

/** What an axis must be divisible by, bounds of its size aside; undefined where that does not describe what works. */
export function divisibility(
  conditions: readonly Condition[],
  bindings: Bindings,
  symbol: string,
): number | undefined {
  const unlimited = conditions.filter(({ relation }) => relation.kind !== "at-least");
  const works = suitability(unlimited, bindings, symbol);
  for (let divisor = 1; divisor <= 512; divisor++) {
    if (
      [1, 2, 3, 5, 7].every((factor) => works(divisor * factor)) &&
      (divisor === 1 || !works(divisor * 4 + 1))
    ) {
      return divisor;
    }
  }
  return undefined;
}

/** The least and the largest multiple of a divisor that an axis by itself may have; undefined where there is none. */
export function boundsOf(
  conditions: readonly Condition[],
  bindings: Bindings,
  symbol: string,
  divisor: number,
): { readonly least: number; readonly most?: number } | undefined {
  const bounds = conditions.filter(({ relation }) => relation.kind === "at-least");
  const works = suitability(bounds, bindings, symbol);
  const last = Math.floor(unbounded / divisor);
  let least = 1;
  while (least < last && !works(least * divisor)) least++;
  if (!works(least * divisor)) return undefined;
  if (works(last * divisor)) return { least: least * divisor };
  let [most, beyond] = [least, last];
  while (beyond - most > 1) {
    const middle = Math.floor((most + beyond) / 2);
    if (works(middle * divisor)) most = middle;
    else beyond = middle;
  }
  return { least: least * divisor, most: most * divisor };
}

function adviseSizes(
  conditions: readonly Condition[],
  bindings: Bindings,
  verify: (bindings: Bindings) => boolean,
): string | undefined {
  // The batch is no part of a tile.
  const symbols = [...bindings.keys()].filter((symbol) => symbol !== "n");
  const size = (symbol: string) => bindings.get(symbol) as number;
  // Which axis is chosen first matters where sizes depend on each other.
  const orders = symbols.flatMap((_, first) => {
    const order = [...symbols.slice(first), ...symbols.slice(0, first)];
    return [order, order.toReversed()];
  });
  const tiles = orders.flatMap((order) =>
    ([-1, 1] as const).flatMap((direction) => tileNearby(conditions, bindings, order, direction) ?? []),
  );
  const volume = (tile: Bindings) => symbols.reduce((total, symbol) => total * (tile.get(symbol) ?? 1), 1);
  const within = (sign: 1 | -1) =>
    tiles
      .filter((tile) => symbols.every((symbol) => sign * ((tile.get(symbol) ?? 0) - size(symbol)) >= 0))
      .sort((a, b) => sign * (volume(a) - volume(b)))
      .slice(0, 1);
  const found = [...within(-1), ...within(1)];
  const choices = found.filter(verify);
  if (choices.length === 0) return undefined;
  const changed = symbols.filter((symbol) => choices.some((tile) => tile.get(symbol) !== size(symbol)));
  const divisors = new Set(changed.map((symbol) => divisibility(conditions, noBindings, symbol)));
  const [divisor = 1] = divisors;
  const isMultiple = (tile: Bindings) => (symbol: string) => (tile.get(symbol) ?? 0) % divisor === 0;
  const isDivisor =
    divisors.size === 1 &&
    choices.length === found.length &&
    !changed.some(isMultiple(bindings)) &&
    choices.every((tile) => changed.every(isMultiple(tile)));
  const show = (tile: Bindings) => symbols.map((symbol) => tile.get(symbol)).join("x");
  const [reason, one, several] = isDivisor
    ? [`is not divisible by ${divisor}`, "is", "are"]
    : ["does not work", "does", "do"];
  return `tile ${show(bindings)} ${reason}; ${choices.map(show).join(" and ")} ${choices.length > 1 ? several : one}`;
}

/**
 * A tile that keeps all conditions, its axes chosen in an order: each as it is where that works with those before it, else
 * the nearest size in a direction, or the other one.
 */
function tileNearby(
  conditions: readonly Condition[],
  bindings: Bindings,
  order: readonly string[],
  direction: 1 | -1,
): Bindings | undefined {
  const chosen = new Map([...bindings].filter(([symbol]) => !order.includes(symbol)));
  for (const symbol of order) {
    const size = bindings.get(symbol) as number;
    const works = suitability(conditions, chosen, symbol);
    const found = works(size)
      ? size
      : (nearest(size, direction, works) ?? nearest(size, direction === 1 ? -1 : 1, works));
    if (found === undefined) return undefined;
    chosen.set(symbol, found);
  }
  return chosen;
}

/** Whether a size of one symbol keeps all conditions, the others' sizes as they are. */
function suitability(
  conditions: readonly Condition[],
  bindings: Bindings,
  symbol: string,
): (size: number) => boolean {
  const own = conditions.filter(({ relation }) => relationSymbols(relation).has(symbol));
  return (size) => {
    const tried = new Map(bindings).set(symbol, size);
    return own.every(({ relation }) => relationHolds(relation, tried) !== false);
  };
}

function nearest(size: number, step: 1 | -1, works: (candidate: number) => boolean): number | undefined {
  for (let distance = 1; distance <= searchDistance; distance++) {
    const candidate = size + step * distance;
    // A tile that is far smaller fits because nothing is left of it.
    if (2 * candidate < size) return undefined;
    if (works(candidate)) return candidate;
  }
  return undefined;
}
