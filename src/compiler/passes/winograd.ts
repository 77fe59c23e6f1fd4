import type { Graph, Node, Value } from "../graph/graph.js";
import { add } from "../ops/add.js";
import { numberOf } from "../ops/attributes.js";
import { conv, convolutionExtents } from "../ops/conv.js";
import { axisNames, isImage } from "../ops/layout.js";
import { winogradInput } from "../ops/winograd-input.js";
import { winogradOutput } from "../ops/winograd-output.js";
import { filterFactors, products, resultsAtATime } from "../ops/winograd-transforms.js";
import type { Schedule } from "../schedule/schedule.js";
import { known } from "../support/invariant.js";
import { channelBlock, isInChannelBlocks } from "./channel-blocks.js";
import { combined } from "./derive.js";
import type { Pass, PassResult, Remark } from "./pass.js";
import { readOnce } from "./readers.js";
import { Rewriter, sizeOf } from "./rewriter.js";

/**
 * `algorithm=winograd`: a convolution over two axes is computed along its first one by minimal filters, which multiply half
 * as often for a kernel of 3 and six tenths as often for one of 5. What is added up of such convolutions is added before the
 * products become results.
 */
export const winograd: Pass = {
  name: "winograd",
  documentation: "Computes convolutions over two axes by Winograd's minimal filters along the first one.",
  isWanted: ({ algorithm }) => algorithm === "winograd",
  run: (graph, schedule) => new Winograd(graph, schedule).run(),
};

/**
 * What it takes to bring one element into such a form and back, in multiplications of a convolution: as measured of ONNX
 * Runtime on a CPU with AVX-512, for the form with 4 results at a time.
 */
const movingCost = 110;

/** Convolutions that are added up, and the sums; the last node is the one that others read. */
interface Sum {
  readonly taps: number;
  readonly convolutions: readonly Node[];
  readonly nodes: readonly Node[];
}

class Winograd {
  private readonly rewriter: Rewriter;
  private readonly remarks: Remark[] = [];
  private readonly products = new Map<Value, readonly Value[]>();

  constructor(
    private readonly graph: Graph,
    private readonly schedule: Schedule,
  ) {
    this.rewriter = new Rewriter(graph);
  }

  run(): PassResult {
    const chosen = new Map<Node, Sum>();
    for (const sum of this.sums()) {
      const pays = saves(sum) > costs(sum);
      for (const node of pays ? sum.nodes : []) chosen.set(node, sum);
      for (const node of sum.convolutions) {
        if (pays) this.done(node, sum.taps);
        else this.declined(node, "to bring it into that form and back would take longer than it saves");
      }
    }
    for (const node of this.graph.nodes) {
      const sum = chosen.get(node);
      if (sum) this.compute(node, sum);
      else this.rewriter.keep(node);
    }
    return { graph: this.rewriter.finish(), remarks: this.remarks };
  }

  /** All convolutions that can be computed so, with what adds them up and nothing else. */
  private sums(): Iterable<Sum> {
    const isReadOnce = readOnce(this.graph);
    const found = new Map<Value, Sum>();
    for (const node of this.graph.nodes) {
      if (node.operation === conv) {
        const taps = this.tapsOf(node);
        if (taps !== undefined) found.set(node, { taps, convolutions: [node], nodes: [node] });
      } else if (node.operation === add) {
        const [left, right] = node.inputs.map((input) => (isReadOnce(input) ? found.get(input) : undefined));
        if (!left || !right || left.taps !== right.taps || !areAligned(node)) continue;
        for (const input of node.inputs) found.delete(input);
        const convolutions = [...left.convolutions, ...right.convolutions];
        found.set(node, { taps: left.taps, convolutions, nodes: [...left.nodes, ...right.nodes, node] });
      }
    }
    return found.values();
  }

