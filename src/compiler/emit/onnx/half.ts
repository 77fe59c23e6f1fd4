import onnxProto from "onnx-proto";
import type { LoweredGraph } from "./builder.js";

const { TensorProto } = onnxProto.onnx;

export type Precision = "float32" | "float16";

/** A graph in which every value is made in one precision, and cast where the other one is needed. */
export interface MixedGraph {
  readonly nodes: readonly onnxProto.onnx.INodeProto[];
  /** The precisions in which weights and float constants are needed, by name. */
  readonly stored: ReadonlyMap<string, ReadonlySet<Precision>>;
  /** The name of a value in a precision, for one that something needs. */
  nameIn(value: string, precision: Precision): string;
  /** The precision that a value was made in. */
  precisionOf(value: string): Precision;
}

/**
 * Computes in float16, except what was lowered as precise: that is in float32 from its first node to its last. Inputs
 * and outputs of the network stay float32.
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
  const nodes: onnxProto.onnx.INodeProto[] = [];
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
  for (const node of lowered.nodes) {
    const precision = lowered.precise.has(node.name ?? "") ? "float32" : "float16";
    const operands = (node.input ?? []).map((value) => need(value, precision));
    for (const value of node.output ?? []) made.set(value, precision);
    nodes.push({ ...node, input: operands });
  }
  for (const value of outputs) need(value, "float32");
  return { nodes, stored, nameIn, precisionOf: (value) => made.get(value) ?? "float32" };
}

function castNode(from: string, to: string, precision: Precision): onnxProto.onnx.INodeProto {
  const { FLOAT, FLOAT16 } = TensorProto.DataType;
  const type = onnxProto.onnx.AttributeProto.AttributeType.INT;
  const attribute = [{ name: "to", type, i: precision === "float16" ? FLOAT16 : FLOAT }];
  return { name: `${to}/cast`, opType: "Cast", input: [from], output: [to], attribute };
}

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** The nearest IEEE 754 binary16 of a number, ties to even; what is too large becomes infinite. */
export function toHalf(value: number): number {
  word[0] = value;
  const all = bits[0] as number;
  const sign = (all >>> 16) & 0x8000;
  const exponent = (all >>> 23) & 0xff;
  const fraction = all & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  const shifted = exponent - 112;
  if (shifted >= 31) return sign | 0x7c00;
  if (shifted <= 0) {
    if (shifted < -10) return sign;
    return sign | rounded(fraction | 0x800000, 14 - shifted);
  }
  // A fraction that rounds up to 2 carries into the exponent, which is right up to infinity.
  return sign | ((shifted << 10) + rounded(fraction, 13));
}

/** A number without its lowest bits, rounded to the nearest, ties to even. */
function rounded(value: number, drop: number): number {
  const kept = value >>> drop;
  const rest = value & ((1 << drop) - 1);
  const half = 1 << (drop - 1);
  return rest > half || (rest === half && kept & 1) ? kept + 1 : kept;
}

/** The bytes of values as float16, little-endian. */
export function halfBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint16(2 * index, toHalf(value), true);
  });
  return bytes;
}
