import "../no-telemetry.js";
import { Worker } from "node:worker_threads";
import {
  modelNotOpened,
  outputShapeDiffers,
  runFailed,
  workerDied,
} from "../../compiler/diagnostics/catalogue/models.js";
import { deviceFailed } from "../../compiler/diagnostics/catalogue/sessions.js";
import { type Diagnostic, diagnose, SlabFailure } from "../../compiler/diagnostics/diagnostic.js";
import { invariant } from "../../compiler/support/invariant.js";
import { product } from "../../compiler/support/product.js";
import { scoresOf } from "../../compiler/support/scores.js";
import { builtFile } from "../built-file.js";
import type { Device } from "../devices/device.js";
import type { Manifest } from "../manifest.js";
import type { Labels } from "../tiling/labels.js";
import { plainWords } from "./plain-words.js";
import type { Request, Response } from "./protocol.js";

/** Where a model lies. One with its weights in a file beside it has to be opened by path. */
export type ModelSource = { readonly path: string } | { readonly bytes: Uint8Array };

export interface OpenOptions {
  /** Threads within an operation; by default as many as there are cores. */
  readonly threads?: number;
  /** What the model is called in diagnostics; by default its path. */
  readonly name?: string;
  /** Whether ONNX Runtime keeps memory for the next run (the default), or gives it back after each operation. */
  readonly arena?: boolean;
  /** What it runs on; the CPU by default. */
  readonly device?: Device;
  /** The number of the card, for CUDA; 0 by default. */
  readonly card?: number;
  /**
   * Whether it is run once first, on zeros; by default on every device but the CPU. Memory is allocated and kernels are chosen
   * then, and what a device can't do is found out before any scan is read.
   */
  readonly warmUp?: boolean;
}

/** A network that is ready to run. It holds a thread until it is closed. */
export interface Model {
  readonly manifest: Manifest;
  /** What the model is called in diagnostics. */
  readonly name: string;
  /**
   * Runs the network once, on values in row-major order of the manifest's input shape; gives the scores.
   * Takes the input's buffer with it: the array is empty afterwards. Several runs may be asked for at once; they
   * follow each other. Rejects with a SlabFailure if ONNX Runtime fails.
   */
  run(input: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  /** The same for a model that gives labels. */
  label(input: Float32Array<ArrayBuffer>): Promise<Labels>;
  readonly device: Device;
  /** Milliseconds that ONNX Runtime has taken for all runs so far. */
  readonly busy: number;
  /** Frees the network and its thread, after the runs asked for. May be called again. */
  close(): Promise<void>;
}

interface Waiting {
  readonly onFailure: (message: string) => Diagnostic;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens a model in a thread of its own.
 *
 * Rejects with a SlabFailure (SLAB5110, SLAB5202 or SLAB5203) that carries ONNX Runtime's words if it can't.
 */
export async function openModel(
  source: ModelSource,
  manifest: Manifest,
  options: OpenOptions = {},
): Promise<Model> {
  const name = options.name ?? ("path" in source ? source.path : manifest.network);
  const [input] = manifest.inputs;
  const output = scoresOf(manifest.outputs);
  const { device = "cpu", card = 0 } = options;
  const thread = startThread(name);
  try {
    await thread.ask(
      {
        kind: "open",
        source: "path" in source ? source.path : source.bytes,
        threads: options.threads,
        arena: options.arena ?? true,
        device,
        card,
        warmUp: options.warmUp ?? device !== "cpu",
        input: { name: input.name, shape: input.shape },
        output: { name: output.name, shape: output.shape },
      },
      (message) =>
        device === "cpu"
          ? diagnose(modelNotOpened, { message }, { path: name })
          : diagnose(deviceFailed, { device, message }, { path: name }),
    );
  } catch (error) {
    await thread.end();
    throw error;
  }
  const elements = product(input.shape);
  const stopped = (message: string) => diagnose(runFailed, { message }, { path: name });
  let closing: Promise<void> | undefined;
  let busy = 0;
  const run = async (values: Float32Array<ArrayBuffer>) => {
    invariant(values.length === elements, `${values.length} values for an input of ${elements}`);
    invariant(closing === undefined, "a closed model is not run");
    const response = await thread.ask({ kind: "run", input: values }, stopped, [values.buffer]);
    invariant(response.kind === "ran", "a run is answered by its output");
    busy += response.milliseconds;
    if (response.shape.join() !== output.shape.join()) {
      const shapes = { found: response.shape, expected: output.shape };
      throw new SlabFailure([diagnose(outputShapeDiffers, shapes, { path: name })]);
    }
    return response.output;
  };
  return {
    manifest,
    name,
    device,
    get busy() {
      return busy;
    },
    run: async (values) => {
      const found = await run(values);
      invariant(found instanceof Float32Array, "the model gives scores");
      return found;
    },
    label: async (values) => {
      const found = await run(values);
      invariant(!(found instanceof Float32Array), "the model gives labels");
      return found;
    },
    close: () => {
      closing ??= thread.end();
      return closing;
    },
  };
}

/** A worker with its unanswered requests. Whatever ends it, each of them is settled. */
function startThread(name: string) {
  // Options of the main thread, such as those of `node -e`, may not fit a worker.
  const worker = new Worker(builtFile(import.meta.url, "worker", "session"), { execArgv: [] });
  const waiting: Waiting[] = [];
  let ended: SlabFailure | undefined;
  const end = (reason: string) => {
    ended ??= new SlabFailure([diagnose(workerDied, { reason }, { path: name })]);
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  worker.on("message", (response: Response) => {
    const first = waiting.shift();
    if (response.kind === "failed" && first) {
      first.reject(new SlabFailure([first.onFailure(plainWords(response.message))]));
    } else {
      first?.resolve(response);
    }
  });
  worker.on("error", (error: Error) => end(plainWords(error.message)));
  worker.on("messageerror", (error: Error) => end(plainWords(error.message)));
  const exited = new Promise<void>((resolve) => {
    worker.on("exit", (code) => {
      end(`exit code ${code}`);
      resolve();
    });
  });
  const ask = (request: Request, onFailure: Waiting["onFailure"], transfer: ArrayBuffer[] = []) =>
    new Promise<Response>((resolve, reject) => {
      if (ended) return reject(ended);
      worker.postMessage(request, transfer);
      waiting.push({ onFailure, resolve, reject });
    });
  return {
    ask,
    /** Lets the worker finish, release the network and end by itself; ends it by force if it can't. */
    end: async () => {
      if (ended) return;
      try {
        await ask({ kind: "close" }, (message) => diagnose(runFailed, { message }, { path: name }));
        await exited;
      } catch (error) {
        if (!(error instanceof SlabFailure)) throw error;
        await worker.terminate();
      }
    },
  };
}
