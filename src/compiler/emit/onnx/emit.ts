import onnxProto from "onnx-proto";
import type { Graph } from "../../graph/graph.js";
import { axisIndex, type TensorType } from "../../graph/tensor.js";
import { invariant, known } from "../../support/invariant.js";
import { concrete, type LoweredGraph, lowerNodes } from "./builder.js";
import { halfBytes } from "./half.js";
import { labelNodes } from "./label-map.js";
import { type MixedGraph, mixPrecision, type Precision } from "./precision.js";
import { floatsOf } from "./tensors.js";
import {
  type ExternalData,
  externalWeights,
  inlineWeights,
  type StoredWeight,
  type Weights,
  weightBytes,
} from "./weights.js";

const { ModelProto, TensorProto } = onnxProto.onnx;
const { FLOAT, FLOAT16 } = TensorProto.DataType;

const opset = 20;
const irVersion = 10;
/** A protobuf message must be under 2 GiB; 64 MiB are left for everything but weights. */
const largestInlineWeights = 2 ** 31 - 1 - 2 ** 26;

export interface EmitOptions {
  /** The compiler's version. */
  readonly producerVersion: string;
  /** What is written into the model's metadata, by key. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The name that the model looks for its external data under, beside itself. Needed over the threshold only. */
  readonly externalDataName?: string;
  /** Weights of more bytes than this go to an external data file. By default what a protobuf message can hold. */
  readonly externalDataThreshold?: number;
  /** What it computes in; with float16, norms and sums are still float32, as are inputs and outputs. */
  readonly precision?: Precision;
  /** Gives labels instead of the scores, which are the only output and have an axis `c`. */
  readonly labels?: LabelOutput;
}

/** Labels as an output: its name, and the score above which a single class is there. */
export interface LabelOutput {
  readonly name: string;
  readonly threshold: number;
}

/** An ONNX file, and the file of its weights where those do not fit in. */
export interface EmittedModel {
  readonly model: Uint8Array;
  readonly externalData?: ExternalData;
}

/**
 * Encodes a graph as an ONNX model (opset 20, IR version 10). All sizes must be bound. Inputs and outputs keep
 * their names, nodes the names of the graph's nodes (`/hint` after it where there are several), weights their paths.
 */
export function emitOnnx(whole: Graph, weights: Weights, options: EmitOptions): EmittedModel {
  const graph = { ...whole, parameters: whole.parameters.filter(({ unused }) => !unused) };
  const lowered = lowerNodes(graph, options.labels === undefined ? [] : [options.labels.name]);
  const mixed = options.precision === "float16" ? mixed16(graph, lowered) : undefined;
  const nodes = nameOutputs(graph, lowered, mixed);
  const threshold = options.externalDataThreshold ?? largestInlineWeights;
  const stored = storedWeights(graph, mixed);
  const external =
    weightBytes(stored) > threshold
      ? externalWeights(stored, weights, known(options.externalDataName, "external data file name"))
      : undefined;
  const initializers = external?.tensors ?? inlineWeights(stored, weights);

  const labels = options.labels === undefined ? undefined : labelsOf(graph, options.labels);

  const model = ModelProto.encode({
    irVersion,
    opsetImport: [{ domain: "", version: opset }],
    producerName: "slab",
    producerVersion: options.producerVersion,
    docString: graph.documentation,
    metadataProps: Object.entries(options.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: graph.network,
      docString: graph.documentation,
      node: [...nodes.list, ...(labels?.nodes ?? [])],
      initializer: [...initializers, ...storedConstants(lowered, mixed), ...(labels?.constants ?? [])],
      input: graph.inputs.map(({ name, type }) => valueInfo(name, type, graph)),
      output: labels
        ? [labels.output]
        : graph.outputs.map(({ name, value }) => valueInfo(name, value.type, graph)),
      valueInfo: intermediateValues(graph, lowered, nodes.renamed, mixed),
    },
  }).finish();
  return external ? { model, externalData: external.data } : { model };
}

/** What makes labels of the only output, and the output that they are. */
function labelsOf(graph: Graph, { name, threshold }: LabelOutput) {
  const [scores, ...others] = graph.outputs;
  invariant(scores !== undefined && others.length === 0, "labels are made of one output");
  const { type } = scores.value;
  const axis = axisIndex(type, "c");
  const classes = known(concrete(type, graph)[axis], "an axis c");
  const made = labelNodes({ value: scores.name, axis, classes, threshold }, name);
  const voxels = { axes: type.axes.filter((_, index) => index !== axis) };
  return { ...made, output: valueInfo(name, voxels, graph, made.elementType) };
}

