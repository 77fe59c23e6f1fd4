import { InvariantViolation, invariant } from "../support/invariant.js";

/**
 * An axis size that may not be known yet: an integer polynomial over symbols (`x`) and floored quotients
 * (`floor((x + 1) / 2)`), kept in a normal form so that equal sizes compare equal wherever the form allows it.
 */
export interface Size {
  readonly constant: number;
  readonly terms: readonly Term[];
}

interface Term {
  readonly coefficient: number;
  readonly factors: readonly Atom[];
  readonly key: string;
}

type Atom =
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "floor"; readonly numerator: Size; readonly divisor: number };

/** Sizes given to symbols. */
export type Bindings = ReadonlyMap<string, number>;

export const noBindings: Bindings = new Map();

export function constantSize(value: number): Size {
  invariant(Number.isSafeInteger(value), `size ${value} is not an exact integer`);
  return { constant: value, terms: [] };
}

export function symbolSize(name: string): Size {
  return ofAtom({ kind: "symbol", name });
}

function ofAtom(atom: Atom): Size {
  return { constant: 0, terms: [{ coefficient: 1, factors: [atom], key: atomKey(atom) }] };
}

function atomKey(atom: Atom): string {
  return atom.kind === "symbol" ? atom.name : `floor(${bracketed(atom.numerator)} / ${atom.divisor})`;
}

function bracketed(size: Size): string {
  const text = showSize(size);
  return text.includes(" ") ? `(${text})` : text;
}

/** Thrown where a size leaves the integers that a number can hold exactly. */
export class InexactSize extends InvariantViolation {}

function requireExact(value: number): void {
  if (!Number.isSafeInteger(value)) throw new InexactSize("a size left the exact integers");
}

function normal(constant: number, terms: Iterable<Term>): Size {
  const byKey = new Map<string, Term>();
  for (const term of terms) {
    const coefficient = (byKey.get(term.key)?.coefficient ?? 0) + term.coefficient;
    requireExact(coefficient);
    byKey.set(term.key, { ...term, coefficient });
  }
  requireExact(constant);
  const kept = [...byKey.values()].filter(({ coefficient }) => coefficient !== 0);
  kept.sort((a, b) => b.factors.length - a.factors.length || (a.key < b.key ? -1 : 1));
  // Adding 0 turns -0 into 0.
  return { constant: constant + 0, terms: kept };
}

/** A size of which no part is open; most are, once a network's sizes are given, and need no normal form. */
function known(value: number): Size {
  requireExact(value);
  return { constant: value + 0, terms: noTerms };
}

const noTerms: readonly Term[] = [];

function isKnown({ terms }: Size): boolean {
  return terms.length === 0;
}

export function addSizes(a: Size, b: Size): Size {
  if (isKnown(a) && isKnown(b)) return known(a.constant + b.constant);
  return normal(a.constant + b.constant, [...a.terms, ...b.terms]);
}

export function scaleSize(a: Size, by: number): Size {
  if (isKnown(a)) return known(a.constant * by);
  return normal(
    a.constant * by,
    a.terms.map((term) => ({ ...term, coefficient: term.coefficient * by })),
  );
}

export function subtractSizes(a: Size, b: Size): Size {
  return addSizes(a, scaleSize(b, -1));
}

export function multiplySizes(a: Size, b: Size): Size {
  if (isKnown(a)) return scaleSize(b, a.constant);
  if (isKnown(b)) return scaleSize(a, b.constant);
  const products: Term[] = [
    ...scaleSize({ constant: 0, terms: a.terms }, b.constant).terms,
    ...scaleSize({ constant: 0, terms: b.terms }, a.constant).terms,
  ];
  for (const left of a.terms) {
    for (const right of b.terms) {
      const factors = [...left.factors, ...right.factors].sort((p, q) => (atomKey(p) < atomKey(q) ? -1 : 1));
      const key = factors.map(atomKey).join("*");
      products.push({ coefficient: left.coefficient * right.coefficient, factors, key });
    }
  }
  return normal(a.constant * b.constant, products);
}

export function productOfSizes(sizes: Iterable<Size>): Size {
  let product = constantSize(1);
  for (const size of sizes) product = multiplySizes(product, size);
  return product;
}

/** floor(size / divisor), for a positive divisor. */
export function floorDivideSize(size: Size, divisor: number): Size {
  invariant(Number.isSafeInteger(divisor) && divisor > 0, `cannot divide a size by ${divisor}`);
  if (divisor === 1) return size;
  if (isKnown(size)) return known(Math.floor(size.constant / divisor));
  const [wholeConstant, remainder] = quotientAndRemainder(size.constant, divisor);
  const whole: Term[] = [];
  const rest: Term[] = [];
  for (const term of size.terms) {
    const [quotient, left] = quotientAndRemainder(term.coefficient, divisor);
    if (quotient !== 0) whole.push({ ...term, coefficient: quotient });
    if (left !== 0) rest.push({ ...term, coefficient: left });
  }
  const exact = normal(wholeConstant, whole);
  return rest.length === 0 ? exact : addSizes(exact, quotientOf(rest, remainder, divisor));
}

