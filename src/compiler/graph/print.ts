import type { Graph } from "./graph.js";
import type { AttributeValue, AxisArgument, AxisPart, AxisRange } from "./operation.js";
import { addSizes, showSize } from "./size.js";
import { showType } from "./tensor.js";

/** A graph as text, one line for each input, node and output: for tests and for people. */
export function printGraph(graph: Graph): string {
  const settings = Object.entries(graph.settings).map(([name, value]) => `${name} = ${value}`);
  const lines = [`network ${graph.network}${settings.length > 0 ? ` (${settings.join(", ")})` : ""}`];
  for (const { name, type } of graph.inputs) lines.push(`input ${name}: ${showType(type, graph.bindings)}`);
  for (const { name, path, operation, attributes, inputs, parameters, type } of graph.nodes) {
    const shown = Object.entries(attributes).map(([key, value]) => `${key}: ${showAttribute(value)}`);
    const call = `${operation.name}(${[...inputs.map((input) => input.name), ...shown].join(", ")})`;
    const weights = Object.values(parameters).map((parameter) => parameter.path);
    const held = weights.length > 0 ? ` with ${weights.join(", ")}` : "";
    const shared = name === path ? "" : ` # ${path}`;
    lines.push(`${name} = ${call}${held}: ${showType(type, graph.bindings)}${shared}`);
  }
  for (const { name, value } of graph.outputs) lines.push(`output ${name} = ${value.name}`);
  return `${lines.join("\n")}\n`;
}

/** An attribute as the language writes it. */
export function showAttribute(value: AttributeValue): string {
  if (typeof value === "string") return /[\s"]/.test(value) ? JSON.stringify(value) : value;
  if (isRanges(value)) return `(${value.map(showRange).join(", ")})`;
  if (isAxisArguments(value)) return `(${value.map(showAxisArgument).join(", ")})`;
  if (Array.isArray(value) && value.length > 64) return `${value.length} of them`;
  if (Array.isArray(value))
    return value.length > 0 && typeof value[0] === "number" ? value.join("x") : `[${value.join(", ")}]`;
  if (typeof value === "object" && "numerator" in value) {
    return value.denominator === 1 ? String(value.numerator) : `${value.numerator}/${value.denominator}`;
  }
  return String(value);
}

function isRanges(value: AttributeValue): value is readonly AxisRange[] {
  return Array.isArray(value) && typeof value[0] === "object" && "count" in value[0];
}

/** `c: 0..<8` */
function showRange({ axis, first, count }: AxisRange): string {
  return `${axis}: ${showSize(first)}..<${showSize(addSizes(first, count))}`;
}

function isAxisArguments(value: AttributeValue): value is readonly AxisArgument[] {
  return Array.isArray(value) && typeof value[0] === "object";
}

/** `x: 2`, `x: (0, 2)`, `t: u`, `x: (gx, wx: 7)` */
function showAxisArgument({ axis, value }: AxisArgument): string {
  if (typeof value !== "object") return `${axis}: ${value}`;
  const parts = (value as readonly (number | AxisPart)[]).map((part) => {
    if (typeof part === "number") return String(part);
    return part.size ? `${part.name}: ${showSize(part.size)}` : part.name;
  });
  return `${axis}: (${parts.join(", ")})`;
}
