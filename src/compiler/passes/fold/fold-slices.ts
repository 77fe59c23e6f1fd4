import type { Graph, Node, Value } from "../../graph/graph.js";
import { findAxis, spatialAxes } from "../../graph/tensor.js";
import { axesOf, namesOf, numberOf, stringOf } from "../../ops/attributes.js";
import { conv } from "../../ops/conv.js";
import { convTranspose } from "../../ops/conv-transpose.js";
import { normalize } from "../../ops/normalize.js";
import { rearrange } from "../../ops/rearrange.js";
import { shift } from "../../ops/shift.js";
import { known } from "../../support/invariant.js";
import { channelBlock, isInChannelBlocks } from "../channel-blocks.js";
import type { Pass, PassResult, Remark } from "../pass.js";
import { Rewriter, sizeOf } from "../rewriter.js";
import { foldConv, foldTransposed, sliceAxesOfConv, sliceAxesOfTransposed } from "./convolutions.js";
import { closeSlices, FoldedValues, openSlices } from "./folded-values.js";

/**
 * `conv=folded`: a convolution with a kernel of 1 along an axis is one over the other two, its slices part of the batch.
 * What stands between such convolutions is folded as well, where it can be. `conv=sliced`: a larger kernel along all axes,
 * too, is a sum of convolutions over two.
 */
export const foldSlices: Pass = {
  name: "slices",
  documentation:
    "Makes the slices of 1×k×k convolutions part of the batch, and convolutions two-dimensional.",
  isWanted: ({ conv: form }) => form !== "volumetric",
  run: (graph, { conv: form }) => new Folding(graph, form === "sliced").run(),
};

/** What becomes of a node: folded along an axis, or not, and why. */
type Decision =
  | { readonly kind: "fold"; readonly axis: string; readonly remark?: string }
  | { readonly kind: "plain"; readonly remark?: string };

class Folding {
  private readonly rewriter: Rewriter;
  private readonly values: FoldedValues;
  private readonly remarks: Remark[] = [];

  constructor(
    private readonly graph: Graph,
    private readonly slicesKernels: boolean,
  ) {
    this.rewriter = new Rewriter(graph);
    this.values = new FoldedValues(this.rewriter);
  }

  run(): PassResult {
    for (const node of this.graph.nodes) {
      const decision = this.decide(node);
      const { kind, remark: text } = decision;
      if (text) this.remarks.push({ kind: kind === "fold" ? "done" : "declined", node: node.name, text });
      if (kind === "fold") this.fold(node, decision.axis);
      else this.keep(node);
    }
    for (const { value } of this.graph.outputs) {
      if (value.kind === "node") this.values.asPlain(value, value);
    }
    return { graph: this.rewriter.finish(), remarks: this.remarks };
  }

  private keep(node: Node): void {
    for (const input of node.inputs) this.values.asPlain(input, node);
    this.values.setPlain(node, this.rewriter.keep(node));
  }

  /** The folding of the first input that has one. */
  private foldingBefore(node: Node): string | undefined {
    for (const input of node.inputs) {
      const axis = this.values.foldingOf(input);
      if (axis !== undefined) return axis;
    }
    return undefined;
  }

  private decide(node: Node): Decision {
    if (node.operation === conv) return this.decideConv(node);
    const axis = this.foldingBefore(node);
    if (axis === undefined) return { kind: "plain" };
    const name = node.operation.name;
    if (node.operation === convTranspose) {
      if (sliceAxesOfTransposed(node).includes(axis)) {
        return { kind: "fold", axis, remark: `each slice along ${axis} makes whole slices` };
      }
      return { kind: "plain", remark: `${name}: slices along ${axis} meet in it` };
    }
    if (node.operation === rearrange) return keepsBatch(node) ? { kind: "fold", axis } : { kind: "plain" };
    if (node.operation === shift) {
      return stringOf(node.attributes, "axis") === "n" ? { kind: "plain" } : { kind: "fold", axis };
    }
    if (node.operation === normalize) return { kind: "fold", axis };
    if (!node.operation.pointwise?.(node)) {
      return { kind: "plain", remark: `${name} works on whole volumes: slices leave the batch before it` };
    }
    const foldings = new Set(node.inputs.flatMap((input) => this.values.foldingOf(input) ?? []));
    if (foldings.size > 1) {
      // To move one axis of each is faster than to bring all into the order that the first one happens to have.
      const found = [...foldings].join(", ");
      return { kind: "plain", remark: `${name} joins slices along ${found}: they leave the batch before it` };
    }
    const halves = node.inputs.some(({ type }) => !findAxis(type, "n") !== !findAxis(type, axis));
    if (halves) return { kind: "plain", remark: `${name}: an input lacks the batch or the slices` };
    return { kind: "fold", axis };
  }

