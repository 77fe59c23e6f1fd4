import { evaluateSize, type Graph, type Node, type Size, type Value } from "../../compiler/index.js";
import type { Block } from "./blocks.js";
import { shapeText } from "./shapes.js";

/** What stands in a shape. */
export interface Caption {
  readonly title: string;
  /** Below it, smaller. */
  readonly lines: readonly string[];
}

/** Symbols of operations that join tensors, as papers draw them. */
const joinSymbols: Readonly<Record<string, string>> = {
  add: "+",
  sum: "+",
  subtract: "−",
  multiply: "×",
  divide: "÷",
  concat: "C",
};

/** The symbol of an operation that joins tensors, for a small circle. */
export function joinSymbol(operation: string): string | undefined {
  return joinSymbols[operation];
}

/** What stands in the shape of a block. */
export function captionOf(block: Block, bindings: Graph["bindings"]): Caption {
  const { kind, nodes, applied, origin, inputs } = block;
  const [first, ...others] = nodes;
  if (kind === "layer" && applied) return { title: applied.layer, lines: [applied.path] };
  if (kind === "input" || kind === "output" || !first) {
    const type = inputs[0]?.value.type;
    return { title: origin, lines: type ? [shapeText(type, bindings)] : [] };
  }
  const { view, undo } = first.attributes;
  if (kind === "view")
    return { title: typeof undo === "string" ? `undo ${undo}` : `view ${view}`, lines: [] };
  const own = captionOfOperation(first);
  const after = others.filter(changesValues).map(({ operation }) => operation.name);
  return { title: own.title, lines: [...own.lines, ...new Set(after)] };
}

/** Operations that do nothing when a network runs, or only rename axes, would only be in the way. */
function changesValues({ operation }: Node): boolean {
  return operation.name !== "Dropout" && !operation.layout;
}

/** Arguments that shapes show, or that say nothing about the picture. */
const leftOut = new Set(["out", "bias", "padding", "output_padding", "epsilon", "affine", "kernel"]);

function captionOfOperation({ operation, attributes, inputs }: Node): Caption {
  const weights = inputs.flatMap((input) => weightBehind(input) ?? []);
  const symbol = joinSymbol(operation.name);
  if (symbol !== undefined && weights.length > 0)
    return { title: `${symbol} ${weights.join(", ")}`, lines: [] };
  const { kernel } = attributes;
  const usual = new Map(operation.arguments.map(({ name, default: value }) => [name, JSON.stringify(value)]));
  if (Array.isArray(attributes.ranges))
    return { title: operation.name, lines: attributes.ranges.map(rangeText) };
  const shown = Object.entries(attributes).flatMap(([name, value]) => {
    if (leftOut.has(name) || usual.get(name) === JSON.stringify(value) || isUniformly(value, usual.get(name)))
      return [];
    const text = argumentText(value);
    if (text === undefined) return [];
    return [name === "axes" || name === "over" ? `over ${text}` : `${name} ${text}`];
  });
  const size = kernel === undefined ? undefined : argumentText(kernel);
  return { title: size === undefined ? operation.name : `${operation.name} ${size}`, lines: shown };
}

/** The name of the weight or table that a value is a view of. */
function weightBehind(value: Value): string | undefined {
  let behind = value;
  for (; behind.kind === "node" && behind.inputs.length === 1; ) behind = behind.inputs[0] as Value;
  return behind.kind === "node" && behind.inputs.length === 0 ? behind.path.split(".").at(-1) : undefined;
}

/** Whether a tuple says for each axis what one number says by default. */
function isUniformly(value: Node["attributes"][string], usual: string | undefined): boolean {
  return Array.isArray(value) && value.every((each) => JSON.stringify(each) === usual);
}

/** Numbers, words and tuples; what is written under the names of axes shows in the shapes. */
function argumentText(value: Node["attributes"][string]): string | undefined {
  if (typeof value === "boolean") return undefined;
  if (typeof value === "number" || typeof value === "string") return String(value);
  if (!Array.isArray(value)) {
    if (!("numerator" in value)) return undefined;
    return value.denominator === 1 ? String(value.numerator) : `${value.numerator}/${value.denominator}`;
  }
  const parts = value as readonly unknown[];
  if (parts.every((part) => typeof part === "number")) return parts.join("×");
  return parts.every((part) => typeof part === "string") ? parts.join(", ") : undefined;
}

/** `c 0..<8` */
function rangeText({ axis, first, count }: { axis: string; first: Size; count: Size }): string {
  const [from, length] = [evaluateSize(first), evaluateSize(count)];
  return from === undefined || length === undefined ? axis : `${axis} ${from}..<${from + length}`;
}
