import { isAbsolute, normalize } from "node:path";
import onnxProto from "onnx-proto";
import {
  manifestInvalid,
  manifestNewer,
  notFromSlab,
  notOnnx,
  portMissing,
  portType,
  severalInputs,
  weightsOutside,
} from "../compiler/diagnostics/catalogue/models.js";
import { pipelineLabels, pipelineTile } from "../compiler/diagnostics/catalogue/preparation.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import { labelMapType, mostLabelClasses } from "../compiler/support/label-map.js";
import { type Pipeline, pipelineKey } from "../compiler/support/pipeline.js";
import { product } from "../compiler/support/product.js";
import { scoresOf } from "../compiler/support/scores.js";
import { parsePipeline } from "./pipeline.js";
import { readFileBytes } from "./volume/files.js";

/** The key of ONNX's `metadata_props` that holds the manifest. */
export const MANIFEST_KEY = "slab.manifest";
const FORMAT = 1;
const MAXIMUM_MANIFEST_CHARACTERS = 1 << 20;
const MAXIMUM_PORTS = 1024;
const MAXIMUM_RANK = 8;
/** Elements of one tensor: as many as a typed array may hold. */
const MAXIMUM_ELEMENTS = 2 ** 32;

/** An input or output of a compiled network. */
export interface Port {
  readonly name: string;
  /** The name of each axis, as in the network. */
  readonly axes: readonly string[];
  /** The size of each axis. */
  readonly shape: readonly number[];
  /** Of labels, made by the model itself: how many classes there are. Else it is of 32-bit floats. */
  readonly classes?: number;
}

/** What `slab compile` writes about a network into its ONNX file. */
export interface Manifest {
  readonly format: 1;
  readonly compiler: string;
  readonly network: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Exactly one: the volume. */
  readonly inputs: readonly [Port];
  /** At least one; `scoresOf` says which holds the scores. */
  readonly outputs: readonly [Port, ...Port[]];
  /** Whether the scores are probabilities. */
  readonly probabilities: boolean;
  /** What surrounds the network, where it was compiled with a pipeline. */
  readonly pipeline?: Pipeline;
}

type Model = onnxProto.onnx.ModelProto;
type ValueInfo = onnxProto.onnx.IValueInfoProto;

/**
 * The manifest of an ONNX file that Slab compiled, checked against the file's own inputs and outputs.
 *
 * Weights may lie in the file or beside it. Fails with a diagnostic for bytes that are no ONNX model, a model without a
 * manifest, a damaged or newer manifest, several inputs, and inputs or outputs that aren't float32.
 */
export function readManifest(onnxBytes: Uint8Array, path: string): Manifest {
  const model = decode(onnxBytes, path);
  const entry = model.metadataProps.find(({ key }) => key === MANIFEST_KEY);
  if (!entry) fail(notFromSlab, { producer: printable(model.producerName ?? "") }, { path });
  const manifest = parseManifest(entry.value ?? "", path);
  const graph = model.graph;
  // Before IR version 4 a graph lists its weights among its inputs.
  const weights = new Set((graph?.initializer ?? []).map(({ name }) => name));
  const inputs = (graph?.input ?? []).filter(({ name }) => !weights.has(name));
  if (inputs.length !== 1) {
    fail(severalInputs, { names: inputs.map(({ name }) => printable(name ?? "")) }, { path });
  }
  checkPorts(manifest.inputs, inputs, "input", path);
  checkPorts(manifest.outputs, graph?.output ?? [], "output", path);
  const carried = model.metadataProps.find(({ key }) => key === pipelineKey);
  const pipeline = carried ? readPipeline(carried.value ?? "", manifest, path) : undefined;
  return { ...manifest, ...(pipeline ? { pipeline } : {}) };
}

/**
 * Reads an ONNX file and its manifest. `bytes` may be given to `openModel`, but a model with weights beside it has to
 * be opened by path. Fails with a diagnostic where the file can't be read, else as `readManifest`.
 */
export function readModelFile(path: string): {
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
  /** The files beside it that hold its weights, by their names. */
  readonly dataFiles: readonly string[];
} {
  const bytes = readFileBytes(path);
  const manifest = readManifest(bytes, path);
  const tensors = decode(bytes, path).graph?.initializer ?? [];
  const entries = tensors.flatMap(({ externalData }) => externalData ?? []);
  const places = entries.filter(({ key }) => key === "location").map(({ value }) => value ?? "");
  const outside = places.find((place) => isAbsolute(place) || /^\.\.($|[/\\])/.test(normalize(place)));
  if (outside !== undefined) fail(weightsOutside, { location: printable(outside) }, { path });
  return { bytes, manifest, dataFiles: [...new Set(places)] };
}

/** The pipeline that a model carries, which has to fit the model. */
function readPipeline(text: string, manifest: Manifest, path: string): Pipeline {
  const pipeline = parsePipeline(text, path);
  const found = pipeline.tile.join("x");
  const tile = manifest.inputs[0].shape.slice(2).join("x");
  if (found !== tile) fail(pipelineTile, { found, model: tile }, { path });
  const scores = scoresOf(manifest.outputs);
  const classes = Math.max(2, scores.classes ?? scores.shape[1] ?? 0);
  const labels = pipeline.labels.length;
  if (labels > 0 && labels !== classes) fail(pipelineLabels, { labels, classes }, { path });
  return pipeline;
}

