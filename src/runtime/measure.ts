import { availableParallelism, cpus } from "node:os";
import onnxProto from "onnx-proto";
import { product } from "../compiler/support/product.js";
import type { Manifest, Port } from "./manifest.js";
import { openModel } from "./session/session.js";

/** This machine's rates for 32-bit floats, as ONNX Runtime reaches them on all of its cores. */
export interface MeasuredDevice {
  readonly name: "measured";
  readonly title: string;
  readonly kind: "cpu";
  readonly flopsPerSecond: number;
  readonly bytesPerSecond: number;
  /** How it was measured. */
  readonly source: string;
}

export interface MeasureOptions {
  /** Rows and columns of the matrices that are multiplied. */
  readonly matrix?: number;
  /** Elements of the tensor that is read and written; by default 128 MiB, more than caches hold. */
  readonly elements?: number;
}

/** The fastest of so many runs counts: what disturbs a run makes it slower only. */
const runs = 4;
/** Passes over the tensor in the longer of two chains, of which the difference is timed. */
const passes = 5;

/**
 * Times a matrix product (2 n^3 operations) and passes over a large tensor (each element read and written once). Takes
 * a few seconds. Rejects with a SlabFailure where ONNX Runtime can't be used.
 */
export async function measureDevice(options: MeasureOptions = {}): Promise<MeasuredDevice> {
  const { matrix = 2048, elements = 2 ** 25 } = options;
  const product = await fastest(productModel(matrix), 1 / matrix);
  const short = await fastest(passModel(elements, 1), 1);
  const long = await fastest(passModel(elements, 1 + passes), 1);
  const threads = availableParallelism();
  return {
    name: "measured",
    title: `This machine (${cpus()[0]?.model.trim() || "unknown processor"}, ${threads} threads)`,
    kind: "cpu",
    flopsPerSecond: (2 * matrix ** 3) / product,
    // A chain that is not slower for being longer says nothing; the whole of it is a lower bound then.
    bytesPerSecond:
      long > short ? (8 * elements * passes) / (long - short) : (8 * elements * (1 + passes)) / long,
    source: `measured with ONNX Runtime: product of ${matrix} x ${matrix} matrices, passes over ${elements} values`,
  };
}

interface TimedModel {
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
}

/** Seconds of the fastest run of a model over an input that is filled with a value; the first run is not counted. */
async function fastest({ bytes, manifest }: TimedModel, value: number): Promise<number> {
  const elements = product(manifest.inputs[0].shape);
  const model = await openModel({ bytes }, manifest);
  try {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run <= runs; run++) {
      const input = new Float32Array(elements).fill(value);
      const start = performance.now();
      await model.run(input);
      if (run > 0) best = Math.min(best, performance.now() - start);
    }
    return best / 1000;
  } finally {
    await model.close();
  }
}

/** The square of a matrix. */
export function productModel(size: number): TimedModel {
  const shape = [size, size];
  return timedModel("a matrix product", shape, shape, [
    { opType: "MatMul", input: ["x", "x"], output: ["y"] },
  ]);
}

/** So many passes over a tensor, then its greatest element: a single number is what comes back. */
export function passModel(elements: number, count: number): TimedModel {
  const value = (index: number) => (index === 0 ? "x" : `pass${index}`);
  const nodes = Array.from({ length: count }, (_, index) => {
    return { opType: "Relu", input: [value(index)], output: [value(index + 1)] };
  });
  const result = { opType: "ReduceMax", input: [value(count)], output: ["y"] };
  return timedModel("passes over a tensor", [1, elements], [1, 1], [...nodes, result]);
}

function timedModel(
  network: string,
  inputShape: readonly number[],
  outputShape: readonly number[],
  node: onnxProto.onnx.INodeProto[],
): TimedModel {
  const { ModelProto, TensorProto } = onnxProto.onnx;
  const port = (name: string, shape: readonly number[]): Port => ({ name, axes: ["rows", "columns"], shape });
  const info = ({ name, shape }: Port) => ({
    name,
    type: {
      tensorType: {
        elemType: TensorProto.DataType.FLOAT,
        shape: { dim: shape.map((dimValue) => ({ dimValue })) },
      },
    },
  });
  const [input, output] = [port("x", inputShape), port("y", outputShape)];
  const bytes = ModelProto.encode({
    irVersion: 10,
    opsetImport: [{ domain: "", version: 20 }],
    graph: { name: network, node, input: [info(input)], output: [info(output)] },
  }).finish();
  return {
    bytes,
    manifest: {
      format: 1,
      compiler: "",
      network,
      arguments: {},
      inputs: [input],
      outputs: [output],
      probabilities: false,
    },
  };
}
