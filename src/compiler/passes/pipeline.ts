import type { Graph } from "../graph/graph.js";
import type { Schedule } from "../schedule/schedule.js";
import { alignViews } from "./align-views.js";
import { batchNorms } from "./batch-norms.js";
import { biases } from "./biases.js";
import { bindSizes } from "./bind-sizes.js";
import { combineViews } from "./combine-views.js";
import { common } from "./common.js";
import { foldSlices } from "./fold/fold-slices.js";
import { limitRows } from "./limit-rows.js";
import { norms } from "./norms.js";
import { orderOperations } from "./order/order-operations.js";
import type { Pass, Remark } from "./pass.js";
import { sampling } from "./sampling.js";
import { shifts } from "./shifts.js";
import { splitConcats } from "./split-concats.js";
import { splitGroups } from "./split-groups.js";
import { stackBranches } from "./stack/stack-branches.js";
import { products, upsampling } from "./upsampling.js";
import { winograd } from "./winograd.js";

const views: Pass = {
  name: "views",
  documentation: "Makes every chain of views at most a Reshape, a Transpose and a Reshape.",
  isWanted: () => true,
  run: (graph) => ({ graph: combineViews(graph), remarks: [] }),
};

/** Every pass, in the order in which they run. */
export const passes: readonly Pass[] = [
  stackBranches,
  batchNorms,
  biases,
  splitGroups,
  upsampling,
  splitConcats,
  norms,
  alignViews,
  foldSlices,
  products,
  shifts,
  winograd,
  sampling,
  limitRows,
  common,
  views,
  orderOperations,
];

/** What a pass made of a graph. */
export interface PassReport {
  readonly pass: Pass;
  readonly remarks: readonly Remark[];
  readonly graph: Graph;
}

/** A graph as a schedule computes it, and what each pass did on the way. All sizes must be bound. */
export function scheduleGraph(
  graph: Graph,
  schedule: Schedule,
): { readonly graph: Graph; readonly reports: readonly PassReport[] } {
  let current = bindSizes(graph);
  const reports: PassReport[] = [];
  for (const pass of passes) {
    if (!pass.isWanted(schedule)) continue;
    const result = pass.run(current, schedule);
    current = result.graph;
    reports.push({ pass, ...result });
  }
  return { graph: current, reports };
}