function decode(bytes: Uint8Array, path: string): Model {
  if (bytes.length === 0) fail(notOnnx, { reason: "an empty file" }, { path });
  let model: Model | undefined;
  try {
    model = onnxProto.onnx.ModelProto.decode(bytes);
  } catch {
    // The decoder's own words ("index out of range") say nothing to a user; the diagnostic below does.
  }
  if (!model?.graph)
    fail(notOnnx, { reason: `${bytes.length} bytes of something else, or cut short` }, { path });
  return model;
}

function checkPorts(
  ports: readonly Port[],
  values: readonly ValueInfo[],
  role: "input" | "output",
  path: string,
): void {
  for (const { name, classes } of ports) {
    const value = values.find((candidate) => candidate.name === name);
    if (!value) {
      const names = values.map((candidate) => printable(candidate.name ?? ""));
      fail(portMissing, { name, role, names }, { path });
    }
    const { DataType } = onnxProto.onnx.TensorProto;
    const type = value.type?.tensorType?.elemType ?? DataType.UNDEFINED;
    const label = classes === undefined ? undefined : labelMapType(classes).bytes;
    const expected = label === undefined ? DataType.FLOAT : label === 1 ? DataType.UINT8 : DataType.UINT16;
    if (type !== expected) {
      fail(portType, { name, type: typeName(type), expected: typeName(expected) }, { path });
    }
  }
}

function typeName(type: number): string {
  return (onnxProto.onnx.TensorProto.DataType[type] ?? `type ${type}`).toLowerCase();
}

function parseManifest(text: string, path: string): Manifest {
  const wrong = (found: string, expected: string): never =>
    fail(manifestInvalid, { found, expected }, { path });
  if (text.length > MAXIMUM_MANIFEST_CHARACTERS) {
    return wrong(`${text.length} characters`, `at most ${MAXIMUM_MANIFEST_CHARACTERS}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return wrong(`text that is not JSON: ${excerpt(text)}`, "a JSON object");
  }
  if (!isRecord(value)) return wrong(excerpt(text), "a JSON object");
  const { format, compiler, network } = value;
  if (typeof format !== "number" || !Number.isInteger(format) || format < 1) {
    return wrong(`format: ${show(format)}`, `format: ${FORMAT}`);
  }
  if (format > FORMAT) {
    const version = typeof compiler === "string" ? printable(compiler) : "";
    fail(manifestNewer, { format, compiler: version, known: FORMAT }, { path });
  }
  if (typeof compiler !== "string") return wrong(`compiler: ${show(compiler)}`, "a version");
  if (typeof network !== "string") return wrong(`network: ${show(network)}`, "a name");
  if (!isRecord(value.arguments)) return wrong(`arguments: ${show(value.arguments)}`, "an object");
  const { probabilities } = value;
  if (typeof probabilities !== "boolean")
    return wrong(`probabilities: ${show(probabilities)}`, "true or false");
  const inputs = parsePorts(value.inputs, "inputs", wrong);
  const outputs = parsePorts(value.outputs, "outputs", wrong);
  const [input] = inputs;
  const [output, ...others] = outputs;
  if (!input || inputs.length !== 1)
    return fail(severalInputs, { names: inputs.map(({ name }) => name) }, { path });
  if (!output) return wrong("outputs: []", "at least one output");
  return {
    format: FORMAT,
    compiler,
    network,
    arguments: value.arguments,
    inputs: [input],
    outputs: [output, ...others],
    probabilities,
  };
}

function parsePorts(value: unknown, role: string, wrong: (found: string, expected: string) => never): Port[] {
  if (!Array.isArray(value) || value.length > MAXIMUM_PORTS) {
    return wrong(`${role}: ${show(value)}`, `a list of at most ${MAXIMUM_PORTS}`);
  }
  return value.map((port: unknown, index) => {
    const at = `${role}[${index}]`;
    if (!isRecord(port)) return wrong(`${at}: ${show(port)}`, "an object");
    const { name, axes, shape } = port;
    if (typeof name !== "string" || name === "") return wrong(`${at}.name: ${show(name)}`, "a name");
    if (!isListOf(axes, (axis) => typeof axis === "string"))
      return wrong(`${at}.axes: ${show(axes)}`, "a list of names");
    if (!isListOf(shape, isSize))
      return wrong(`${at}.shape: ${show(shape)}`, "a list of sizes, whole and positive");
    if (axes.length !== shape.length || shape.length > MAXIMUM_RANK) {
      return wrong(
        `${at}: ${axes.length} axes, ${shape.length} sizes`,
        `a size per axis, at most ${MAXIMUM_RANK}`,
      );
    }
    const elements = product(shape as number[]);
    if (elements > MAXIMUM_ELEMENTS)
      return wrong(`${at}: ${elements} elements`, `at most ${MAXIMUM_ELEMENTS}`);
    const { classes } = port;
    if (classes !== undefined && !(isSize(classes) && (classes as number) <= mostLabelClasses)) {
      return wrong(`${at}.classes: ${show(classes)}`, `a whole number from 1 to ${mostLabelClasses}`);
    }
    const labels = classes === undefined ? {} : { classes: classes as number };
    return { name, axes: axes as string[], shape: shape as number[], ...labels };
  });
}

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isListOf(value: unknown, test: (item: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(test);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : excerpt(JSON.stringify(value));
}

function excerpt(text: string): string {
  const short = printable(text);
  return short.length > 60 ? `${short.slice(0, 60)}…` : short;
}

/** Text from a file, safe to show on a terminal: without control characters, and not endless. */
function printable(text: string): string {
  return text.slice(0, 200).replace(/\p{Cc}/gu, "?");
}
