import { known } from "../support/invariant.js";

/** What the values of a tensor lie between, whatever the network is given; both ends belong to it, and may be infinite. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

export const anyValue: ValueRange = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** Of what takes single elements, or weighted means of some: the range of all inputs together. */
export function anyOf(inputs: readonly ValueRange[]): ValueRange {
  return {
    low: Math.min(...inputs.map(({ low }) => low)),
    high: Math.max(...inputs.map(({ high }) => high)),
  };
}

/** Of what puts zeros beside its elements. */
export function orZero(inputs: readonly ValueRange[]): ValueRange {
  return anyOf([...inputs, { low: 0, high: 0 }]);
}

export function sumOf(inputs: readonly ValueRange[]): ValueRange {
  return {
    low: inputs.reduce((total, { low }) => total + low, 0),
    high: inputs.reduce((total, { high }) => total + high, 0),
  };
}

export function negated({ low, high }: ValueRange): ValueRange {
  return { low: -high, high: -low };
}

export function productOf([left, right]: readonly ValueRange[]): ValueRange {
  const [a, b] = [known(left, "operand"), known(right, "operand")];
  // What is 0 stays 0, however large the other may be.
  const ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high].map((end) => end || 0);
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** Of 1 / x: anything where x may be 0 or change its sign. */
export function inverted({ low, high }: ValueRange): ValueRange {
  return low > 0 || high < 0 ? { low: 1 / high, high: 1 / low } : anyValue;
}
