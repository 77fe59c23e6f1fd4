import { noFormula } from "../diagnostics/catalogue/analysis.js";
import { fail } from "../diagnostics/diagnostic.js";
import { type Relation, relationHolds, showRelation } from "../graph/condition.js";
import type { Graph, Node } from "../graph/graph.js";
import type { Bindings, Size } from "../graph/size.js";
import { elementCount, showType, type TensorType } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { spanText } from "../support/source.js";
import { aliases } from "./aliases.js";
import type { Formula, FormulaName, NetworkFormulas } from "./analysis.js";
import { type AnalyzableNetwork, openAxes } from "./analyze.js";
import { conventions } from "./conventions/count.js";
import { bytesPerValue, valuesOf } from "./exact.js";
import { countParameters } from "./parameters.js";
import {
  addPolynomials,
  constantOf,
  constantPolynomial,
  type Divisors,
  evaluatePolynomial,
  makeDivisible,
  type Polynomial,
  polynomials,
  scalePolynomial,
} from "./polynomial.js";
import { showPolynomial } from "./show-polynomial.js";

/** No tile is a multiple of more. */
const largestDivisor = 65_536n;

/**
 * The counts of a network as formulas in the sizes of its open axes. They are exact for sizes that are divisible by the
 * stated divisors and keep the stated conditions; bytes, where every axis that a view turns has two elements or more,
 * since turning an axis of one moves nothing. Fails with SLAB7007 where there are no such divisors.
 */
export function formulas({ graph }: AnalyzableNetwork): NetworkFormulas {
  const { bindings } = graph;
  const order = openAxes({ graph });
  const divisors: Divisors = new Map(order.map((axis) => [axis, 1n]));
  const exact = polynomials(bindings, divisors);
  const costs = graph.nodes.map((node) => nodePolynomials(node, exact));
  const conditions = graph.conditions.flatMap(({ relation }) => unmet(relation, exact, divisors));
  for (const [axis, divisor] of divisors) {
    if (divisor > largestDivisor)
      fail(noFormula, { network: graph.network, axis, limit: Number(largestDivisor) });
  }
  const copied = aliases({ ...graph, bindings: sampleSizes(graph, divisors) });
  const moving = graph.nodes.filter((node) => !copied.has(node));
  const sums: readonly (readonly [FormulaName, readonly Polynomial[]])[] = [
    ["macs", costs.map(({ macs }) => macs)],
    ["flops", costs.map(({ flops }) => flops)],
    ["bytes", moving.map((node) => bytesOf(node, exact))],
    ...Object.values(conventions).map(({ name, share }) => {
      const counts = graph.nodes.map((node, index) => {
        const { macs, output, input } = known(costs[index], "cost");
        const { macs: byMac = 0, output: byOutput = 0, input: byInput = 0, constant = 0 } = share(node);
        return addPolynomials([
          scalePolynomial(macs, BigInt(byMac)),
          scalePolynomial(output, BigInt(byOutput)),
          scalePolynomial(input, BigInt(byInput)),
          constantPolynomial(BigInt(constant)),
        ]);
      });
      return [name, counts] as const;
    }),
  ];
  const port = (name: string, type: TensorType) => ({ name, type: showType(type, bindings) });
  return {
    network: graph.network,
    documentation: graph.documentation,
    arguments: graph.settings,
    inputs: graph.inputs.map(({ name, type }) => port(name, type)),
    outputs: graph.outputs.map(({ name, value }) => port(name, value.type)),
    parameters: countParameters(graph),
    axes: order,
    divisibility: order.flatMap((axis) => {
      const divisor = Number(divisors.get(axis) ?? 1n);
      return divisor > 1 ? [{ axis, divisor }] : [];
    }),
    conditions: [...new Set([...conditions, ...(graph.untold ?? []).map(spanText)])],
    formulas: sums.map(([name, terms]) => formulaOf(name, addPolynomials(terms), order)),
  };
}

/** The number that a formula gives for sizes of its axes; exact where they are divisible as its network states. */
export function evaluateFormula({ terms }: Formula, sizes: Readonly<Record<string, number>>): bigint {
  return evaluatePolynomial(
    terms,
    new Map(Object.entries(sizes).map(([axis, size]) => [axis, BigInt(size)])),
  );
}

function formulaOf(name: FormulaName, polynomial: Polynomial, order: readonly string[]): Formula {
  const rank = (axis: string) => order.indexOf(axis);
  const terms = polynomial
    .map((term) => ({ ...term, axes: term.axes.toSorted((a, b) => rank(a) - rank(b)) }))
    .sort((a, b) => b.axes.length - a.axes.length || (a.axes.join() < b.axes.join() ? -1 : 1));
  return { name, terms, text: showPolynomial(terms) };
}

function nodePolynomials(node: Node, exact: (size: Size) => Polynomial) {
  const { macs, flops } = node.operation.cost(node);
  const input = node.inputs[0];
  return {
    macs: exact(macs),
    flops: exact(flops),
    output: exact(elementCount(node.type)),
    input: input ? exact(elementCount(input.type)) : [],
  };
}

function bytesOf(node: Node, exact: (size: Size) => Polynomial): Polynomial {
  const weights = [...new Set(Object.values(node.parameters))].reduce(
    (sum, { shape }) => sum + valuesOf(shape),
    0n,
  );
  const values = [node, ...new Set(node.inputs)].map(({ type }) => exact(elementCount(type)));
  return scalePolynomial(addPolynomials([...values, constantPolynomial(weights)]), bytesPerValue);
}

/** What a relation asks besides divisibility, which it raises. */
function unmet(relation: Relation, exact: (size: Size) => Polynomial, divisors: Divisors): readonly string[] {
  switch (relation.kind) {
    case "equal": {
      const difference = addPolynomials([exact(relation.left), scalePolynomial(exact(relation.right), -1n)]);
      return difference.length === 0 ? [] : [showRelation(relation)];
    }
    case "divisible": {
      const size = exact(relation.size);
      const by = BigInt(relation.by);
      if (constantOf(size) % by !== 0n) return [showRelation(relation)];
      makeDivisible(size, by, divisors);
      return [];
    }
    // How large a size must be at least changes no formula.
    case "at-least":
      return [];
  }
}

/** Some sizes that the formulas are for: what becomes no computation is the same for all of them. */
function sampleSizes({ bindings, conditions }: Graph, divisors: Divisors): Bindings {
  const common = [...divisors.values()].reduce(
    (largest, divisor) => (divisor > largest ? divisor : largest),
    1n,
  );
  const sizesFor = (multiple: number) => {
    const sizes = [...divisors].map(([axis, divisor]) => {
      const even = common % divisor === 0n ? common : divisor;
      return [axis, Number(even) * multiple] as const;
    });
    return new Map([...bindings, ...sizes]);
  };
  const multiples = [2, 3, 4, 8, 16, 32, 64];
  const fitting = multiples.find((multiple) =>
    conditions.every(({ relation }) => relationHolds(relation, sizesFor(multiple)) !== false),
  );
  return sizesFor(fitting ?? 64);
}
