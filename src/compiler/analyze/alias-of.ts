import type { Node, Parameter, Value } from "../graph/graph.js";
import type { OnnxLowering } from "../graph/lowering.js";
import type { Bindings } from "../graph/size.js";
import { known } from "../support/invariant.js";
import { exactSize } from "./exact.js";

/** ONNX operators that give their input's memory another shape: ONNX Runtime copies nothing for them. */
const reshaping = new Set(["Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity"]);

/**
 * The input or weight whose memory the output of a node without arithmetic is, if it is one's: a renaming that leaves the
 * order of axes as it is, a Dropout, a Shift by nothing, a pure reshape. The node's lowering is asked, so this is what
 * the ONNX file has.
 */
export function aliasOf(node: Node, bindings: Bindings): Value | Parameter | undefined {
  const sources = new Map<string, Value | Parameter>();
  let count = 0;
  const fresh = () => `value ${count++}`;
  const named = (source: Value | Parameter) => {
    const name = fresh();
    sources.set(name, source);
    return name;
  };
  const recorder: OnnxLowering = {
    input: (index) => named(known(node.inputs[index], "input")),
    parameter: (role) => named(known(node.parameters[role], role)),
    shape: (type) => type.axes.map(({ size }) => Number(exactSize(size, bindings))),
    int64: fresh,
    float32: fresh,
    float64: fresh,
    node: (operator, inputs, _attributes, { outputs = 1 } = {}) => {
      const name = fresh();
      const source = reshaping.has(operator) ? sources.get(known(inputs[0], "operand")) : undefined;
      if (source) sources.set(name, source);
      return [name, ...Array.from({ length: outputs - 1 }, fresh)];
    },
  };
  return sources.get(node.operation.lower(node, recorder));
}
