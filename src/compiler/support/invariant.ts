/** Thrown when Slab itself is wrong, never for a user's mistake. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/** States what must hold if Slab's own code is right. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}

/** The value, which Slab's own code has made sure is there. */
export function known<T>(value: T | undefined | null, what: string): T {
  invariant(value !== undefined && value !== null, `missing: ${what}`);
  return value;
}
