import type { Node } from "../graph/graph.js";
import { type Size, symbolSize } from "../graph/size.js";
import type { TensorType } from "../graph/tensor.js";

/** What an operation does, whatever the sizes are: multiply-accumulates, other arithmetic, or it moves and renames values. */
export type Arithmetic = "macs" | "flops" | "none";

export function arithmeticOf(node: Node): Arithmetic {
  const inputs = node.inputs.map((input) => ({ ...input, type: unsized(input.type) }));
  const { macs, flops } = node.operation.cost({ ...node, inputs, type: unsized(node.type) });
  if (!isZero(macs)) return "macs";
  return isZero(flops) ? "none" : "flops";
}

/** With a symbol for every size but that of c, on which weights depend: their product can't be too large for a number. */
function unsized({ axes }: TensorType): TensorType {
  return { axes: axes.map((axis) => (axis.name === "c" ? axis : { ...axis, size: symbolSize(axis.name) })) };
}

function isZero({ constant, terms }: Size): boolean {
  return constant === 0 && terms.length === 0;
}
