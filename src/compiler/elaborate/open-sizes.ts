import { fewSizesFit, noSizeFits } from "../diagnostics/catalogue/types.js";
import { type Diagnostic, diagnose } from "../diagnostics/diagnostic.js";
import { type Condition, type Relation, relationHolds, relationSymbols } from "../graph/condition.js";
import { type Bindings, evaluateSize } from "../graph/size.js";

/** Every size up to this is tried where none of the usual ones fits. */
const largest = 4096;

/** Of what networks ask for, one of these mostly fits, so that no more is tried. */
const usual = [512, 64, 96, 1024, 960, 224, 1008];

/** What a size is multiplied by to see whether larger ones fit, too. */
const multiples = [2, 3, 5];

/** Sizes that a network would be run with; what is wrong with them is what is shown. */
const example = 64;

/** The sizes that fit one axis, by the conditions that are about it alone; undefined where any usual one does. */
interface Fitting {
  readonly axis: string;
  readonly sizes: readonly number[];
  /** What the example breaks. */
  readonly broken: Condition;
}

/**
 * A mistake or a warning for open axes that no size fits, or hardly any: the parts of such a network do not fit each other,
 * as where a stride or a scale is missing. Axes whose sizes hang together are looked at each by itself.
 */
export function checkOpenSizes(
  conditions: readonly Condition[],
  bindings: Bindings,
  axes: readonly string[],
): Diagnostic | undefined {
  const found = axes.flatMap((axis) => fittingSizes(conditions, bindings, axis) ?? []);
  const none = found.filter(({ sizes }) => sizes.length === 0);
  const [first] = none.length > 0 ? none : found;
  if (!first) return undefined;
  const alike = found.filter(({ sizes }) => `${sizes}` === `${first.sizes}`).map(({ axis }) => axis);
  const sample = new Map([...axes.map((axis) => [axis, example] as const), ["n", 1] as const, ...bindings]);
  const { place, title, notes } = first.broken.report(sample);
  const args = { axes: alike, sizes: first.sizes, largest, example, reason: title };
  const diagnostic = diagnose(first.sizes.length === 0 ? noSizeFits : fewSizesFit, args, place);
  return { ...diagnostic, notes: [...diagnostic.notes, ...notes] };
}

function fittingSizes(
  conditions: readonly Condition[],
  bindings: Bindings,
  axis: string,
): Fitting | undefined {
  const isKnown = (symbol: string) => symbol === axis || bindings.has(symbol);
  const own = conditions.filter(({ relation }) => {
    const symbols = relationSymbols(relation);
    // A bound alone fits sizes beyond it.
    return relation.kind !== "at-least" && symbols.has(axis) && [...symbols].every(isKnown);
  });
  const brokenBy = (size: number) => {
    const sizes = new Map(bindings).set(axis, size);
    return own.find(({ relation }) => relationHolds(relation, sizes) === false);
  };
  const broken = brokenBy(example);
  if (!broken || usual.some((size) => !brokenBy(size))) return undefined;
  const tried = new Set([
    ...own.flatMap(({ relation }) => solutionOf(relation, bindings, axis)),
    ...upTo(largest),
  ]);
  const sizes = [...tried].filter((size) => !brokenBy(size)).sort((a, b) => a - b);
  const goesOn = sizes.some(
    (size) => size > largest / 2 || multiples.some((times) => !brokenBy(times * size)),
  );
  const isFixed = own.some(({ relation }) => isOneSided(relation));
  return goesOn || (isFixed && sizes.length > 0) ? undefined : { axis, sizes, broken };
}

/** Whether a size is said outright, as an author does who wants one size alone. */
function isOneSided(relation: Relation): boolean {
  return relation.kind === "equal" && (relation.left.terms.length === 0 || relation.right.terms.length === 0);
}

function upTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** The size with which both sides of an equality are the same, if they grow evenly with it. */
function solutionOf(relation: Relation, bindings: Bindings, axis: string): readonly number[] {
  if (relation.kind !== "equal") return [];
  const differenceAt = (size: number) => {
    const sizes = new Map(bindings).set(axis, size);
    return (evaluateSize(relation.left, sizes) ?? 0) - (evaluateSize(relation.right, sizes) ?? 0);
  };
  const [atNone, atOne] = [differenceAt(0), differenceAt(1)];
  const solution = atNone / (atNone - atOne);
  return Number.isSafeInteger(solution) && solution > 0 ? [solution] : [];
}
