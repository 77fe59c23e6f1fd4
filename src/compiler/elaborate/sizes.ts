import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { type Condition, relationHolds, relationSymbols } from "../graph/condition.js";
import type { Bindings } from "../graph/size.js";

/** How far from a size a better one is looked for, in voxels. */
const searchDistance = 1024;

/**
 * Reports the first condition that the given sizes break, with sizes nearby that keep all of them. One unsuitable size
 * breaks conditions on many levels of a network; it is one mistake.
 */
export function checkConditions(
  conditions: readonly Condition[],
  bindings: Bindings,
): Diagnostic | undefined {
  const broken = conditions.find(({ relation }) => relationHolds(relation, bindings) === false);
  if (!broken) return undefined;
  const diagnostic = broken.report(bindings);
  const help = adviseSizes(conditions, bindings);
  return help ? { ...diagnostic, help: [...diagnostic.help, help] } : diagnostic;
}

/** The condition on input sizes in words, `x, y and z divisible by 16`, where the network has one; for reports. */
export function divisibility(
  conditions: readonly Condition[],
  bindings: Bindings,
  symbol: string,
): number | undefined {
  const works = suitability(conditions, bindings, symbol);
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

function adviseSizes(conditions: readonly Condition[], bindings: Bindings): string | undefined {
  // The batch is no part of a tile.
  const symbols = [...bindings.keys()].filter((symbol) => symbol !== "n");
  const advice = symbols.map((symbol) => {
    const size = bindings.get(symbol) as number;
    const works = suitability(conditions, bindings, symbol);
    if (works(size)) return { symbol, size, below: size, above: size };
    const smaller = nearest(size, -1, works);
    // A tile that is far smaller fits because nothing is left of it.
    const below = smaller !== undefined && 2 * smaller >= size ? smaller : undefined;
    const above = nearest(size, 1, works);
    return { symbol, size, below, above };
  });
  const wrong = advice.filter(({ below, size }) => below !== size);
  if (wrong.length === 0 || advice.some(({ below, above }) => below === undefined && above === undefined))
    return undefined;
  const show = (side: "size" | "below" | "above") => advice.map((entry) => entry[side]).join("x");
  const choices = (["below", "above"] as const)
    .filter((side) => advice.every((entry) => entry[side] !== undefined))
    .map(show);
  const divisor = divisibility(conditions, bindings, wrong[0]?.symbol as string);
  const same = wrong.every(({ symbol }) => divisibility(conditions, bindings, symbol) === divisor);
  const reason =
    divisor !== undefined && divisor > 1 && same ? `is not divisible by ${divisor}` : "does not work";
  const verb = choices.length > 1 ? "are" : "is";
  return `tile ${show("size")} ${reason}; ${choices.join(" and ")} ${reason === "does not work" ? (choices.length > 1 ? "do" : "does") : verb}`;
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
    if (candidate < 1) return undefined;
    if (works(candidate)) return candidate;
  }
  return undefined;
}
