import type { Graph } from "./graph.js";
import { symbolsOf } from "./size.js";

/** The symbols of the sizes of inputs' axes that have no number, each once, in order. */
export function openSymbols({ inputs, bindings }: Pick<Graph, "inputs" | "bindings">): readonly string[] {
  const symbols = inputs.flatMap(({ type }) => type.axes.flatMap(({ size }) => [...symbolsOf(size)]));
  return [...new Set(symbols)].filter((symbol) => !bindings.has(symbol));
}
