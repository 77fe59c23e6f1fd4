import type { Device } from "../devices/device.js";
import type { Labels } from "../tiling/labels.js";

/** What a model gives: scores, or labels. */
export type ModelValues = Float32Array<ArrayBuffer> | Labels;

/** What the main thread tells the worker. */
export type Request =
  | {
      readonly kind: "open";
      /** The path of an ONNX file, or its bytes. */
      readonly source: string | Uint8Array;
      readonly threads: number | undefined;
      readonly arena: boolean;
      readonly device: Device;
      readonly card: number;
      /** Whether it is run once, on zeros, before it is open. */
      readonly warmUp: boolean;
      readonly input: { readonly name: string; readonly shape: readonly number[] };
      readonly output: { readonly name: string; readonly shape: readonly number[] };
    }
  | { readonly kind: "run"; readonly input: Float32Array<ArrayBuffer> }
  | { readonly kind: "close" };

/** What the worker answers, one response per request and in their order. */
export type Response =
  | { readonly kind: "opened" }
  | {
      readonly kind: "ran";
      readonly output: ModelValues;
      readonly shape: readonly number[];
      readonly milliseconds: number;
    }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "closed" };
