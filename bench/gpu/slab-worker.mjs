// Runs a model on a device as `slab run` does: a pass for each line `pass`, from the volume in memory to its labels in
// memory; `labels` and `scores` write those of all voxels to a file. Answers in JSON, a line each.
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { seededInput } from "../../dist/src/compiler/index.js";
import { openModel, readModelFile } from "../../dist/src/runtime/index.js";

const job = JSON.parse(process.argv[2]);
const answer = (values) => process.stdout.write(`${JSON.stringify(values)}\n`);

/** A user's mistake or a device's is a sentence, not a stack. */
function stop(error) {
  const { notes = [], title } = error?.diagnostics?.[0] ?? {};
  process.stderr.write(`${notes[0]?.text ?? title ?? error}\n`);
  process.exit(1);
}

async function open(path) {
  const { device, card, threads } = job;
  const { manifest } = readModelFile(path);
  return openModel({ path }, manifest, { device, card, ...(threads ? { threads } : {}) });
}

try {
  let model = await open(job.labels);
  const input = () => seededInput("input", model.manifest.inputs[0].shape);
  let labels;
  answer({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === "pass") {
      const values = input();
      const start = performance.now();
      labels = await model.label(values);
      answer({ seconds: (performance.now() - start) / 1000 });
    } else if (line === "labels") {
      writeFileSync(job.output, labels);
      answer({ written: true });
    } else if (line === "scores") {
      await model.close();
      model = await open(job.scores);
      const scores = await model.run(input());
      writeFileSync(job.output, new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength));
      answer({ written: true });
    } else break;
  }
  await model.close();
  process.exit(0);
} catch (error) {
  stop(error);
}