  private decideConv(node: Node): Decision {
    const axes = spatialAxes(known(node.inputs[0], "input").type);
    if (axes.length !== 3) return { kind: "plain" };
    const candidates = sliceAxesOfConv(node);
    const before = this.foldingBefore(node);
    const kernel = known(node.parameters.weight, "weight").shape.slice(2).join("x");
    if (before !== undefined && candidates.includes(before)) {
      return { kind: "fold", axis: before, remark: `${kernel}: slices along ${before} became the batch` };
    }
    const [first] = candidates;
    if (first === undefined && this.slicesKernels) {
      const reason = whyWhole(node);
      if (reason) return { kind: "plain", remark: `kernel ${kernel}: ${reason}` };
      const axis = before ?? known(axes[0], "axis").name;
      return {
        kind: "fold",
        axis,
        remark: `${kernel}: the sum of two-dimensional ones, slices along ${axis} the batch`,
      };
    }
    if (first === undefined) {
      return { kind: "plain", remark: `kernel ${kernel}: slices along every axis meet in it` };
    }
    if (candidates.length === axes.length) {
      return { kind: "plain", remark: `kernel ${kernel}: nothing before it is folded` };
    }
    return { kind: "fold", axis: first, remark: `${kernel}: slices along ${first} became the batch` };
  }

  private fold(node: Node, axis: string): void {
    const { rewriter, values } = this;
    const inputs = node.inputs.map((input) =>
      findAxis(input.type, axis) ? values.asFolded(input, axis, node) : values.asPlain(input, node),
    );
    const input = known(inputs[0], "input");
    if (node.operation === conv) {
      values.setFolded(node, { axis, value: foldConv(rewriter, node, input, axis) });
    } else if (node.operation === convTranspose) {
      values.setFolded(node, { axis, value: foldTransposed(rewriter, node, input, axis) });
    } else if (node.operation === rearrange) {
      values.setFolded(node, this.renamed(node, input, axis));
    } else if (node.operation === shift) {
      values.setFolded(node, { axis, value: this.shifted(node, input, axis) });
    } else if (node.operation === normalize) {
      values.setFolded(node, { axis, value: this.normalized(node, input, axis) });
    } else {
      const { operation, attributes, parameters } = node;
      values.setFolded(node, {
        axis,
        value: rewriter.apply(node, { operation, attributes, parameters, inputs }),
      });
    }
  }

  /** A view of folded slices only gives axes other names. */
  private renamed(node: Node, input: Value, axis: string): { axis: string; value: Value } {
    const axes = namesOf(node.attributes, "axes");
    const names = namesOf(node.attributes, "names");
    const nameOf = (name: string) => known(names[axes.indexOf(name)], name);
    const order = input.type.axes.map(({ name }) => name);
    const attributes = { axes: order, names: order.map(nameOf) };
    const value = this.rewriter.apply(node, { operation: rearrange, inputs: [input], attributes });
    return { axis: nameOf(axis), value };
  }

  private shifted(node: Node, input: Value, axis: string): Value {
    const apply = (value: Value, along: string) =>
      this.rewriter.apply(node, {
        operation: shift,
        inputs: [value],
        attributes: { ...node.attributes, axis: along },
      });
    const along = stringOf(node.attributes, "axis");
    if (along !== axis) return apply(input, along);
    if (sizeOf(node.type, "n") === 1) return apply(input, "n");
    return this.unfolded(node, input, axis, (value) => apply(value, axis));
  }

  private normalized(node: Node, input: Value, axis: string): Value {
    const over = axesOf(node.attributes, "over");
    const apply = (value: Value, axes: readonly string[]) =>
      this.rewriter.apply(node, {
        operation: normalize,
        inputs: [value],
        attributes: { ...node.attributes, over: axes },
        parameters: node.parameters,
      });
    if (!over.includes(axis) && !over.includes("n")) return apply(input, over);
    if (sizeOf(node.type, "n") === 1) {
      return apply(input, ["n", ...over.filter((name) => name !== axis && name !== "n")]);
    }
    return this.unfolded(node, input, axis, (value) => apply(value, over));
  }

  /** Does something with slices beside the batch, in the order n, slices, c: then no element moves. */
  private unfolded(node: Node, input: Value, axis: string, body: (value: Value) => Value): Value {
    const slices = sizeOf(known(node.inputs[0], "input").type, axis);
    const opened = openSlices(this.rewriter, node, { axis, value: input }, slices);
    return closeSlices(this.rewriter, node, body(opened), axis);
  }
}

/** Why a kernel is not taken apart. */
function whyWhole(node: Node): string | undefined {
  if (numberOf(node.attributes, "groups") !== 1) return "it has groups of channels";
  return isInChannelBlocks(node)
    ? undefined
    : `a sum of slices takes longer unless channels are multiples of ${channelBlock}`;
}

/** Whether a view leaves n and c what they are. */
function keepsBatch(node: Node): boolean {
  const axes = namesOf(node.attributes, "axes");
  const names = namesOf(node.attributes, "names");
  return ["n", "c"].every((name) => names[axes.indexOf(name)] === name);
}
