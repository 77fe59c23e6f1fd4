import { readFileSync } from "node:fs";
import type { GraphInput, Node } from "../../../src/compiler/graph/graph.js";
import type { Attributes } from "../../../src/compiler/graph/operation.js";
import { inputOf, nodeOf, operationOf } from "./harness.js";

interface TensorShape {
  readonly axes: readonly string[];
  readonly shape: readonly number[];
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

/** A sample's operation, applied to its inputs. */
export function applied(sample: Sample): { readonly inputs: readonly GraphInput[]; readonly node: Node } {
  const inputs = sample.inputs.map(({ axes, shape }, index) =>
    inputOf(`input${index + 1}`, axes.map((axis, i) => `${axis}:${shape[i]}`).join(" ")),
  );
  return { inputs, node: nodeOf("layer", operationOf(sample.operation), inputs, sample.attributes) };
}
