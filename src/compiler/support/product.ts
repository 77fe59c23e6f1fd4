/** The product of numbers, such as the number of elements of a shape; 1 for none. */
export function product(factors: readonly number[]): number {
  return factors.reduce((result, factor) => result * factor, 1);
}