function mixed16(graph: Graph, lowered: LoweredGraph): MixedGraph {
  const inputs = graph.inputs.map(({ name }) => name);
  const outputs = graph.outputs.map(({ name, value }) => known(lowered.names.get(value), name));
  const weights = graph.parameters.map(({ path }) => path);
  return mixPrecision(lowered, inputs, weights, outputs);
}

/** Each weight in the precisions in which it is needed. */
function storedWeights(graph: Graph, mixed: MixedGraph | undefined): readonly StoredWeight[] {
  return graph.parameters.flatMap((parameter) => {
    const precisions: Iterable<Precision> = mixed?.stored.get(parameter.path) ?? ["float32"];
    return [...precisions].map((precision) => {
      return { name: mixed?.nameIn(parameter.path, precision) ?? parameter.path, parameter, precision };
    });
  });
}

function storedConstants(
  { constants }: LoweredGraph,
  mixed: MixedGraph | undefined,
): readonly onnxProto.onnx.ITensorProto[] {
  if (!mixed) return constants;
  return constants.flatMap((constant) => {
    const name = known(constant.name, "a constant's name");
    if (constant.dataType !== TensorProto.DataType.FLOAT) return [constant];
    return [...(mixed.stored.get(name) ?? [])].map((precision) => {
      if (precision === "float32") return constant;
      const rawData = halfBytes(floatsOf(known(constant.rawData, "a constant's values")));
      return {
        ...constant,
        name: mixed.nameIn(name, precision),
        dataType: TensorProto.DataType.FLOAT16,
        rawData,
      };
    });
  });
}

/**
 * Gives each output of the graph its name: the value that it is gets renamed, or, where that already is an input or
 * a weight or another output, copied.
 */
function nameOutputs(
  graph: Graph,
  lowered: LoweredGraph,
  mixed: MixedGraph | undefined,
): { readonly list: onnxProto.onnx.INodeProto[]; readonly renamed: ReadonlyMap<string, string> } {
  const renamed = new Map<string, string>();
  const copies: onnxProto.onnx.INodeProto[] = [];
  // Inputs and weights keep their names.
  const fixed = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.parameters.map(({ path }) => path),
  ]);
  for (const { name, value } of graph.outputs) {
    const own = known(lowered.names.get(value), `the value of output ${name}`);
    const source = mixed ? mixed.nameIn(own, "float32") : own;
    if (fixed.has(source) || renamed.has(source)) {
      copies.push({
        name: `${name}/output`,
        opType: "Identity",
        input: [renamed.get(source) ?? source],
        output: [name],
      });
    } else {
      renamed.set(source, name);
    }
  }
  const rename = (name: string) => renamed.get(name) ?? name;
  const list = (mixed ?? lowered).nodes.map((node) => ({
    ...node,
    input: node.input?.map(rename) ?? [],
    output: node.output?.map(rename) ?? [],
  }));
  return { list: [...list, ...copies], renamed };
}

/** The types of the nodes' values, for those who look into the model. */
function intermediateValues(
  graph: Graph,
  lowered: LoweredGraph,
  renamed: ReadonlyMap<string, string>,
  mixed: MixedGraph | undefined,
): onnxProto.onnx.IValueInfoProto[] {
  const named = [...graph.inputs.map(({ name }) => name), ...graph.parameters.map(({ path }) => path)];
  const described = new Set([...named, ...renamed.keys()]);
  const infos: onnxProto.onnx.IValueInfoProto[] = [];
  for (const node of graph.nodes) {
    const name = known(lowered.names.get(node), node.name);
    if (described.has(name)) continue;
    described.add(name);
    const isHalf = mixed?.precisionOf(name) === "float16";
    infos.push(valueInfo(name, node.type, graph, isHalf ? FLOAT16 : FLOAT));
  }
  return infos;
}

function valueInfo(
  name: string,
  type: TensorType,
  graph: Graph,
  elementType: number = FLOAT,
): onnxProto.onnx.IValueInfoProto {
  const shape = concrete(type, graph);
  invariant(
    shape.every((size) => size >= 0),
    `${name} has a negative size`,
  );
  return {
    name,
    type: {
      tensorType: {
        elemType: elementType,
        shape: { dim: shape.map((dimValue) => ({ dimValue })) },
      },
    },
  };
}
