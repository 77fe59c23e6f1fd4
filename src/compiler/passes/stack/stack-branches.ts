import type { Graph, Node, Value } from "../../graph/graph.js";
import { constantSize } from "../../graph/size.js";
import { findAxis } from "../../graph/tensor.js";
import { concat } from "../../ops/concat.js";
import { slice } from "../../ops/slice.js";
import { known } from "../../support/invariant.js";
import type { Pass, PassResult, Remark } from "../pass.js";
import { Rewriter, sizeOf } from "../rewriter.js";
import { inputsAt, isShared, type Tuple } from "./branches.js";
import { findStacks, isStack, type Stack, type Stacks } from "./find-stacks.js";
import { orderUnits } from "./order.js";

/** `views=stacked`: branches that share their weights, such as a volume's views, are computed as one batch. */
export const stackBranches: Pass = {
  name: "stacks",
  documentation: "Computes branches that share their weights, such as views, as one batch.",
  isWanted: ({ views }) => views === "stacked",
  run: (graph) => {
    const { stacks, remarks } = findStacks(graph);
    return new Stacking(graph, stacks, remarks).run();
  },
};

class Stacking {
  private readonly rewriter: Rewriter;
  private readonly batches = new Map<Stack, Node>();
  private readonly joined = new Map<string, Value>();
  private readonly apart = new Map<Node, Value>();
  private readonly remarks: Remark[];

  constructor(
    private readonly graph: Graph,
    private readonly stacks: Stacks,
    declined: readonly Remark[],
  ) {
    this.rewriter = new Rewriter(graph);
    this.remarks = [...declined];
  }

  run(): PassResult {
    for (const unit of known(orderUnits(this.graph, this.stacks), "an order")) {
      const [first] = unit as readonly [Node];
      if (this.stacks.has(first)) this.compute(unit);
      else
        this.rewriter.keep(
          first,
          first.inputs.map((input) => this.single(input)),
        );
    }
    for (const { value } of this.graph.outputs) {
      if (value.kind === "node") this.rewriter.replace(value, this.single(value));
    }
    return { graph: this.rewriter.finish(), remarks: this.remarks };
  }

  private compute(stack: Stack): void {
    const first = known(stack[0], "a branch");
    const { operation, attributes, parameters } = first;
    const inputs = [...first.inputs.keys()].map((index) => this.batched(inputsAt(stack, index), first));
    const node = this.rewriter.apply(first, { operation, attributes, parameters, inputs, part: "stacked" });
    this.batches.set(stack, node);
    if (Object.keys(parameters).length === 0) return;
    this.remarks.push({
      kind: "done",
      node: first.name,
      text: `its ${stack.length} applications as one batch`,
    });
  }

  /** The values of all branches, one after another along n. */
  private batched(values: Tuple, origin: Node): Value {
    const [first] = values as readonly [Value];
    // What has no batch is the same for every sample.
    if (isShared(values) && !findAxis(first.type, "n")) return this.single(first);
    if (isStack(values, this.stacks)) {
      return known(this.batches.get(known(this.stacks.get(first as Node), "a stack")), first.name);
    }
    const inputs = values.map((value) => this.single(value));
    const key = inputs.map(({ name }) => name).join("\n");
    const found = this.joined.get(key);
    if (found) return found;
    const attributes = { along: "n" };
    const result = this.rewriter.apply(origin, { operation: concat, inputs, attributes, part: "branches" });
    this.joined.set(key, result);
    return result;
  }

  /** What a value is now, by itself. */
  private single(value: Value): Value {
    const stack = value.kind === "node" ? this.stacks.get(value) : undefined;
    if (value.kind !== "node" || !stack) return this.rewriter.now(value);
    const found = this.apart.get(value);
    if (found) return found;
    const count = sizeOf(value.type, "n");
    const ranges = [
      { axis: "n", first: constantSize(stack.indexOf(value) * count), count: constantSize(count) },
    ];
    const result = this.rewriter.apply(value, {
      operation: slice,
      inputs: [known(this.batches.get(stack), value.name)],
      attributes: { ranges },
    });
    this.apart.set(value, result);
    return result;
  }
}
