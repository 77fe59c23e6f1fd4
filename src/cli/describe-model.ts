import onnxProto from "onnx-proto";
import { brokenModel } from "../compiler/diagnostics/catalogue/cli.js";
import { fail, SlabFailure } from "../compiler/diagnostics/diagnostic.js";
import { MANIFEST_KEY, type Manifest, readManifest } from "../runtime/manifest.js";
import { readFileBytes } from "../runtime/volume/files.js";
import { describePipeline } from "./describe-pipeline.js";
import { counted, formatBytes, formatCount, printable, table } from "./text.js";

const { ModelProto, TensorProto } = onnxProto.onnx;

type Model = InstanceType<typeof ModelProto>;
type ValueInfo = onnxProto.onnx.IValueInfoProto;
type Weight = onnxProto.onnx.ITensorProto;

/**
 * An ONNX model for people: its producer, inputs, outputs, weights and operations by count; on request every weight and
 * every node. Needs no ONNX Runtime. Fails with SLAB5001 to SLAB5004, or SLAB6016 where the file is no ONNX model.
 */
export function describeModel(
  path: string,
  lists: { readonly parameters?: boolean; readonly nodes?: boolean },
): string {
  const bytes = readFileBytes(path);
  const model = decode(bytes, path);
  const graph = model.graph ?? {};
  const weights = graph.initializer ?? [];
  const weightNames = new Set(weights.map(({ name }) => name));
  // Before IR version 4 a graph lists its weights among its inputs.
  const inputs = (graph.input ?? []).filter(({ name }) => !weightNames.has(name));
  const isConstant = ({ name }: Weight) => (name ?? "").startsWith("constant/");
  const manifest = manifestOf(model, bytes, path);
  const parameters = manifest ? weights.filter((weight) => !isConstant(weight)) : weights;
  const values = parameters.reduce((sum, { dims }) => sum + elements(dims), 0);
  const nodes = graph.node ?? [];
  const rows = [
    ["file", `${path}, ${formatBytes(bytes.length)}`],
    ["made by", producer(model)],
    ["ONNX", `opset ${opsets(model)}, IR version ${model.irVersion}`],
    ...describeManifest(manifest),
    ...inputs.map((value) => ["input", showPort(value, manifest)]),
    ...(graph.output ?? []).map((value) => ["output", showPort(value, manifest)]),
    [
      "weights",
      `${formatCount(values)} values in ${counted(parameters.length, "tensor")}${external(weights)}`,
    ],
  ];
  const sections = [table(rows), `ONNX nodes: ${formatCount(nodes.length)}\n${countTable(nodes)}`];
  if (lists.parameters) {
    const lines = parameters.map(({ name, dims, dataType }) => [
      printable(name ?? ""),
      (dims ?? []).join("x"),
      typeName(dataType),
    ]);
    sections.push(`weights:\n${table(lines)}`);
  }
  if (lists.nodes) {
    const known = new Map(
      [...(graph.valueInfo ?? []), ...(graph.output ?? [])].map((value) => [value.name, value]),
    );
    const lines = nodes.map(({ name, opType, output }) => {
      const value = known.get(output?.[0] ?? "");
      return [printable(name || (output?.[0] ?? "")), printable(opType ?? ""), value ? showShape(value) : ""];
    });
    sections.push(`ONNX nodes in order:\n${table(lines)}`);
  }
  return sections.join("\n\n");
}

function decode(bytes: Uint8Array, path: string): Model {
  try {
    const model = ModelProto.decode(bytes);
    if (model.graph) return model;
  } catch {
    // The decoder's words ("index out of range") say nothing to a user; the diagnostic below does.
  }
  return fail(
    brokenModel,
    { reason: `${formatBytes(bytes.length)} of something else, or cut short` },
    { path },
  );
}

/** The manifest of a model that Slab made. A damaged one is a diagnostic for `slab run`; here it is only not shown. */
function manifestOf(model: Model, bytes: Uint8Array, path: string): Manifest | undefined {
  if (!model.metadataProps.some(({ key }) => key === MANIFEST_KEY)) return undefined;
  try {
    return readManifest(bytes, path);
  } catch (failure) {
    if (failure instanceof SlabFailure) return undefined;
    throw failure;
  }
}

function describeManifest(manifest: Manifest | undefined): string[][] {
  if (!manifest) return [["origin", "not from Slab, or its manifest is damaged: slab run can't use it"]];
  const settings = Object.entries(manifest.arguments).map(
    ([name, value]) => `${name} = ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const rows = [
    ["network", `${printable(manifest.network)}, compiled by Slab ${printable(manifest.compiler)}`],
  ];
  if (settings.length > 0) rows.push(["settings", printable(settings.join(", "))]);
  const { pipeline } = manifest;
  if (pipeline) rows.push(["pipeline", `${printable(pipeline.name)}: ${describePipeline(pipeline)}`]);
  const names = pipeline?.labels.map(({ name }, label) => `${label} ${name}`) ?? [];
  if (names.length > 0) rows.push(["labels", printable(names.join(", "))]);
  return rows;
}

function producer({ producerName, producerVersion }: Model): string {
  return printable(`${producerName ?? ""} ${producerVersion ?? ""}`.trim() || "an unnamed program");
}

function opsets({ opsetImport }: Model): string {
  return opsetImport
    .map(({ domain, version }) => (domain ? `${printable(domain)} ${version}` : String(version)))
    .join(", ");
}

function external(weights: readonly Weight[]): string {
  const { EXTERNAL } = TensorProto.DataLocation;
  const first = weights.find(({ dataLocation }) => dataLocation === EXTERNAL);
  if (!first) return "";
  const location = first.externalData?.find(({ key }) => key === "location")?.value ?? "";
  return `, in ${printable(location)} beside the model`;
}

function elements(dims: Weight["dims"]): number {
  return (dims ?? []).reduce<number>((product, size) => product * Number(size), 1);
}

function typeName(type: number | null | undefined): string {
  const name: string | undefined = TensorProto.DataType[type ?? 0];
  return name?.toLowerCase() ?? `type ${type}`;
}

function showPort(value: ValueInfo, manifest: Manifest | undefined): string {
  const port = [...(manifest?.inputs ?? []), ...(manifest?.outputs ?? [])].find(
    ({ name }) => name === value.name,
  );
  const { elemType } = value.type?.tensorType ?? {};
  const element = port?.classes === undefined ? "float" : typeName(elemType);
  const classes = port?.classes === undefined ? "" : `, classes: ${formatCount(port.classes)}`;
  const type = port
    ? `${element}[${port.axes.map((axis, index) => `${axis}: ${port.shape[index]}`).join(", ")}]${classes}`
    : showShape(value);
  return printable(`${value.name} ${type}`);
}

function showShape({ type }: ValueInfo): string {
  const tensor = type?.tensorType;
  if (!tensor) return "(no tensor)";
  const sizes = (tensor.shape?.dim ?? []).map(
    ({ dimParam, dimValue }) => dimParam || String(dimValue ?? "?"),
  );
  return printable(`${typeName(tensor.elemType)}[${sizes.join(", ")}]`);
}

function countTable(nodes: readonly onnxProto.onnx.INodeProto[]): string {
  const counts = new Map<string, number>();
  for (const { opType } of nodes) counts.set(opType ?? "", (counts.get(opType ?? "") ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return table(
    sorted.map(([name, count]) => [`  ${printable(name)}`, formatCount(count)]),
    [1],
  );
}
