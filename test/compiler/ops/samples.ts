import { readFileSync } from "node:fs";
import type { Graph, Node } from "../../../src/compiler/graph/graph.js";
import type { Attributes } from "../../../src/compiler/graph/operation.js";
import { graphOf, inputOf, nodeOf, operationOf, type runGraph, testInput } from "./harness.js";

interface TensorShape {
  readonly axes: readonly string[];
  readonly shape: readonly number[];
  /** The numbers of an input that is a table. */
  readonly table?: readonly number[];
}

/** One sample as make_references.py writes it. */
export interface Sample {
  readonly name: string;
  readonly operation: string;
  readonly inputs: readonly TensorShape[];
  readonly attributes: Attributes;
  readonly roles: readonly string[];
  readonly output: TensorShape;
  /** Null stands for what is not a number. */
  readonly values: readonly (number | null)[];
}

/** Every sample. */
export const samples = readFileSync(new URL("./references.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line): Sample => JSON.parse(line));

/** A sample's operation, applied to its inputs; the graph that computes it, and what it is fed. */
export function applied(sample: Sample): {
  readonly node: Node;
  readonly graph: Graph;
  readonly feeds: Parameters<typeof runGraph>[1];
} {
  const values = sample.inputs.map(({ axes, shape, table }, index) => {
    const name = `input${index + 1}`;
    if (!table) return inputOf(name, axes.map((axis, i) => `${axis}:${shape[i]}`).join(" "));
    const sizes = axes.map((axis, i) => ({ axis, value: shape[i] as number }));
    return nodeOf(name, operationOf("table"), [], { axes: sizes, values: table });
  });
  const inputs = values.filter((value) => value.kind === "input");
  const tables = values.filter((value) => value.kind === "node");
  const node = nodeOf("layer", operationOf(sample.operation), values, sample.attributes);
  const feeds = sample.inputs.flatMap(({ shape, table }, index) => {
    const name = `input${index + 1}`;
    return table ? [] : [[name, { shape, values: testInput(name, shape) }] as const];
  });
  return {
    node,
    graph: graphOf(inputs, [...tables, node], { result: node }),
    feeds: Object.fromEntries(feeds),
  };
}
