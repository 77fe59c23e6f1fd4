import onnxProto from "onnx-proto";
import { tooLargeForHalf } from "../../diagnostics/catalogue/weights.js";
import { fail } from "../../diagnostics/diagnostic.js";
import type { Parameter } from "../../graph/graph.js";
import { invariant } from "../../support/invariant.js";
import { product } from "../../support/product.js";
import { halfBytes } from "./half.js";
import type { Precision } from "./precision.js";
import { littleEndianFloats } from "./tensors.js";

const { TensorProto } = onnxProto.onnx;

/** Tensors in an external data file begin at multiples of this, so that a runtime can map them into memory. */
const alignment = 4096;
/** What rounds to infinity in float16: half a step beyond its largest number, 65504. */
const halfLimit = 65_520;
const bytesPerValue = { float32: 4, float16: 2 };

/** The values of a weight, row-major. */
export type Weights = (parameter: Parameter) => Float32Array;

/** A weight as the model stores it. */
export interface StoredWeight {
  readonly name: string;
  readonly parameter: Parameter;
  readonly precision: Precision;
}

/** A file beside the model that holds its weights. */
export interface ExternalData {
  readonly fileName: string;
  readonly byteLength: number;
  /** The file's content, in order. Each piece is made when it is asked for, so that few are in memory at a time. */
  readonly chunks: Iterable<Uint8Array>;
}

/** Bytes that weights take. */
export function weightBytes(stored: readonly StoredWeight[]): number {
  return stored.reduce((total, weight) => total + bytesOf(weight), 0);
}

function bytesOf({ parameter, precision }: StoredWeight): number {
  return product(parameter.shape) * bytesPerValue[precision];
}

/** Weights inside the model. */
export function inlineWeights(
  stored: readonly StoredWeight[],
  weights: Weights,
): readonly onnxProto.onnx.ITensorProto[] {
  const values = new Values(weights);
  return stored.map((weight) => ({ ...header(weight), rawData: contentOf(weight, values) }));
}

/** Weights in a file beside the model, which only says where in it they are. */
export function externalWeights(
  stored: readonly StoredWeight[],
  weights: Weights,
  fileName: string,
): { readonly tensors: readonly onnxProto.onnx.ITensorProto[]; readonly data: ExternalData } {
  let end = 0;
  const places = stored.map((weight) => {
    const offset = Math.ceil(end / alignment) * alignment;
    const length = bytesOf(weight);
    end = offset + length;
    return { weight, offset, length };
  });
  const tensors = places.map(({ weight, offset, length }) => ({
    ...header(weight),
    dataLocation: TensorProto.DataLocation.EXTERNAL,
    externalData: [
      { key: "location", value: fileName },
      { key: "offset", value: String(offset) },
      { key: "length", value: String(length) },
    ],
  }));
  const chunks = {
    *[Symbol.iterator]() {
      const values = new Values(weights);
      let position = 0;
      for (const { weight, offset, length } of places) {
        if (offset > position) yield new Uint8Array(offset - position);
        yield contentOf(weight, values);
        position = offset + length;
      }
    },
  };
  return { tensors, data: { fileName, byteLength: end, chunks } };
}

function header({ name, parameter, precision }: StoredWeight): onnxProto.onnx.ITensorProto {
  const { shape, documentation } = parameter;
  const described = documentation ? { docString: documentation } : {};
  const { FLOAT, FLOAT16 } = TensorProto.DataType;
  return { name, dataType: precision === "float16" ? FLOAT16 : FLOAT, dims: [...shape], ...described };
}

function contentOf({ parameter, precision }: StoredWeight, all: Values): Uint8Array {
  const values = all.of(parameter);
  invariant(values.length === product(parameter.shape), `${parameter.path} has the wrong number of values`);
  if (precision === "float32") return littleEndianFloats(values);
  const large = values.find((value) => Math.abs(value) >= halfLimit);
  if (large !== undefined) fail(tooLargeForHalf, { tensor: parameter.path, found: String(large) });
  return halfBytes(values);
}

/**
 * Gives weights' values. What is derived from others is computed when it is asked for; of sources the last ones are held, so
 * many bytes of them, as what is derived of the same one often comes in a row, and views share them.
 */
class Values {
  private static readonly mostBytes = 2 ** 26;
  private readonly held = new Map<string, Float32Array>();
  private bytes = 0;

  constructor(private readonly weights: Weights) {}

  of(parameter: Parameter): Float32Array {
    const { derived } = parameter;
    return derived
      ? derived.compute(derived.from.map((source) => this.source(source)))
      : this.weights(parameter);
  }

  private source(parameter: Parameter): Float32Array {
    const values = this.held.get(parameter.path) ?? this.of(parameter);
    this.drop(parameter.path);
    this.held.set(parameter.path, values);
    this.bytes += values.byteLength;
    for (const path of this.held.keys()) {
      if (this.bytes <= Values.mostBytes || path === parameter.path) break;
      this.drop(path);
    }
    return values;
  }

  private drop(path: string): void {
    this.bytes -= this.held.get(path)?.byteLength ?? 0;
    this.held.delete(path);
  }
}
