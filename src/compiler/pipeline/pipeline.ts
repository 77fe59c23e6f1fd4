import * as messages from "../diagnostics/catalogue/pipelines.js";
import { type Diagnostic, diagnose, fail, SlabFailure } from "../diagnostics/diagnostic.js";
import type { ModuleScope } from "../elaborate/modules.js";
import type { Graph } from "../graph/graph.js";
import { concreteShape, showType } from "../graph/tensor.js";
import type { Pipeline } from "../support/pipeline.js";
import { scoresOf } from "../support/scores.js";
import { positionOf } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type { Argument, NetworkDeclaration, PipelineDeclaration } from "../syntax/ast.js";
import { type Properties, readProperties } from "./properties.js";
import { PipelineValues } from "./values.js";

/** A pipeline that is read, and right as far as that can be seen without its network's graph. */
export interface ReadPipeline {
  readonly declaration: PipelineDeclaration;
  readonly scope: ModuleScope;
  readonly settings: readonly Argument[];
  readonly properties: Properties;
}

/** Reads a pipeline's settings and properties. Fails with every mistake in them. */
export function readPipeline(
  declaration: PipelineDeclaration,
  scope: ModuleScope,
  network: NetworkDeclaration,
): ReadPipeline {
  const axes = spatialAxes(declaration, network);
  const values = new PipelineValues(network, scope);
  const { properties, diagnostics } = readProperties(declaration, axes, values);
  const mistakes = [...checkSettings(declaration, network), ...diagnostics];
  if (mistakes.length > 0) throw new SlabFailure(mistakes);
  return { declaration, scope, settings: declaration.settings, properties };
}

/** The axes other than the first two of the network's only input, which must be a volume. */
function spatialAxes({ network: name }: PipelineDeclaration, network: NetworkDeclaration): readonly string[] {
  const inputs = network.body.filter((statement) => statement.kind === "input");
  const [input] = inputs;
  const axes = input?.axes.map((axis) => axis.name.text) ?? [];
  if (inputs.length === 1 && axes.length === 5) return axes.slice(2);
  const shown = inputs.map(
    (each) => `${each.name.text}: float[${each.axes.map((axis) => axis.name.text).join(", ")}]`,
  );
  const found = shown.length === 0 ? "no input" : shown.join(" and ");
  const expected = "one input, a volume: float[n, c: 1, x, y, z]";
  return fail(messages.notForVolumes, { network: network.name.text, found, expected }, { span: name.span });
}

function checkSettings(
  { settings }: PipelineDeclaration,
  { name, parameters }: NetworkDeclaration,
): Diagnostic[] {
  const known = parameters.map((parameter) => parameter.name.text);
  const network = name.text;
  const seen = new Map<string, number>();
  return settings.flatMap((argument) => {
    if (!argument.name) {
      const example = `${network}(${known[0] ?? "classes"}: …)`;
      return [diagnose(messages.settingWithoutName, { network, example }, { span: argument.value.span })];
    }
    const { text, span } = argument.name;
    const firstLine = seen.get(text);
    if (firstLine !== undefined)
      return [diagnose(messages.propertyTwice, { name: text, firstLine }, { span })];
    seen.set(text, positionOf(span.file, span.start).line);
    if (known.includes(text)) return [];
    const [suggestion] = suggestions(text, known);
    const args = { name: text, network, settings: known, ...(suggestion ? { suggestion } : {}) };
    return [diagnose(messages.settingOfPipeline, args, { span })];
  });
}

/**
 * The pipeline as it travels, checked against its network's graph: the sizes must be known. Fails with SLAB2336 where
 * the labels are not its classes, and SLAB2340 where it does not score the voxels of a volume.
 */
export function completePipeline({ declaration, properties }: ReadPipeline, graph: Graph): Pipeline {
  const { tile, classes, output } = checkShapes(declaration, graph);
  const { labels } = properties;
  if (labels && labels.list.length !== classes) {
    const setting = Object.keys(graph.settings).find((name) => graph.settings[name] === String(classes));
    const args = { network: graph.network, classes, output, labels: labels.list.length, setting };
    fail(messages.labelCount, args, { span: labels.span });
  }
  const { orientation, spacing, intensity, modality } = properties;
  return {
    format: 1,
    name: declaration.name.text,
    documentation: declaration.documentation,
    modality: modality ?? "other",
    ...(orientation === undefined ? {} : { orientation }),
    ...(spacing === undefined ? {} : { spacing }),
    interpolation: properties.interpolation ?? "linear",
    intensity: intensity ?? { kind: "none" },
    padding: properties.padding ?? { kind: "minimum" },
    tile,
    overlap: properties.overlap ?? 0.5,
    blending: properties.blending ?? "gaussian",
    mirroring: properties.mirroring ?? [],
    restoring: properties.restoring ?? "labels",
    labels: labels?.list ?? [],
  };
}

type Triple = readonly [number, number, number];

function checkShapes(
  { network: { span } }: PipelineDeclaration,
  { network, inputs, outputs, bindings }: Graph,
): { readonly tile: Triple; readonly classes: number; readonly output: string } {
  const refuse = (found: string, expected: string) =>
    fail(messages.notForVolumes, { network, found, expected }, { span });
  const [input] = inputs;
  const scores = scoresOf(outputs);
  const shape = (input && concreteShape(input.type, bindings)) ?? [];
  const [batch, channels, ...tile] = shape;
  const shown = (name: string, type: Parameters<typeof showType>[0]) =>
    `${name}: ${showType(type, bindings)}`;
  if (input && (batch !== 1 || channels !== 1 || tile.length !== 3)) {
    return refuse(shown(input.name, input.type), "a batch of one, one channel and three spatial axes");
  }
  const scored = (scores && concreteShape(scores.value.type, bindings)) ?? [];
  const [, classes = 0, ...spatial] = scored;
  const output = scores ? shown(scores.name, scores.value.type) : "no output";
  if (classes < 1 || spatial.join() !== tile.join()) {
    return refuse(output, `a score for each class and each voxel of ${tile.join("x")}`);
  }
  return { tile: tile as unknown as Triple, classes: Math.max(2, classes), output };
}

/** Properties that are written and change nothing. */
export function idleProperties({ declaration, properties }: ReadPipeline): Diagnostic[] {
  const spanOf = (name: string) =>
    declaration.properties.find((property) => property.name.text === name)?.span;
  const warn = (property: string, because: string, help: string) => {
    const span = spanOf(property);
    return span ? [diagnose(messages.withoutEffect, { property, because, help }, { span })] : [];
  };
  if (properties.spacing) return [];
  const because = "without a spacing nothing is resampled";
  const help = "write spacing: (1.5, 1.5, 2.0) mm, or leave it out";
  return [
    ...warn("interpolation", because, help),
    ...(properties.restoring === "probabilities" ? warn("restoring", because, help) : []),
  ];
}

/** A failure to build the network with the pipeline's tile as what it is: a mistake in that line. */
export function impossibleTile({ declaration, properties }: ReadPipeline, failure: SlabFailure): SlabFailure {
  const [first] = failure.diagnostics;
  const { tile } = properties;
  if (!first || !tile) return failure;
  const place = first.place && "span" in first.place ? first.place.span : undefined;
  const line = place && place.file === tile.span.file ? positionOf(place.file, place.start).line : undefined;
  const args = {
    network: declaration.network.text,
    tile: tile.sizes.join("x"),
    reason: first.title,
    line,
    help: first.help.slice(-1),
  };
  return new SlabFailure([diagnose(messages.impossibleTile, args, { span: tile.span })]);
}
