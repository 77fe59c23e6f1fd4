import type { Graph, Node, Value } from "../graph/graph.js";
import type { Operation } from "../graph/operation.js";
import { spatialAxes } from "../graph/tensor.js";
import { axesOf, numberOf } from "../ops/attributes.js";
import { centre } from "../ops/centre.js";
import { conv, convolutionExtents } from "../ops/conv.js";
import { groupNorm } from "../ops/group-norm.js";
import { instanceNorm } from "../ops/instance-norm.js";
import { joinedNorm } from "../ops/joined-norm.js";
import { layerNorm } from "../ops/layer-norm.js";
import { normalize } from "../ops/normalize.js";
import type { Schedule } from "../schedule/schedule.js";
import { known } from "../support/invariant.js";
import { repeated, reshaped } from "./derive.js";
import type { Pass, PassResult, Remark } from "./pass.js";
import { Rewriter, sizeOf } from "./rewriter.js";

/**
 * `norm=reductions`: an InstanceNorm becomes reductions and what applies them, which may be over merged axes; from what a
 * LayerNorm over more than c is given its mean is taken off first.
 * `norm=moments`: an InstanceNorm the same, but where a tensor comes from a norm its mean is not taken off before it is squared.
 * `norm=centred`: the mean is taken off before an InstanceNorm, too; that changes nothing of their results but rounding.
 * ONNX Runtime's WebGPU computes variances as the mean of squares less the square of the mean, of which few digits remain, or
 * something below 0, where the mean is far from 0.
 * `norm=joined`: the channels of all samples become those of one. ONNX Runtime's CUDA then takes one kernel instead of two;
 * its statistics are in float32 whatever the tensor is in.
 */
export const norms: Pass = {
  name: "norms",
  documentation:
    "Computes the statistics of norms so that no digits are lost, by reductions over few elements at a time or after the " +
    "mean was taken off; or those of all samples at once.",
  isWanted: ({ norm }) => norm !== "native",
  run: (graph, schedule) => new Norms(graph, schedule).run(),
};

const normalizing: readonly Operation[] = [instanceNorm, groupNorm, layerNorm];

class Norms {
  private readonly rewriter: Rewriter;
  private readonly remarks: Remark[] = [];
  private readonly settled: ReadonlySet<Value>;
  private readonly form: Schedule["norm"];
  /** Whether the runtime has convolutions with groups over three axes. */
  private readonly overVolumes: boolean;

  constructor(
    private readonly graph: Graph,
    { norm, groups }: Schedule,
  ) {
    this.form = norm;
    this.overVolumes = groups === "kept";
    this.rewriter = new Rewriter(graph);
    this.settled = settledValues(graph);
  }

  run(): PassResult {
    const isCentred = this.form === "centred";
    const keepsDigits = isCentred || this.form === "reductions";
    for (const node of this.graph.nodes) {
      const { operation } = node;
      if (keepsDigits && operation === layerNorm && !isOverChannels(node)) {
        this.centre(node, axesOf(node.attributes, "axes"));
      } else if (operation !== instanceNorm) {
        this.rewriter.keep(node);
      } else if (this.form === "joined") {
        this.join(node);
      } else if (isCentred && hasSixDecimals(numberOf(node.attributes, "epsilon"))) {
        this.centre(node, spatialNames(node));
      } else {
        this.reduce(node, spatialNames(node));
      }
    }
    return { graph: this.rewriter.finish(), remarks: this.remarks };
  }

  private reduce(node: Node, over: readonly string[]): void {
    const { epsilon } = node.attributes;
    const projection = projectionBefore(node);
    const before = known((projection ?? node).inputs[0], "input");
    const products = this.form === "moments";
    const moments = products && this.settled.has(before) && !projection;
    const application = {
      operation: normalize,
      inputs: [this.rewriter.now(before)],
      attributes: {
        over,
        epsilon: known(epsilon, "epsilon"),
        moments,
        products,
        overVolumes: this.overVolumes,
        ...projection?.attributes,
      },
      parameters: { ...node.parameters, ...projection?.parameters },
    };
    this.rewriter.replace(node, this.rewriter.apply(node, application));
    const how = projection
      ? "by those of the one channel that the convolution before it multiplies"
      : moments
        ? "by means of squares"
        : `by reductions${this.form === "moments" ? ": the values may lie far from 0" : ""}`;
    this.remark(node, `statistics over ${over.join(", ")} ${how}`);
  }

  private centre(node: Node, over: readonly string[]): void {
    const input = this.rewriter.now(known(node.inputs[0], "input"));
    const application = { operation: centre, inputs: [input], attributes: { over }, part: "centred" };
    this.rewriter.keep(node, [this.rewriter.apply(node, application)]);
    this.remark(node, `the mean over ${over.join(", ")} taken off first`);
  }

  private join(node: Node): void {
    const inputs = [this.rewriter.now(known(node.inputs[0], "input"))];
    const samples = sizeOf(node.type, "n");
    const parameters = Object.fromEntries(
      Object.entries(node.parameters).map(([role, parameter]) => [role, repeated(parameter, samples)]),
    );
    const application = { operation: joinedNorm, inputs, attributes: node.attributes, parameters };
    this.rewriter.replace(node, this.rewriter.apply(node, application));
    const joined = `${samples} samples' channels as those of one`;
    this.remark(node, samples === 1 ? "in the network's own precision" : joined);
  }

  private remark(node: Node, text: string): void {
    this.remarks.push({ kind: "done", node: node.name, text });
  }
}

function spatialNames(node: Node): readonly string[] {
  return spatialAxes(known(node.inputs[0], "input").type).map(({ name }) => name);
}

/** The usual LayerNorm, of a token: its channels are not far from 0 all together. */
function isOverChannels(node: Node): boolean {
  return axesOf(node.attributes, "axes").every((axis) => axis === "c");
}

/** ONNX Runtime's WebGPU writes an InstanceNorm's epsilon with six decimals into its kernel: 1e-7 would be 0. */
function hasSixDecimals(epsilon: number): boolean {
  return Math.abs(epsilon * 1e6 - Math.round(epsilon * 1e6)) < 1e-6;
}

/**
 * What a norm's input is made of where it is a pointwise convolution of one channel: the statistics of its channels follow
 * from those of the one, and its bias is taken off with the mean.
 */
function projectionBefore({ inputs: [before] }: Node) {
  if (before?.kind !== "node" || before.operation !== conv) return undefined;
  const { kernel, stride, padding } = convolutionExtents(before);
  const isPointwise =
    [...kernel, ...stride].every((size) => size === 1) && padding.every((size) => size === 0);
  const { type } = known(before.inputs[0], "input");
  if (!isPointwise || sizeOf(type, "c") !== 1 || sizeOf(type, "n") !== 1) return undefined;
  const out = numberOf(before.attributes, "out");
  const weight = reshaped(known(before.parameters.weight, "weight"), [out]);
  return { inputs: before.inputs, attributes: { out }, parameters: { projection: weight } };
}

/**
 * Values every path to which comes through a norm: their size is that of a norm's output times weights, whatever the
 * network is given. A mean far greater than the spread, which would cost a variance its digits, is not met there.
 */
function settledValues({ nodes }: Graph): ReadonlySet<Value> {
  const settled = new Set<Value>();
  const isSettled = ({ operation, inputs }: Node) =>
    normalizing.includes(operation) || (inputs.length > 0 && inputs.every((input) => settled.has(input)));
  for (const node of nodes) if (isSettled(node)) settled.add(node);
  return settled;
}
