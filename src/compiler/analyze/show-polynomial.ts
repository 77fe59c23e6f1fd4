import type { FormulaTerm } from "./analysis.js";

/** A polynomial as people write it: `247320.5 * n*x*y*z + 96 * n*x - 1/3 * n`. */
export function showPolynomial(terms: readonly FormulaTerm[]): string {
  if (terms.length === 0) return "0";
  return terms
    .map((term, index) => {
      const isNegative = term.numerator < 0n;
      const shown = showTerm(isNegative ? { ...term, numerator: -term.numerator } : term);
      if (index === 0) return isNegative ? `-${shown}` : shown;
      return ` ${isNegative ? "-" : "+"} ${shown}`;
    })
    .join("");
}

function showTerm({ numerator, denominator, axes }: FormulaTerm): string {
  const product = axes.join("*");
  if (product === "") return showFraction(numerator, denominator);
  return numerator === denominator ? product : `${showFraction(numerator, denominator)} * ${product}`;
}

/** A fraction as a decimal number where that ends, else as a fraction. */
function showFraction(numerator: bigint, denominator: bigint): string {
  let digits = 0n;
  while (digits < 40n && 10n ** digits % denominator !== 0n) digits++;
  const scale = 10n ** digits;
  if (scale % denominator !== 0n) return `${numerator}/${denominator}`;
  const whole = (numerator * scale) / denominator;
  if (digits === 0n) return String(whole);
  return `${whole / scale}.${String(whole % scale).padStart(Number(digits), "0")}`;
}