  /** Elements of the kernel along the first axis; undefined where nothing is to be gained or something stands in the way. */
  private tapsOf(node: Node): number | undefined {
    const type = known(node.inputs[0], "input").type;
    const { kernel, stride, dilation, padding } = convolutionExtents(node);
    const taps = kernel[0];
    if (!isImage(type) || (taps !== 3 && taps !== 5)) return undefined;
    const axis = firstAxis(node);
    const decline = (text: string) => this.declined(node, text);
    if (numberOf(node.attributes, "groups") !== 1) return decline("it has groups of channels");
    if (stride[0] !== 1 || dilation[0] !== 1) return decline(`it has a stride or a dilation along ${axis}`);
    if (padding[0] !== (taps - 1) / 2) return decline(`its padding changes the size of ${axis}`);
    const results = resultsAtATime(taps);
    if (sizeOf(type, axis) % results !== 0) return decline(`${axis} is no multiple of ${results}`);
    if (!isInChannelBlocks(node)) {
      return decline(`it takes longer unless channels are multiples of ${channelBlock}`);
    }
    if (this.schedule.precision !== "float32") return decline("float16 has too few digits for its sums");
    return taps;
  }

  private compute(node: Node, sum: Sum): void {
    const parts =
      node.operation === conv
        ? this.multiplied(node, sum.taps)
        : Array.from({ length: products }, (_, product) =>
            this.rewriter.apply(node, {
              operation: add,
              inputs: node.inputs.map((input) => known(this.products.get(input)?.[product], input.name)),
              part: `product${product}`,
            }),
          );
    this.products.set(node, parts);
    if (node !== sum.nodes.at(-1)) return;
    const attributes = { axis: firstAxis(node), taps: sum.taps };
    this.rewriter.replace(
      node,
      this.rewriter.apply(node, { operation: winogradOutput, inputs: parts, attributes }),
    );
  }

  private multiplied(node: Node, taps: number): readonly Value[] {
    const { kernel, stride, dilation, padding } = convolutionExtents(node);
    const { weight, bias } = node.parameters;
    const input = this.rewriter.now(known(node.inputs[0], "input"));
    const axis = firstAxis(node);
    const rest = (sizes: readonly number[], first: number) => [first, ...sizes.slice(1)];
    return filterFactors(taps).map((factors, product) => {
      // A point of 1 has the same part in every result: what is added there is added to each.
      const takesBias = bias !== undefined && product === 1;
      const transformed = this.rewriter.apply(node, {
        operation: winogradInput,
        inputs: [input],
        attributes: { axis, taps, product },
        part: `input${product}`,
      });
      return this.rewriter.apply(node, {
        operation: conv,
        inputs: [transformed],
        attributes: {
          ...node.attributes,
          kernel: rest(kernel, 1),
          stride: rest(stride, 1),
          dilation: rest(dilation, 1),
          padding: rest(padding, 0),
          bias: takesBias,
        },
        parameters: {
          weight: combined(known(weight, "weight"), 2, factors, `winograd_${taps}_${product}`),
          ...(takesBias ? { bias } : {}),
        },
        part: `product${product}`,
      });
    });
  }

  private done(node: Node, taps: number): void {
    const text = `${resultsAtATime(taps)} results along the first axis by ${products} products instead of ${taps * resultsAtATime(taps)}`;
    this.remarks.push({ kind: "done", node: node.name, text });
  }

  private declined(node: Node, text: string): undefined {
    this.remarks.push({ kind: "declined", node: node.name, text });
  }
}

/** Whether a sum and what it adds have the same axes in the same order, so that their products can be added one by one. */
function areAligned({ inputs, type }: Node): boolean {
  return inputs.every((input) => `${axisNames(input.type)}` === `${axisNames(type)}`);
}

function firstAxis(node: Node): string {
  return known(axisNames(node.type)[2], "axis");
}

/** Multiplications that are spared, for each position of the result. */
function saves({ taps, convolutions }: Sum): number {
  const spared = taps - products / resultsAtATime(taps);
  return convolutions.reduce((total, { parameters }) => {
    const [out = 0, channels = 0, , columns = 0] = known(parameters.weight, "weight").shape;
    return total + out * channels * columns * spared;
  }, 0);
}

/** What the form takes for each position, as multiplications. */
function costs({ taps, convolutions }: Sum): number {
  const shapes = convolutions.map(({ parameters }) => known(parameters.weight, "weight").shape);
  const channels = shapes.reduce((total, [, own = 0]) => total + own, known(shapes[0]?.[0], "channels"));
  return (movingCost * channels * resultsAtATime(3)) / resultsAtATime(taps);
}
