import onnxProto from "onnx-proto";
import { product } from "../../compiler/support/product.js";

/** Voxels along each axis of the volume. */
const side = 32;
const channels = 8;
const classes = 4;

/**
 * A small network such as those that scans are run through: 3D convolutions of several shapes, an instance norm, a
 * LeakyReLU. Weights and input are made up.
 */
export function checkModel(): {
  readonly bytes: Uint8Array;
  readonly input: Float32Array;
  readonly shape: readonly number[];
} {
  const { ModelProto, TensorProto, AttributeProto } = onnxProto.onnx;
  const { FLOAT } = TensorProto.DataType;
  const weight = (name: string, dims: readonly number[]) => {
    const count = product(dims);
    return {
      name,
      dims: [...dims],
      dataType: FLOAT,
      rawData: new Uint8Array(wave(count, name.length).buffer),
    };
  };
  const pads = (name: string, values: readonly number[]) => ({
    name,
    type: AttributeProto.AttributeType.INTS,
    ints: [...values],
  });
  const value = (name: string, shape: readonly number[]) => ({
    name,
    type: { tensorType: { elemType: FLOAT, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
  });
  const shape = [1, 1, side, side, side];
  const graph = {
    name: "Check",
    node: [
      {
        opType: "Conv",
        input: ["volume", "w1"],
        output: ["a"],
        attribute: [pads("pads", [1, 1, 1, 1, 1, 1])],
      },
      { opType: "InstanceNormalization", input: ["a", "scale", "shift"], output: ["b"] },
      { opType: "LeakyRelu", input: ["b"], output: ["c"] },
      { opType: "Conv", input: ["c", "w22"], output: ["d"], attribute: [pads("pads", [0, 1, 1, 0, 1, 1])] },
      { opType: "Conv", input: ["d", "w333"], output: ["scores"] },
    ],
    initializer: [
      weight("w1", [channels, 1, 3, 3, 3]),
      weight("scale", [channels]),
      weight("shift", [channels]),
      weight("w22", [channels, channels, 1, 3, 3]),
      weight("w333", [classes, channels, 1, 1, 1]),
    ],
    input: [value("volume", shape)],
    output: [value("scores", [1, classes, side, side, side])],
  };
  const bytes = ModelProto.encode({
    irVersion: 10,
    opsetImport: [{ domain: "", version: 20 }],
    graph,
  }).finish();
  return { bytes, input: wave(side ** 3, 1), shape };
}

/** The largest difference, as a part of the largest value that is expected; Infinity where a value is no number. */
export function relativeDeviation(found: Float32Array, expected: Float32Array): number {
  let [most, largest] = [0, 0];
  for (const [index, value] of expected.entries()) {
    const difference = Math.abs((found[index] ?? Number.NaN) - value);
    if (!Number.isFinite(difference)) return Number.POSITIVE_INFINITY;
    most = Math.max(most, difference);
    largest = Math.max(largest, Math.abs(value));
  }
  return most / largest;
}

/** Values in -1..1 that are all different. */
function wave(count: number, phase: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(phase + 12.9898 * index));
}
