import type { Graph } from "./graph/graph.js";
import { concreteShape, type TensorType } from "./graph/tensor.js";
import { type Schedule, showSchedule } from "./schedule/schedule.js";
import { known } from "./support/invariant.js";
import { type Pipeline, pipelineKey } from "./support/pipeline.js";
import { compilerVersion } from "./version.js";

/**
 * What a model says about itself in ONNX's `metadata_props`: `slab.manifest` (JSON: network, settings, compiler, schedule,
 * the axes and sizes of inputs and outputs, of labels also the number of classes, and whether scores are probabilities), which
 * the runtime reads, and `slab.source`, the text it was compiled from, and `slab.pipeline` (JSON, docs/pipeline.schema.json) where a pipeline surrounds it.
 */
export function modelMetadata(
  graph: Graph,
  source: string,
  schedule: Schedule,
  { probabilities, pipeline, labels }: ModelParts,
): Record<string, string> {
  const port = (name: string, type: TensorType): Port => ({
    name,
    axes: type.axes.map((axis) => axis.name),
    shape: known(concreteShape(type, graph.bindings), "sizes"),
  });
  const manifest = {
    format: 1,
    compiler: compilerVersion,
    network: graph.network,
    arguments: graph.settings,
    schedule: showSchedule(schedule),
    inputs: graph.inputs.map(({ name, type }) => port(name, type)),
    outputs: graph.outputs.map(({ name, value }) =>
      labels === undefined ? port(name, value.type) : labelPort(port(labels, value.type)),
    ),
    probabilities,
  };
  return {
    "slab.manifest": JSON.stringify(manifest),
    ...(pipeline ? { [pipelineKey]: JSON.stringify(pipeline) } : {}),
    "slab.source": source,
  };
}

/** What a model has besides its network. */
export interface ModelParts {
  readonly probabilities: boolean;
  readonly pipeline?: Pipeline;
  /** What labels are called, where it gives those. */
  readonly labels?: string;
}

interface Port {
  readonly name: string;
  readonly axes: readonly string[];
  readonly shape: readonly number[];
}

/** What stands for scores where a model gives labels: the same without the axis c, and how many classes that had. */
function labelPort({ name, axes, shape }: Port) {
  const classes = known(shape[axes.indexOf("c")], "an axis c");
  const rest = <T>(values: readonly T[]) => values.filter((_, index) => axes[index] !== "c");
  return { name, axes: rest(axes), shape: rest(shape), classes };
}
