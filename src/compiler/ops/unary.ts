import type { OnnxAttribute } from "../graph/lowering.js";
import type { ArgumentSpec, Attributes, Operation, ShapeContext } from "../graph/operation.js";
import { anyValue, type ValueRange } from "../graph/value-range.js";
import { known } from "../support/invariant.js";
import { inputType } from "./axes.js";
import { perElement } from "./costs.js";
import { elementwise } from "./reach.js";

/** What tells one function of single elements from another. */
export interface UnaryParts {
  readonly name: string;
  /** One sentence with the formula. */
  readonly summary: string;
  readonly operator: string;
  /** What its results lie between, given what its arguments do. */
  readonly range?: (input: ValueRange) => ValueRange;
  readonly arguments?: readonly ArgumentSpec[];
  /** Refuses argument values that make no sense. */
  readonly check?: (context: ShapeContext) => void;
  readonly attributes?: (attributes: Attributes) => Readonly<Record<string, OnnxAttribute>>;
}

/** An operation that gives each element by itself a new value: one ONNX node, one FLOP per element by convention. */
export function unary(parts: UnaryParts): Operation {
  return {
    name: parts.name,
    documentation: `${parts.summary}\n\nMACs: none. FLOPs: 1 per element. ONNX: ${parts.operator}.`,
    inputs: { minimum: 1, maximum: 1 },
    arguments: parts.arguments ?? [],
    infer(context) {
      parts.check?.(context);
      return { output: inputType(context) };
    },
    cost: (node) => perElement(node, 1),
    reach: elementwise,
    range: (_, [input]) => parts.range?.(known(input, parts.name)) ?? anyValue,
    pointwise: () => true,
    lower: (node, onnx) =>
      onnx.node(parts.operator, [onnx.input(0)], parts.attributes?.(node.attributes) ?? {})[0],
  };
}
