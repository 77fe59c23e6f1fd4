import type { Graph, Node, Parameter, Value } from "../graph/graph.js";
import { numberOf, stringOf } from "../ops/attributes.js";
import { concat } from "../ops/concat.js";
import { conv } from "../ops/conv.js";
import { isImage } from "../ops/layout.js";
import { countOfRows, movedChannels, shift } from "../ops/shift.js";
import { subsample } from "../ops/subsample.js";
import { known } from "../support/invariant.js";
import { placedAmong } from "./derive.js";
import type { Pass, PassResult, Remark } from "./pass.js";
import { readOnce } from "./readers.js";
import { Rewriter, sizeOf } from "./rewriter.js";

/** `shift=slice`, `shift=merged`: a Shift is told what to be made of, or becomes part of the convolution before it. */
export const shifts: Pass = {
  name: "shifts",
  documentation: "Makes a Shift of other operators, or part of the convolution before it.",
  isWanted: ({ shift: form }) => form !== "pad",
  run: (graph, { shift: form }) => new Shifts(graph, form === "merged").run(),
};

/** Rows that are moved one by one: of more, each is short, and their places make the file large. */
const mostRows = 65_536;

class Shifts {
  private readonly rewriter: Rewriter;
  private readonly remarks: Remark[] = [];
  private readonly isReadOnce: (value: Value) => boolean;

  constructor(
    private readonly graph: Graph,
    private readonly merges: boolean,
  ) {
    this.rewriter = new Rewriter(graph);
    this.isReadOnce = readOnce(graph);
  }

  run(): PassResult {
    for (const node of this.graph.nodes) {
      if (node.operation !== shift) {
        this.rewriter.keep(node);
        continue;
      }
      const before = this.merges ? this.convolutionBefore(node) : undefined;
      if (before) this.merge(node, before);
      else if (this.merges) this.gather(node);
      else this.make(node, "slice", "sliced, and zeros put beside");
    }
    return { graph: this.rewriter.finish(), remarks: this.remarks };
  }

  private gather(node: Node): void {
    if (countOfRows(node) <= mostRows) {
      this.make(node, "gather", "all its rows gathered at once");
    } else {
      this.rewriter.keep(node);
      this.remarks.push({ kind: "declined", node: node.name, text: `its rows are more than ${mostRows}` });
    }
  }

  private make(node: Node, form: string, text: string): void {
    const inputs = [this.rewriter.now(known(node.inputs[0], "input"))];
    const attributes = { ...node.attributes, form };
    this.rewriter.replace(node, this.rewriter.apply(node, { operation: shift, inputs, attributes }));
    this.remarks.push({ kind: "done", node: node.name, text });
  }

  /**
   * The two-dimensional convolution whose slices move and which a Shift can be part of. It then convolves three slices; of
   * one channel that takes less than to move its channels. A bias would come in at the ends, where zeros should.
   */
  private convolutionBefore(node: Node): Node | undefined {
    const [before] = node.inputs;
    if (before?.kind !== "node" || before.operation !== conv || before.parameters.bias) return undefined;
    const { type } = known(before.inputs[0], "input");
    const movesSlices = stringOf(node.attributes, "axis") === "n";
    if (!isImage(type) || sizeOf(type, "c") !== 1 || !movesSlices) return undefined;
    return this.isReadOnce(before) ? before : undefined;
  }

  private merge(node: Node, before: Node): void {
    const input = known(before.inputs[0], "input");
    const distance = numberOf(node.attributes, "distance");
    const count = sizeOf(input.type, "n");
    const moved = (offset: number, part: string) =>
      this.rewriter.apply(node, {
        operation: subsample,
        inputs: [this.rewriter.now(input)],
        attributes: { axis: "n", offset, step: 1, count },
        part,
      });
    const joined = this.rewriter.apply(node, {
      operation: concat,
      inputs: [moved(-distance, "slices_before"), this.rewriter.now(input), moved(distance, "slices_behind")],
      attributes: { along: "c" },
      part: "slices_joined",
    });
    const parameters = { weight: acrossSlices(node, known(before.parameters.weight, "weight")) };
    const application = { operation: conv, inputs: [joined], attributes: before.attributes, parameters };
    this.rewriter.replace(node, this.rewriter.apply(node, application));
    this.remarks.push({ kind: "done", node: node.name, text: "part of the convolution before it" });
  }
}

/** A weight [out, 1, kernel...] as one of three slices: those that channels come from, as they move. */
function acrossSlices(node: Node, weight: Parameter): Parameter {
  const [out = 1] = weight.shape;
  const share = movedChannels(node, out);
  const slices = Array.from({ length: out }, (_, channel) =>
    channel < share ? 0 : channel < out - share ? 1 : 2,
  );
  return placedAmong(weight, slices, 3, `across_slices_${share}`);
}
