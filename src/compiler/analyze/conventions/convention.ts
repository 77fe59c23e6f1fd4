import type { Node } from "../../graph/graph.js";
import type { ConventionName } from "../analysis.js";

/** How another tool counts. */
export interface Convention {
  readonly name: ConventionName;
  /** The tool, and the version whose rule this is. */
  readonly tool: string;
  /** What the tool calls its number. */
  readonly unit: string;
  /** The rule in words. */
  readonly rule: string;
  /** What one node counts. */
  share(node: Node): Share;
}

/** A count as a sum of multiples of what is known of a node; what is left out is not counted. */
export interface Share {
  /** For each multiply-accumulate. */
  readonly macs?: number;
  /** For each element of its output. */
  readonly output?: number;
  /** For each element of its first input. */
  readonly input?: number;
  /** Whatever its size. */
  readonly constant?: number;
}
