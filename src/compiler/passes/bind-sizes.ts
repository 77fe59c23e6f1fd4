import type { Graph, Node, Value } from "../graph/graph.js";
import type { AttributeValue, AxisArgument, AxisPart, AxisRange } from "../graph/operation.js";
import { constantSize, evaluateSize, type Size } from "../graph/size.js";
import type { TensorType } from "../graph/tensor.js";
import { known } from "../support/invariant.js";

/** The graph with numbers for all sizes, which must be bound: passes compare and divide them. */
export function bindSizes(graph: Graph): Graph {
  const bind = (size: Size): Size =>
    size.terms.length === 0 ? size : constantSize(known(evaluateSize(size, graph.bindings), "a bound size"));
  const types = new Map<TensorType, TensorType>();
  const bindType = (type: TensorType): TensorType => {
    const found = types.get(type);
    if (found) return found;
    const bound = { axes: type.axes.map(({ name, size }) => ({ name, size: bind(size) })) };
    types.set(type, bound);
    return bound;
  };
  const now = new Map<Value, Value>();
  const current = (value: Value) => known(now.get(value), value.name);
  const inputs = graph.inputs.map((input) => {
    const bound = { ...input, type: bindType(input.type) };
    now.set(input, bound);
    return bound;
  });
  const nodes = graph.nodes.map((node): Node => {
    const attributes = Object.fromEntries(
      Object.entries(node.attributes).map(([name, value]) => [name, bindAttribute(value, bind)]),
    );
    const bound = { ...node, attributes, inputs: node.inputs.map(current), type: bindType(node.type) };
    now.set(node, bound);
    return bound;
  });
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: current(value) }));
  return { ...graph, inputs, nodes, outputs };
}

function bindAttribute(value: AttributeValue, bind: (size: Size) => Size): AttributeValue {
  if (!Array.isArray(value) || typeof value[0] !== "object") return value;
  if ("count" in value[0]) {
    return (value as readonly AxisRange[]).map(({ axis, first, count }) => ({
      axis,
      first: bind(first),
      count: bind(count),
    }));
  }
  return (value as readonly AxisArgument[]).map((argument) =>
    isParts(argument.value)
      ? {
          axis: argument.axis,
          value: argument.value.map(({ name, size }) => ({ name, ...(size ? { size: bind(size) } : {}) })),
        }
      : argument,
  );
}

function isParts(value: AxisArgument["value"]): value is readonly AxisPart[] {
  return Array.isArray(value) && typeof value[0] === "object";
}
