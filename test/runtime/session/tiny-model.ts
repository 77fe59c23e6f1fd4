import onnxProto from "onnx-proto";
import { readManifest } from "../../../src/runtime/manifest.js";
import { type Model, openModel } from "../../../src/runtime/session/session.js";

const { onnx } = onnxProto;
const { FLOAT } = onnx.TensorProto.DataType;

export interface TinyModelOptions {
  /** Spatial size of the tile. */
  readonly tile?: readonly [number, number, number];
  /** A score is the voxel times its class's factor. */
  readonly factors?: readonly number[];
  /** The text under `slab.manifest`; undefined for none. */
  readonly manifest?: string | undefined;
  /** The only operation. */
  readonly operation?: string;
  readonly elementType?: number;
  readonly extraInput?: boolean;
  /** Keep the weights in this file beside the model. */
  readonly externalData?: string;
}

/** The manifest that fits `tinyModel`. */
export function tinyManifest(
  tile: readonly number[] = [2, 3, 4],
  classes = 3,
  probabilities = false,
): Record<string, unknown> {
  const axes = ["n", "c", "x", "y", "z"];
  return {
    format: 1,
    compiler: "0.1.0",
    network: "Tiny",
    arguments: { classes },
    inputs: [{ name: "volume", axes, shape: [1, 1, ...tile] }],
    outputs: [{ name: "logits", axes, shape: [1, classes, ...tile] }],
    probabilities,
  };
}

/** An ONNX model that multiplies a volume by a factor per class. */
export function tinyModel(options: TinyModelOptions = {}): Uint8Array {
  const { tile = [2, 3, 4], factors = [0, 1, -1], elementType = FLOAT } = options;
  const manifest = tinyManifest(tile, factors.length, options.operation === "Sigmoid");
  const text = "manifest" in options ? options.manifest : JSON.stringify(manifest);
  const value = (name: string, shape: readonly number[]) => ({
    name,
    type: { tensorType: { elemType: elementType, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
  });
  const bytes = weightBytes(factors);
  const weight = options.externalData
    ? { dataLocation: 1, externalData: [{ key: "location", value: options.externalData }] }
    : { rawData: bytes };
  const model = onnx.ModelProto.create({
    irVersion: 10,
    producerName: "test",
    opsetImport: [{ domain: "", version: 20 }],
    metadataProps: text === undefined ? [] : [{ key: "slab.manifest", value: text }],
    graph: {
      name: "Tiny",
      node: [
        {
          opType: options.operation ?? "Mul",
          input: options.operation === "Sigmoid" ? ["volume"] : ["volume", "factors"],
          output: ["logits"],
        },
      ],
      initializer: [{ name: "factors", dims: [1, factors.length, 1, 1, 1], dataType: FLOAT, ...weight }],
      input: [value("volume", [1, 1, ...tile]), ...(options.extraInput ? [value("second", [1])] : [])],
      output: [value("logits", [1, factors.length, ...tile])],
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

/** The weights of a tiny model as they lie in a file. */
export function weightBytes(factors: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(factors).buffer);
}

/** Opens a tiny model. */
export function openTiny(options: TinyModelOptions = {}): Promise<Model> {
  const bytes = tinyModel(options);
  return openModel({ bytes }, readManifest(bytes, "tiny.onnx"), { threads: 1 });
}
