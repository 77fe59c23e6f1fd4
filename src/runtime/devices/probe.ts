/** Runs a small network on a device and on the CPU, in a process of its own, since drivers may crash. */
import "../no-telemetry.js";
import { argv, stdout } from "node:process";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { checkModel, relativeDeviation } from "./check-model.js";
import { type Device, providerOf } from "./device.js";
import type { ProbeReport } from "./probe-device.js";

const runs = 3;

async function timed(device: Device, card: number): Promise<{ values: Float32Array; milliseconds: number }> {
  const { bytes, input, shape } = checkModel();
  const session = await InferenceSession.create(bytes, {
    executionProviders: [providerOf(device, card)],
    // What a library that can't be loaded is called, is said in the log alone.
    logSeverityLevel: 3,
  });
  let milliseconds = Number.POSITIVE_INFINITY;
  let values = new Float32Array();
  // The first run allocates memory and compiles kernels.
  for (let run = 0; run <= runs; run++) {
    const start = performance.now();
    const { scores } = await session.run({ volume: new Tensor("float32", input.slice(), shape) });
    if (run > 0) milliseconds = Math.min(milliseconds, performance.now() - start);
    values = scores?.data as Float32Array<ArrayBuffer>;
  }
  return { values, milliseconds };
}

async function probe(device: Device, card: number): Promise<ProbeReport> {
  try {
    const own = await timed(device, card);
    const { values } = device === "cpu" ? own : await timed("cpu", 0);
    const deviation = relativeDeviation(own.values, values);
    if (!Number.isFinite(deviation)) return { works: false, message: "it gives what are no numbers" };
    return { works: true, milliseconds: own.milliseconds, deviation };
  } catch (error) {
    return { works: false, message: error instanceof Error ? error.message : String(error) };
  }
}

const [, , device, card] = argv;
const report = await probe(device as Device, Number(card));
stdout.write(`\n${JSON.stringify(report)}\n`);
