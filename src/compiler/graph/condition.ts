import type { Diagnostic } from "../diagnostics/diagnostic.js";
import {
  addSizes,
  type Bindings,
  constantSize,
  evaluateSizeExactly,
  type Size,
  sameSize,
  scaleSize,
  showSize,
  symbolsOf,
} from "./size.js";

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
  const worth = (size: Size) => {
    const valueOfSymbol = (symbol: string) => {
      const value = bindings.get(symbol);
      return value === undefined ? undefined : BigInt(value);
    };
    return evaluateSizeExactly(size, valueOfSymbol);
  };
  switch (relation.kind) {
    case "equal": {
      if (sameSize(relation.left, relation.right)) return true;
      const left = worth(relation.left);
      const right = worth(relation.right);
      return left === undefined || right === undefined ? undefined : left === right;
    }
    case "divisible": {
      const size = worth(relation.size);
      return size === undefined ? undefined : size % BigInt(relation.by) === 0n;
    }
    case "at-least": {
      const size = worth(relation.size);
      return size === undefined ? undefined : size >= BigInt(relation.minimum);
    }
  }
}

/** The symbols that a relation depends on. */
export function relationSymbols(relation: Relation): ReadonlySet<string> {
  return relation.kind === "equal"
    ? new Set([...symbolsOf(relation.left), ...symbolsOf(relation.right)])
    : symbolsOf(relation.size);
}

/** A relation in words: `x = 2*y`, `x*y divisible by 8`, `y at least z + 1`, `x*y*z at most 1000000`. */
export function showRelation(relation: Relation): string {
  switch (relation.kind) {
    case "equal": {
      const [left, right] = [showSize(relation.left), showSize(relation.right)];
      return relation.left.terms.length === 0 ? `${right} = ${left}` : `${left} = ${right}`;
    }
    case "divisible":
      return `${showSize(relation.size)} divisible by ${relation.by}`;
    case "at-least": {
      const { constant, terms } = relation.size;
      const added: Size = { constant: 0, terms: terms.filter(({ coefficient }) => coefficient > 0) };
      const taken = { constant: 0, terms: terms.filter(({ coefficient }) => coefficient < 0) };
      const subtracted = scaleSize(taken, -1);
      const minimum = relation.minimum - constant;
      if (added.terms.length === 0) return `${showSize(subtracted)} at most ${-minimum}`;
      return `${showSize(added)} at least ${showSize(addSizes(subtracted, constantSize(minimum)))}`;
    }
  }
}
