import onnxProto from "onnx-proto";
import type { Parameter } from "../../graph/graph.js";
import { invariant } from "../../support/invariant.js";
import { littleEndianFloats } from "./tensors.js";

const { TensorProto } = onnxProto.onnx;

/** Tensors in an external data file begin at multiples of this, so that a runtime can map them into memory. */
const alignment = 4096;
const bytesPerValue = 4;

/** The values of a weight, row-major. */
export type Weights = (parameter: Parameter) => Float32Array;

/** A file beside the model that holds its weights. */
export interface ExternalData {
  readonly fileName: string;
  readonly byteLength: number;
  /** The file's content, in order. Each piece is made when it is asked for, so that few are in memory at a time. */
  readonly chunks: Iterable<Uint8Array>;
}

/** Bytes that weights take. */
export function weightBytes(parameters: readonly Parameter[]): number {
  return parameters.reduce((total, { shape }) => total + valueCount(shape) * bytesPerValue, 0);
}

/** Weights inside the model. */
export function inlineWeights(
  parameters: readonly Parameter[],
  weights: Weights,
): readonly onnxProto.onnx.ITensorProto[] {
  return parameters.map((parameter) => ({ ...header(parameter), rawData: contentOf(parameter, weights) }));
}

/** Weights in a file beside the model, which only says where in it they are. */
export function externalWeights(
  parameters: readonly Parameter[],
  weights: Weights,
  fileName: string,
): { readonly tensors: readonly onnxProto.onnx.ITensorProto[]; readonly data: ExternalData } {
  let end = 0;
  const places = parameters.map((parameter) => {
    const offset = Math.ceil(end / alignment) * alignment;
    const length = valueCount(parameter.shape) * bytesPerValue;
    end = offset + length;
    return { parameter, offset, length };
  });
  const tensors = places.map(({ parameter, offset, length }) => ({
    ...header(parameter),
    dataLocation: TensorProto.DataLocation.EXTERNAL,
    externalData: [
      { key: "location", value: fileName },
      { key: "offset", value: String(offset) },
      { key: "length", value: String(length) },
    ],
  }));
  const chunks = {
    *[Symbol.iterator]() {
      let position = 0;
      for (const { parameter, offset, length } of places) {
        if (offset > position) yield new Uint8Array(offset - position);
        yield contentOf(parameter, weights);
        position = offset + length;
      }
    },
  };
  return { tensors, data: { fileName, byteLength: end, chunks } };
}

function header({ path, shape, documentation }: Parameter): onnxProto.onnx.ITensorProto {
  const described = documentation ? { docString: documentation } : {};
  return { name: path, dataType: TensorProto.DataType.FLOAT, dims: [...shape], ...described };
}

function contentOf(parameter: Parameter, weights: Weights): Uint8Array {
  const values = valuesOf(parameter, weights);
  invariant(
    values.length === valueCount(parameter.shape),
    `${parameter.path} has the wrong number of values`,
  );
  return littleEndianFloats(values);
}

/** A weight's values; what is derived from others is computed anew each time, so that little is held. */
function valuesOf(parameter: Parameter, weights: Weights): Float32Array {
  const { derived } = parameter;
  if (!derived) return weights(parameter);
  return derived.compute(derived.from.map((source) => valuesOf(source, weights)));
}

function valueCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
