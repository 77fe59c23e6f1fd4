// One case: every contender in turns, each alone on the card.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deviation } from "../result.mjs";
import { watchCard } from "./card-memory.mjs";
import { enter, parseContender, referenceContender } from "./contenders.mjs";
import { agreement } from "./result.mjs";

/** Times of every round, the card's memory, and what scores and labels are like beside float32 on the CPU. */
export async function measureCase(contenders, context, onStep) {
  onStep("float32 on the CPU, to compare with");
  const expected = await reference(context);
  const measured = contenders.map((contender) => ({ ...contender, rounds: [] }));
  for (let round = 1; round <= context.rounds; round++) {
    for (const one of measured.filter(({ failure }) => failure === undefined)) {
      onStep(`round ${round} of ${context.rounds}, ${one.name}`);
      try {
        await measureOnce(one, context, round === 1 ? expected : undefined);
      } catch (problem) {
        one.failure = problem.message.slice(0, 300);
      }
    }
  }
  return measured;
}

/** Starts a contender, warms it up, measures it, and, where there is something to compare with, does so. */
async function measureOnce(one, context, expected) {
  const memory = one.on === "card" ? watchCard(context.card) : undefined;
  let worker;
  try {
    worker = await enter(one, context);
    for (let pass = 0; pass < context.warmup; pass++) await worker.ask("pass");
    const seconds = [];
    for (let pass = 0; pass < context.repeats; pass++) seconds.push((await worker.ask("pass")).seconds);
    one.rounds.push(seconds);
    const peak = memory?.stop();
    if (peak !== undefined) one.peak = Math.max(one.peak ?? 0, peak);
    if (!expected) return;
    const { labels, scores } = await valuesOf(worker, context);
    one.agreement = agreement(labels, expected.labels);
    one.deviation = deviation(scores, expected.scores);
  } finally {
    memory?.stop();
    await worker?.stop();
  }
}

async function reference(context) {
  const worker = await enter(parseContender(referenceContender), context);
  try {
    await worker.ask("pass");
    return await valuesOf(worker, context);
  } finally {
    await worker.stop();
  }
}

/** Labels and scores of every voxel. */
async function valuesOf(worker, { folder }) {
  const read = async (what) => {
    await worker.ask(what);
    return new Uint8Array(readFileSync(join(folder, "values.bin")));
  };
  const labels = await read("labels");
  return { labels, scores: new Float32Array((await read("scores")).buffer) };
}
