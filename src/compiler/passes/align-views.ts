import type { Graph, Node, Parameter, Value } from "../graph/graph.js";
import type { Attributes } from "../graph/operation.js";
import { spatialAxes, type TensorType } from "../graph/tensor.js";
import { namesOf } from "../ops/attributes.js";
import { avgPool } from "../ops/avg-pool.js";
import { conv } from "../ops/conv.js";
import { convTranspose } from "../ops/conv-transpose.js";
import { axisNames } from "../ops/layout.js";
import { maxPool } from "../ops/max-pool.js";
import { rearrange } from "../ops/rearrange.js";
import { known } from "../support/invariant.js";
import { transposed } from "./derive.js";
import type { Pass, PassResult, Remark } from "./pass.js";
import { Rewriter } from "./rewriter.js";

/**
 * `axes=aligned`: a view gives axes other names and leaves them where they are; kernels are transposed instead, when
 * compiling. Views that rename nothing say where axes lie, such as tokens as rows, and are carried out.
 */
export const alignViews: Pass = {
  name: "axes",
  documentation: "Leaves the axes of views where they are in memory, and transposes kernels instead.",
  isWanted: ({ axes }) => axes === "aligned",
  run: (graph) => new Alignment(graph).run(),
};

/** Operations whose extents and kernels are in the order of the input's axes. */
const kernelled = [conv, convTranspose, maxPool, avgPool];

class Alignment {
  private readonly rewriter: Rewriter;
  private readonly remarks: Remark[] = [];
  private readonly restored = new Map<Value, Value>();

  constructor(private readonly graph: Graph) {
    this.rewriter = new Rewriter(graph);
  }

  run(): PassResult {
    for (const node of this.graph.nodes) this.rewriter.replace(node, this.rewritten(node));
    for (const { value } of this.graph.outputs) {
      if (value.kind === "node") this.rewriter.replace(value, this.inWrittenOrder(value, value));
    }
    return { graph: this.rewriter.finish(), remarks: this.remarks };
  }

  private rewritten(node: Node): Value {
    const { operation, attributes, parameters } = node;
    const inputs = node.inputs.map((input) => this.rewriter.now(input));
    if (operation === rearrange) return this.renamed(node, known(inputs[0], "input"));
    const isMoved = node.inputs.some((input, index) => {
      return `${axisNames(known(inputs[index], "input").type)}` !== `${axisNames(input.type)}`;
    });
    if (!isMoved) return this.rewriter.keep(node);
    if (kernelled.includes(operation)) return this.turned(node, known(inputs[0], "input"));
    if (operation.anyOrder || operation.pointwise?.(node)) {
      return this.rewriter.apply(node, { operation, attributes, parameters, inputs });
    }
    const text = `${operation.name} takes axes in the order in which they are written`;
    this.remarks.push({ kind: "declined", node: node.name, text });
    return this.rewriter.keep(
      node,
      node.inputs.map((input) => this.inWrittenOrder(input, node)),
    );
  }

  private renamed(node: Node, input: Value): Value {
    const axes = namesOf(node.attributes, "axes");
    const names = namesOf(node.attributes, "names");
    const order = axisNames(input.type);
    if (isLayout(node)) {
      this.remarks.push({
        kind: "declined",
        node: node.name,
        text: "it renames nothing, but says where axes lie",
      });
      return this.rewriter.apply(node, {
        operation: rearrange,
        inputs: [input],
        attributes: { axes, names },
      });
    }
    const target = order.map((name) => known(names[axes.indexOf(name)], name));
    if (`${target}` !== `${names}`) {
      this.remarks.push({ kind: "done", node: node.name, text: `axes stay ${target.join(", ")} in memory` });
    }
    return this.rewriter.apply(node, {
      operation: rearrange,
      inputs: [input],
      attributes: { axes: order, names: target },
    });
  }

  /** A node with its extents and kernel in the order that the axes have now. */
  private turned(node: Node, input: Value): Value {
    const written = spatialAxes(known(node.inputs[0], "input").type).map(({ name }) => name);
    const order = spatialAxes(input.type).map(({ name }) => written.indexOf(name));
    const turn = (sizes: readonly number[]) => order.map((index) => sizes[index] as number);
    const attributes: Attributes = Object.fromEntries(
      node.operation.arguments.flatMap(({ name, type }) => {
        const value = node.attributes[name];
        if (value === undefined) return [];
        const isTuple = type === "extent" && Array.isArray(value);
        return [[name, isTuple ? turn(value as readonly number[]) : value]];
      }),
    );
    const isSame = order.every((index, place) => index === place);
    const weight = node.parameters.weight;
    return this.rewriter.apply(node, {
      operation: node.operation,
      inputs: [input],
      attributes,
      parameters: {
        ...node.parameters,
        ...(weight && !isSame ? { weight: turnedKernel(weight, order) } : {}),
      },
    });
  }

  private inWrittenOrder(value: Value, origin: Node): Value {
    const found = this.restored.get(value);
    if (found) return found;
    const result = this.rewriter.reorder(
      origin,
      this.rewriter.now(value),
      axisNames(value.type),
      "as_written",
    );
    this.restored.set(value, result);
    return result;
  }
}

/**
 * Whether a view is there for the order of axes alone, as where tokens become rows. One that reorders only what
 * convolutions run along is not: their kernels can be transposed.
 */
function isLayout(node: Node): boolean {
  const names = namesOf(node.attributes, "names");
  if (namesOf(node.attributes, "axes").some((axis, index) => axis !== names[index])) return false;
  return ![known(node.inputs[0], "input").type, node.type].every(isChannelsFirst);
}

/** Whether a tensor is what convolutions take: channels, then axes to run along. */
function isChannelsFirst(type: TensorType): boolean {
  return type.axes.findIndex(({ name }) => name === "c") === type.axes.findIndex(({ name }) => name !== "n");
}

function turnedKernel(weight: Parameter, order: readonly number[]): Parameter {
  return transposed(weight, [0, 1, ...order.map((index) => index + 2)]);
}
