import { type Bindings, floorQuotient, type Size } from "../graph/size.js";
import type { FormulaTerm } from "./analysis.js";

/** A polynomial in the sizes of open axes with exact fractions: the sum of its terms, of which no two have equal axes. */
export type Polynomial = readonly FormulaTerm[];

export const zero: Polynomial = [];

export function constantPolynomial(value: bigint): Polynomial {
  return value === 0n ? zero : [{ numerator: value, denominator: 1n, axes: [] }];
}

export function addPolynomials(polynomials: readonly Polynomial[]): Polynomial {
  const byAxes = new Map<string, FormulaTerm>();
  for (const term of polynomials.flat()) {
    const key = term.axes.join("*");
    const other = byAxes.get(key);
    byAxes.set(key, other ? sumOfTerms(term, other) : term);
  }
  return [...byAxes.values()].filter(({ numerator }) => numerator !== 0n);
}

function sumOfTerms(a: FormulaTerm, b: FormulaTerm): FormulaTerm {
  const numerator = a.numerator * b.denominator + b.numerator * a.denominator;
  return term(numerator, a.denominator * b.denominator, a.axes);
}

function multiplyPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  return addPolynomials(
    a.map((left) =>
      b.map((right) =>
        term(left.numerator * right.numerator, left.denominator * right.denominator, [
          ...left.axes,
          ...right.axes,
        ]),
      ),
    ),
  );
}

export function scalePolynomial(polynomial: Polynomial, numerator: bigint, denominator = 1n): Polynomial {
  if (numerator === 0n) return zero;
  return polynomial.map((each) =>
    term(each.numerator * numerator, each.denominator * denominator, each.axes),
  );
}

/** A term in its normal form: lowest terms, axes in alphabetical order. */
function term(numerator: bigint, denominator: bigint, axes: readonly string[]): FormulaTerm {
  const common = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
  return { numerator: numerator / common, denominator: denominator / common, axes: axes.toSorted() };
}

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

/** What open axes have to be divisible by, found on the way. A larger divisor changes no polynomial found before. */
export type Divisors = Map<string, bigint>;

/**
 * Makes sizes polynomials, exact where every open axis is divisible by its divisor: these are raised until all quotients
 * in the sizes are whole.
 */
export function polynomials(bindings: Bindings, divisors: Divisors): (size: Size) => Polynomial {
  // Networks have few sizes, of which nodes' costs are made again and again.
  const products = new Map<string, Polynomial>();
  const productOf = (term: Size["terms"][number]): Polynomial => {
    const found = products.get(term.key);
    if (found) return found;
    let product = constantPolynomial(1n);
    for (const atom of term.factors) {
      const factor =
        atom.kind === "symbol"
          ? symbolPolynomial(atom.name, bindings)
          : floorOf(polynomialOf(atom.numerator), BigInt(atom.divisor), divisors);
      product = multiplyPolynomials(product, factor);
    }
    products.set(term.key, product);
    return product;
  };
  const polynomialOf = (size: Size): Polynomial =>
    addPolynomials([
      constantPolynomial(BigInt(size.constant)),
      ...size.terms.map((term) => scalePolynomial(productOf(term), BigInt(term.coefficient))),
    ]);
  return polynomialOf;
}

function symbolPolynomial(name: string, bindings: Bindings): Polynomial {
  const bound = bindings.get(name);
  return bound === undefined
    ? [{ numerator: 1n, denominator: 1n, axes: [name] }]
    : constantPolynomial(BigInt(bound));
}

/** floor(polynomial / divisor): where all else is divisible, only the constant is rounded. */
function floorOf(polynomial: Polynomial, divisor: bigint, divisors: Divisors): Polynomial {
  makeDivisible(polynomial, divisor, divisors);
  const open = polynomial.filter(({ axes }) => axes.length > 0);
  const constant = constantOf(polynomial);
  return addPolynomials([
    scalePolynomial(open, 1n, divisor),
    constantPolynomial(floorQuotient(constant, divisor)),
  ]);
}

/** The constant term; polynomials that come from sizes have a whole one. */
export function constantOf(polynomial: Polynomial): bigint {
  return polynomial.find(({ axes }) => axes.length === 0)?.numerator ?? 0n;
}

/** Raises divisors until every term but the constant is a multiple of `by`. */
export function makeDivisible(polynomial: Polynomial, by: bigint, divisors: Divisors): void {
  for (const { numerator, denominator, axes } of polynomial) {
    const [first] = axes;
    if (first === undefined) continue;
    const step = axes.reduce((product, axis) => product * (divisors.get(axis) ?? 1n), numerator);
    const missing = term(step, denominator * by, []).denominator;
    if (missing > 1n) divisors.set(first, (divisors.get(first) ?? 1n) * missing);
  }
}

/** The value for given sizes, rounded to whole numbers where the polynomial is not exact for them. */
export function evaluatePolynomial(polynomial: Polynomial, sizes: ReadonlyMap<string, bigint>): bigint {
  const denominator = polynomial.reduce((product, each) => product * each.denominator, 1n);
  const numerator = polynomial.reduce((sum, each) => {
    const scale = denominator / each.denominator;
    return (
      sum + each.axes.reduce((product, axis) => product * (sizes.get(axis) ?? 0n), each.numerator * scale)
    );
  }, 0n);
  return floorQuotient(numerator, denominator);
}
