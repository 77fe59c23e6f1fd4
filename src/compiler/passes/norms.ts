import type { Graph, Node } from "../graph/graph.js";
import { spatialAxes } from "../graph/tensor.js";
import { axesOf, numberOf } from "../ops/attributes.js";
import { centre } from "../ops/centre.js";
import { instanceNorm } from "../ops/instance-norm.js";
import { layerNorm } from "../ops/layer-norm.js";
import { normalize } from "../ops/normalize.js";
import { known } from "../support/invariant.js";
import type { Pass, PassResult, Remark } from "./pass.js";
import { Rewriter } from "./rewriter.js";

/**
 * `norm=reductions`: an InstanceNorm becomes reductions and what applies them, which may be over merged axes.
 * `norm=centred`: the mean is taken off before an InstanceNorm, and a LayerNorm over more than c; that changes nothing of
 * their results but rounding. ONNX Runtime's WebGPU computes variances as the mean of squares less the square of the mean,
 * of which few digits remain, or something below 0, where the mean is far from 0.
 */
export const norms: Pass = {
  name: "norms",
  documentation:
    "Computes the statistics of norms so that no digits are lost: by reductions over few elements at a time, or after " +
    "the mean was taken off.",
  isWanted: ({ norm }) => norm !== "native",
  run: (graph, { norm }) => new Norms(graph).run(norm === "centred"),
};

class Norms {
  private readonly rewriter: Rewriter;
  private readonly remarks: Remark[] = [];

  constructor(private readonly graph: Graph) {
    this.rewriter = new Rewriter(graph);
  }

  run(isCentred: boolean): PassResult {
    for (const node of this.graph.nodes) {
      const { operation } = node;
      if (isCentred && operation === layerNorm && !isOverChannels(node)) {
        this.centre(node, axesOf(node.attributes, "axes"));
      } else if (operation !== instanceNorm) {
        this.rewriter.keep(node);
      } else if (isCentred && hasSixDecimals(numberOf(node.attributes, "epsilon"))) {
        this.centre(node, spatialNames(node));
      } else {
        this.reduce(node, spatialNames(node));
      }
    }
    return { graph: this.rewriter.finish(), remarks: this.remarks };
  }

  private reduce(node: Node, over: readonly string[]): void {
    const { parameters } = node;
    const input = this.rewriter.now(known(node.inputs[0], "input"));
    const attributes = { over, epsilon: known(node.attributes.epsilon, "epsilon") };
    const application = { operation: normalize, inputs: [input], attributes, parameters };
    this.rewriter.replace(node, this.rewriter.apply(node, application));
    this.remark(node, `statistics over ${over.join(", ")} by reductions`);
  }

  private centre(node: Node, over: readonly string[]): void {
    const input = this.rewriter.now(known(node.inputs[0], "input"));
    const application = { operation: centre, inputs: [input], attributes: { over }, part: "centred" };
    this.rewriter.keep(node, [this.rewriter.apply(node, application)]);
    this.remark(node, `the mean over ${over.join(", ")} taken off first`);
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
