/**
 * Winograd's minimal filters of six products (Winograd, Arithmetic Complexity of Computations, 1980; Lavin and Gray, Fast
 * Algorithms for Convolutional Neural Networks, 2016, for images): filters of 3 elements give 4 results at a time with 6
 * products instead of 12, filters of 5 elements give 2 with 6 instead of 10. Both are products of polynomials at the points
 * 0, 1, -1, 2, -2 and infinity.
 */
export const products = 6;

/** The points but infinity, which is the last product. */
export const points: readonly number[] = [0, 1, -1, 2, -2];

/** What each product takes of the six elements of a tile. */
export const inputFactors: readonly (readonly number[])[] = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];

/** Results that a filter of so many elements gives at a time. */
export function resultsAtATime(taps: number): number {
  return products + 1 - taps;
}

/** What each product takes of a filter's elements. */
export function filterFactors(taps: number): readonly (readonly number[])[] {
  const powers = Array.from({ length: taps }, (_, power) => power);
  const finite = points.map((point) => {
    const others = points.filter((other) => other !== point);
    const divisor = others.reduce((product, other) => product * (point - other), 1);
    return powers.map((power) => point ** power / divisor);
  });
  return [...finite, powers.map((power) => (power === taps - 1 ? 1 : 0))];
}
