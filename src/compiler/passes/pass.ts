import type { Graph } from "../graph/graph.js";
import type { Schedule } from "../schedule/schedule.js";

/** What a pass did to a node, or did not do and why. */
export interface Remark {
  readonly kind: "done" | "declined";
  /** The node of the graph before the pass. */
  readonly node: string;
  /** What happened or what stood in the way, in a few words; the same words for the same case. */
  readonly text: string;
}

export interface PassResult {
  readonly graph: Graph;
  readonly remarks: readonly Remark[];
}

/** Makes a graph into one that computes the same. All sizes are bound. */
export interface Pass {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly documentation: string;
  /** Whether a schedule asks for it. */
  isWanted(schedule: Schedule): boolean;
  run(graph: Graph, schedule: Schedule): PassResult;
}
