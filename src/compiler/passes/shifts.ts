import type { Graph, Node, Parameter, Value } from "../graph/graph.js";
import { spatialAxes } from "../graph/tensor.js";
import { numberOf, stringOf } from "../ops/attributes.js";
import { concat } from "../ops/concat.js";
import { conv, convolutionExtents } from "../ops/conv.js";
import { isImage } from "../ops/layout.js";
import { countOfRows, movedChannels, shift } from "../ops/shift.js";
import { subsample } from "../ops/subsample.js";
import type { Extents } from "../ops/windows.js";
import type { Schedule } from "../schedule/schedule.js";
import { known } from "../support/invariant.js";
import { placedAmong } from "./derive.js";
import type { Pass, PassResult, Remark } from "./pass.js";
import { readOnce } from "./readers.js";
import { Rewriter, sizeOf } from "./rewriter.js";

/**
 * `shift=slice`, `shift=merged`, `shift=kernel`: a Shift is told what to be made of, or becomes part of the convolution
 * before it.
 */
export const shifts: Pass = {
  name: "shifts",
  documentation: "Makes a Shift of other operators, or part of the convolution before it.",
  isWanted: ({ shift: form }) => form !== "pad",
  run: (graph, { shift: form }) => new Shifts(graph, form).run(),
};

/** Rows that are moved one by one: of more, each is short, and their places make the file large. */
const mostRows = 65_536;

class Shifts {
  private readonly rewriter: Rewriter;
  private readonly remarks: Remark[] = [];
  private readonly isReadOnce: (value: Value) => boolean;

  constructor(
    private readonly graph: Graph,
    private readonly form: Schedule["shift"],
  ) {
    this.rewriter = new Rewriter(graph);
    this.isReadOnce = readOnce(graph);
  }

  run(): PassResult {
    for (const node of this.graph.nodes) {
      if (node.operation !== shift || movesNothing(node)) this.rewriter.keep(node);
      else if (this.form === "merged") this.mergeOrGather(node);
      else if (this.form === "kernel") this.growKernelOrSlice(node);
      else this.slice(node);
    }
    return { graph: this.rewriter.finish(), remarks: this.remarks };
  }

  private mergeOrGather(node: Node): void {
    const before = this.imagesBefore(node);
    if (before) {
      this.merge(node, before);
    } else if (countOfRows(node) <= mostRows) {
      this.make(node, "gather", "all its rows gathered at once");
    } else {
      this.rewriter.keep(node);
      this.remarks.push({ kind: "declined", node: node.name, text: `its rows are more than ${mostRows}` });
    }
  }

  private growKernelOrSlice(node: Node): void {
    const growth = this.growthBefore(node);
    if (typeof growth === "string") this.slice(node, ` (${growth})`);
    else this.growKernel(node, growth);
  }

  private slice(node: Node, reason = ""): void {
    this.make(node, "slice", `sliced, and zeros put beside${reason}`);
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
  private imagesBefore(node: Node): Node | undefined {
    const before = this.convolutionBefore(node);
    if (typeof before === "string") return undefined;
    const { type } = known(before.inputs[0], "input");
    const movesSlices = stringOf(node.attributes, "axis") === "n";
    return isImage(type) && sizeOf(type, "c") === 1 && movesSlices ? before : undefined;
  }

  /** The convolution before a Shift that does nothing but what the Shift moves; or why there is none. */
  private convolutionBefore(node: Node): Node | string {
    const [before] = node.inputs;
    if (before?.kind !== "node" || before.operation !== conv) return "no convolution comes before";
    if (!this.isReadOnce(before)) return "others need the convolution before as well";
    return before.parameters.bias ? "a bias would come in where zeros should" : before;
  }

  /** The convolution whose kernel can grow along the axis of a Shift, and how; or why there is none. */
  private growthBefore(node: Node): Growth | string {
    const before = this.convolutionBefore(node);
    if (typeof before === "string") return before;
    const moving = stringOf(node.attributes, "axis");
    const axis = spatialAxes(before.type).findIndex(({ name }) => name === moving);
    const extents = convolutionExtents(before);
    if (extents.kernel[axis] !== 1 || extents.padding[axis] !== 0) {
      return "the kernel of the convolution before lies along other axes, or along this one already";
    }
    const distance = Math.abs(numberOf(node.attributes, "distance"));
    if (distance >= sizeOf(node.type, moving)) return "what moves leaves the volume";
    return { before, axis, extents };
  }

  /**
   * The kernel gets an element before and one behind, at the distance over which channels move: each output has its weights
   * in the one that it comes from, and zeros in the others. On a card that takes less than to move what was computed.
   */
  private growKernel(node: Node, { before, axis, extents }: Growth): void {
    const distance = numberOf(node.attributes, "distance");
    const reach = Math.abs(distance) * known(extents.stride[axis], "stride");
    const grown = (sizes: readonly number[], size: number) =>
      sizes.map((own, index) => (index === axis ? size : own));
    const attributes = {
      ...before.attributes,
      kernel: grown(extents.kernel, 3),
      stride: extents.stride,
      dilation: grown(extents.dilation, reach),
      padding: grown(extents.padding, reach),
    };
    const weight = known(before.parameters.weight, "weight");
    const inputs = [this.rewriter.now(known(before.inputs[0], "input"))];
    // What moves forward comes from behind.
    const [forward, backward] = distance > 0 ? [0, 2] : [2, 0];
    const parameters = { weight: amongThree(node, weight, 2 + axis, [forward, 1, backward]) };
    const application = { operation: conv, inputs, attributes, parameters };
    this.rewriter.replace(node, this.rewriter.apply(node, application));
    this.remarks.push({
      kind: "done",
      node: node.name,
      text: "part of the kernel of the convolution before it",
    });
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
    const weight = known(before.parameters.weight, "weight");
    const parameters = { weight: amongThree(node, weight, 1, [0, 1, 2]) };
    const application = { operation: conv, inputs: [joined], attributes: before.attributes, parameters };
    this.rewriter.replace(node, this.rewriter.apply(node, application));
    this.remarks.push({ kind: "done", node: node.name, text: "part of the convolution before it" });
  }
}

function movesNothing(node: Node): boolean {
  return movedChannels(node, sizeOf(node.type, "c")) === 0;
}

/** A convolution whose kernel can grow along the axis that its kernel counts as `axis`. */
interface Growth {
  readonly before: Node;
  readonly axis: number;
  readonly extents: Extents;
}

/**
 * A weight [out, ...] three times as long along an axis: where those of the channels lie that move forward, that stay and
 * that move backward, as `places` says.
 */
function amongThree(
  node: Node,
  weight: Parameter,
  axis: number,
  [forward, still, backward]: readonly [number, number, number],
): Parameter {
  const [out = 1] = weight.shape;
  const share = movedChannels(node, out);
  const places = Array.from({ length: out }, (_, channel) =>
    channel < share ? forward : channel < out - share ? still : backward,
  );
  return placedAmong(weight, axis, places, 3, `axis_${axis}_from_${forward}_${backward}_by_${share}`);
}
