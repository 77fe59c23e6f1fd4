// Runs an ONNX model, a pass for each line `pass` on standard input; answers in JSON, a line each.
import { createInterface } from "node:readline";
import ort from "onnxruntime-node";

const job = JSON.parse(process.argv[2]);
const answer = (values) => process.stdout.write(`${JSON.stringify(values)}\n`);

const session = await ort.InferenceSession.create(job.path, {
  intraOpNumThreads: job.threads,
  interOpNumThreads: 1,
  graphOptimizationLevel: "all",
  enableMemPattern: job.memoryPattern,
  extra: job.blocks ? { session: { dynamic_block_base: job.blocks } } : {},
  logSeverityLevel: 3,
});
const input = new ort.Tensor("float32", await makeInput(), job.shape);
answer({ ready: true });

for await (const line of createInterface({ input: process.stdin })) {
  if (line !== "pass") break;
  const start = performance.now();
  const results = await session.run({ [session.inputNames[0]]: input });
  const seconds = (performance.now() - start) / 1000;
  const { data } = results[session.outputNames[0]];
  const step = Math.max(1, Math.floor(data.length / job.samples));
  const samples = [];
  for (let index = 0; index < data.length; index += step) samples.push(data[index]);
  answer({ seconds, samples, peak: process.resourceUsage().maxRSS * 1024 });
}
process.exit(0);

async function makeInput() {
  if (!job.seeded) return new Float32Array(job.shape.reduce((a, b) => a * b, 1)).fill(1 / job.shape[0]);
  const { seededInput } = await import("../dist/src/compiler/index.js");
  return seededInput("input", job.shape);
}
