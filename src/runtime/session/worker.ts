/** The thread that runs ONNX Runtime, whose session creation and runs block. Started by `session.ts` only. */
import { parentPort } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { product } from "../../compiler/support/product.js";
import { providerOf } from "../devices/device.js";
import type { ModelValues, Request, Response } from "./protocol.js";

interface OpenSession {
  readonly session: InferenceSession;
  readonly request: Extract<Request, { kind: "open" }>;
}

const valueTypes = [Float32Array, Uint8Array, Uint16Array];

let opened: OpenSession | undefined;
// Requests are answered one by one and in order, whatever the runtime does in between.
let last: Promise<void> = Promise.resolve();

parentPort?.on("message", (request: Request) => {
  last = last.then(() => answer(request));
});

async function answer(request: Request): Promise<void> {
  try {
    if (request.kind === "open") {
      opened = { session: await open(request), request };
      if (request.warmUp) await run(opened, new Float32Array(product(request.input.shape)));
      reply({ kind: "opened" });
    } else if (request.kind === "run") {
      if (!opened) throw new Error("the model is not open");
      const start = performance.now();
      const { output, shape } = await run(opened, request.input);
      reply({ kind: "ran", output, shape, milliseconds: performance.now() - start }, [output.buffer]);
    } else {
      await opened?.session.release();
      reply({ kind: "closed" });
      parentPort?.close();
    }
  } catch (error) {
    reply({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

function reply(response: Response, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(response, transfer);
}

const onCpu: InferenceSession.SessionOptions = {
  // A pattern takes all of a run's memory at once, nearly twice what tensors need that are made when they are needed.
  enableMemPattern: false,
  // Work is dealt out in pieces that become smaller, so that no thread waits long for one that was held up.
  extra: { session: { dynamic_block_base: "4" } },
};

async function open({
  source,
  threads,
  arena,
  device,
  card,
}: OpenSession["request"]): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [providerOf(device, card)],
    graphOptimizationLevel: "all",
    enableCpuMemArena: arena,
    ...(device === "cpu" ? onCpu : {}),
    // Errors reach the user as diagnostics; ONNX Runtime need not print them as well.
    logSeverityLevel: 4,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  };
  return typeof source === "string"
    ? await InferenceSession.create(source, options)
    : await InferenceSession.create(source, options);
}

async function run(
  { session, request: { input: port, output: result } }: OpenSession,
  input: Float32Array<ArrayBuffer>,
): Promise<{ output: ModelValues; shape: readonly number[] }> {
  // Only the output that is asked for is computed and copied out of the runtime.
  const outputs = await session.run({ [port.name]: new Tensor("float32", input, port.shape) }, [result.name]);
  const output = outputs[result.name];
  const { data } = output ?? {};
  if (!output || !valueTypes.some((type) => data instanceof type))
    throw new Error(`the output ${result.name} is neither of float32 nor of labels`);
  return { output: data as ModelValues, shape: output.dims };
}
