import onnxProto from "onnx-proto";
import type { LoweredGraph } from "./builder.js";

const { AttributeProto, TensorProto } = onnxProto.onnx;
type OnnxNode = onnxProto.onnx.INodeProto;

export type Precision = "float32" | "float16";

/** A graph in which every value is made in one precision, and cast where the other one is needed. */
export interface MixedGraph {
  readonly nodes: readonly OnnxNode[];
  /** The precisions in which weights and float constants are needed, by name. */
  readonly stored: ReadonlyMap<string, ReadonlySet<Precision>>;
  /** The name of a value in a precision, for one that something needs. */
  nameIn(value: string, precision: Precision): string;
  /** The precision that a value was made in. */
  precisionOf(value: string): Precision;
}

/** ONNX operators that only copy elements: these come out the same when they are rounded before as when after. */
const copying = new Set([
  "Concat",
  "Expand",
  "Gather",
  "Identity",
  "Pad",
  "Reshape",
  "ScatterElements",
  "Slice",
  "Squeeze",
  "Tile",
  "Transpose",
  "Unsqueeze",
]);

/**
 * Computes in float16, except what was lowered as precise and what is calculated from weights and constants alone: these are
 * in float32 from their first node to their last. Inputs and outputs of the network stay float32.
 */
export function mixPrecision(
  lowered: LoweredGraph,
  inputs: readonly string[],
  weights: readonly string[],
  outputs: readonly string[],
): MixedGraph {
  const made = new Map<string, Precision>(inputs.map((name) => [name, "float32"]));
  const cast = new Set<string>();
  const stored = new Map<string, Set<Precision>>();
  const storable = new Set([
    ...weights,
    ...lowered.constants.flatMap(({ name, dataType }) =>
      name && dataType === TensorProto.DataType.FLOAT ? [name] : [],
    ),
  ]);
  const nodes: OnnxNode[] = [];
  const nameIn = (value: string, precision: Precision): string => {
    const first = storable.has(value) ? "float32" : made.get(value);
    return first === undefined || first === precision ? value : `${value}/${precision}`;
  };
  const need = (value: string, precision: Precision): string => {
    const name = nameIn(value, precision);
    if (storable.has(value)) {
      const found = stored.get(value) ?? new Set();
      stored.set(value, found.add(precision));
    } else if (name !== value && !cast.has(name)) {
      cast.add(name);
      nodes.push(castNode(value, name, precision));
    }
    return name;
  };
  const isFloat = (value: string) => storable.has(value) || made.has(value);
  const wide = computedInFloat32(lowered, inputs);
  for (const node of lowered.nodes) {
    const precision = wide.has(node) ? "float32" : "float16";
    const given = node.input ?? [];
    nodes.push({ ...node, input: given.map((value) => need(value, precision)) });
    // Indices that are calculated have no precision.
    if (given.some(isFloat)) for (const value of node.output ?? []) made.set(value, precision);
  }
  for (const value of outputs) need(value, "float32");
  return { nodes, stored, nameIn, precisionOf: (value) => made.get(value) ?? "float32" };
}

/**
 * The nodes whose results are float32. Of those that depend on no input, all that calculate, what they take and what is made of
 * it: runtimes compute that once, on the CPU, for which they have no float16, and positions would be rounded from 2049 on.
 */
function computedInFloat32(
  { nodes, precise }: LoweredGraph,
  inputs: readonly string[],
): ReadonlySet<OnnxNode> {
  const variable = new Set(inputs);
  const float32 = new Set<OnnxNode>();
  /** Values that depend on no input and are, or are needed, in float32. */
  const wide = new Set<string>();
  const dependsOnInput = ({ input, output }: OnnxNode) =>
    [...(input ?? []), ...(output ?? [])].some((value) => variable.has(value));
  for (const node of nodes) {
    const [taken, given] = [node.input ?? [], node.output ?? []];
    const depends = dependsOnInput(node);
    if (depends) for (const value of given) variable.add(value);
    const calculates = !copying.has(node.opType ?? "") || taken.some((value) => wide.has(value));
    if (!precise.has(node.name ?? "") && (depends || !calculates)) continue;
    float32.add(node);
    if (!depends) for (const value of given) wide.add(value);
  }
  for (const node of nodes.toReversed()) {
    if (!dependsOnInput(node) && node.output?.some((value) => wide.has(value))) float32.add(node);
    if (float32.has(node)) for (const value of node.input ?? []) wide.add(value);
  }
  return float32;
}
function castNode(from: string, to: string, precision: Precision): onnxProto.onnx.INodeProto {
  const { FLOAT, FLOAT16 } = TensorProto.DataType;
  const type = AttributeProto.AttributeType.INT;
  const attribute = [{ name: "to", type, i: precision === "float16" ? FLOAT16 : FLOAT }];
  return { name: `${to}/cast`, opType: "Cast", input: [from], output: [to], attribute };
}