/** floor((terms + constant) / divisor), where coefficients and constant are less than the divisor. */
function quotientOf(terms: readonly Term[], constant: number, divisor: number): Size {
  // floor((g a + r) / (g k)) = floor((a + floor(r / g)) / k)
  const common = terms.reduce((found, { coefficient }) => greatestCommonDivisor(found, coefficient), divisor);
  const reduced = terms.map((term) => ({ ...term, coefficient: term.coefficient / common }));
  const rest = Math.floor(constant / common);
  const by = divisor / common;
  const [single, ...others] = reduced;
  const atom = single?.factors.length === 1 ? single.factors[0] : undefined;
  // floor((floor(a / j) + r) / k) = floor((a + r j) / (j k)): chains of halvings stay one quotient.
  if (others.length === 0 && single?.coefficient === 1 && atom?.kind === "floor") {
    return floorDivideSize(addSizes(atom.numerator, constantSize(rest * atom.divisor)), atom.divisor * by);
  }
  return ofAtom({ kind: "floor", numerator: normal(rest, reduced), divisor: by });
}

/** The size whose product with the divisor is `size` whatever the symbols are, where the form of both shows it. */
export function exactQuotient(size: Size, divisor: Size): Size | undefined {
  if (sameSize(size, divisor)) return constantSize(1);
  const [only, ...others] = divisor.terms;
  if (!only) {
    const by = divisor.constant;
    const parts = [size.constant, ...size.terms.map(({ coefficient }) => coefficient)];
    if (by < 1 || parts.some((part) => part % by !== 0)) return undefined;
    return floorDivideSize(size, by);
  }
  if (others.length > 0 || divisor.constant !== 0 || size.constant !== 0) return undefined;
  let constant = 0;
  const terms: Term[] = [];
  for (const { coefficient, factors } of size.terms) {
    if (coefficient % only.coefficient !== 0) return undefined;
    const rest = [...factors];
    for (const factor of only.factors) {
      const index = rest.findIndex((candidate) => atomKey(candidate) === atomKey(factor));
      if (index < 0) return undefined;
      rest.splice(index, 1);
    }
    const quotient = coefficient / only.coefficient;
    if (rest.length === 0) constant += quotient;
    else terms.push({ coefficient: quotient, factors: rest, key: rest.map(atomKey).join("*") });
  }
  return normal(constant, terms);
}

function quotientAndRemainder(value: number, divisor: number): readonly [number, number] {
  const quotient = Math.floor(value / divisor);
  return [quotient, value - quotient * divisor];
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

export function sameSize(a: Size, b: Size): boolean {
  const difference = subtractSizes(a, b);
  return difference.constant === 0 && difference.terms.length === 0;
}

/** The number that a size is under the bindings, or undefined while a symbol in it is unbound. */
export function evaluateSize(size: Size, bindings: Bindings = noBindings): number | undefined {
  let total = size.constant;
  for (const term of size.terms) {
    let product = term.coefficient;
    for (const atom of term.factors) {
      const value =
        atom.kind === "symbol"
          ? bindings.get(atom.name)
          : mapDefined(evaluateSize(atom.numerator, bindings), (n) => Math.floor(n / atom.divisor));
      if (value === undefined) return undefined;
      product *= value;
    }
    total += product;
  }
  invariant(Number.isSafeInteger(total), "a size left the exact integers");
  return total + 0;
}

/** As `evaluateSize`, for numbers of any size. */
export function evaluateSizeExactly(
  size: Size,
  valueOfSymbol: (symbol: string) => bigint | undefined,
): bigint | undefined {
  let total = BigInt(size.constant);
  for (const term of size.terms) {
    let product = BigInt(term.coefficient);
    for (const atom of term.factors) {
      const value =
        atom.kind === "symbol"
          ? valueOfSymbol(atom.name)
          : mapDefined(evaluateSizeExactly(atom.numerator, valueOfSymbol), (n) =>
              floorQuotient(n, BigInt(atom.divisor)),
            );
      if (value === undefined) return undefined;
      product *= value;
    }
    total += product;
  }
  return total;
}

/** floor(a / b) for a positive b; BigInt's own division rounds towards zero. */
export function floorQuotient(a: bigint, b: bigint): bigint {
  return a >= 0n ? a / b : -((b - 1n - a) / b);
}

function mapDefined<A, B>(value: A | undefined, f: (value: A) => B): B | undefined {
  return value === undefined ? undefined : f(value);
}

/** The symbols that a size depends on. */
export function symbolsOf(size: Size): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: Size) => {
    for (const { factors } of part.terms) {
      for (const atom of factors) {
        if (atom.kind === "symbol") found.add(atom.name);
        else visit(atom.numerator);
      }
    }
  };
  visit(size);
  return found;
}

/** A size for people: its number where the bindings give one, else its formula. */
export function showSize(size: Size, bindings: Bindings = noBindings): string {
  const value = evaluateSize(size, bindings);
  if (value !== undefined) return String(value);
  const parts = size.terms.map(({ coefficient, key }, index) => {
    const magnitude = Math.abs(coefficient) === 1 ? key : `${Math.abs(coefficient)}*${key}`;
    const sign = coefficient < 0 ? "-" : "+";
    return index === 0 ? (sign === "-" ? `-${magnitude}` : magnitude) : ` ${sign} ${magnitude}`;
  });
  if (size.constant !== 0) parts.push(` ${size.constant < 0 ? "-" : "+"} ${Math.abs(size.constant)}`);
  return parts.join("");
}
