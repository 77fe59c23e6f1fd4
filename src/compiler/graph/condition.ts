import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { type Bindings, evaluateSize, type Size, sameSize, symbolsOf } from "./size.js";

/** What must hold between sizes for a network to be right. */
export type Relation =
  | { readonly kind: "equal"; readonly left: Size; readonly right: Size }
  | { readonly kind: "divisible"; readonly size: Size; readonly by: number }
  | { readonly kind: "at-least"; readonly size: Size; readonly minimum: number };

/** A relation with the message for the case that it does not hold. */
export interface Condition {
  readonly relation: Relation;
  readonly report: (bindings: Bindings) => Diagnostic;
}

/** Whether a relation holds under the bindings, or undefined while that depends on an unbound symbol. */
export function relationHolds(relation: Relation, bindings: Bindings): boolean | undefined {
  switch (relation.kind) {
    case "equal": {
      if (sameSize(relation.left, relation.right)) return true;
      const left = evaluateSize(relation.left, bindings);
      const right = evaluateSize(relation.right, bindings);
      return left === undefined || right === undefined ? undefined : left === right;
    }
    case "divisible": {
      const size = evaluateSize(relation.size, bindings);
      return size === undefined ? undefined : size % relation.by === 0;
    }
    case "at-least": {
      const size = evaluateSize(relation.size, bindings);
      return size === undefined ? undefined : size >= relation.minimum;
    }
  }
}

/** The symbols that a relation depends on. */
export function relationSymbols(relation: Relation): ReadonlySet<string> {
  return relation.kind === "equal"
    ? new Set([...symbolsOf(relation.left), ...symbolsOf(relation.right)])
    : symbolsOf(relation.size);
}
