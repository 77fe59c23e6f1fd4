// The memory of a card, as nvidia-smi says it: all that is used, so nothing else may run on the card meanwhile.
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

const query = (card, what) => ["-i", nameOf(card), `--query-gpu=${what}`, "--format=csv,noheader,nounits"];
const bytes = (mebibytes) => Number(mebibytes) * 2 ** 20;

/** What nvidia-smi calls the card of a number: CUDA_VISIBLE_DEVICES counts anew. */
function nameOf(card) {
  const visible = (process.env.CUDA_VISIBLE_DEVICES ?? "").split(",").filter(Boolean);
  return (visible[card] ?? String(card)).trim();
}

/** Name, driver and used bytes of a card; undefined where nvidia-smi or the card is not there, or doesn't say. */
export function describeCard(card) {
  const words = query(card, "name,driver_version,memory.used");
  const { status, stdout } = spawnSync("nvidia-smi", words, { encoding: "utf8", timeout: 30_000 });
  const [name, driver, used] = (stdout ?? "").trim().split(", ");
  return status === 0 && used !== undefined ? { name, driver, used: bytes(used) } : undefined;
}

/**
 * Watches the card's memory; `stop` gives the most bytes that were used beyond those at the beginning, undefined where
 * that can't be known. It is to be stopped before the process that is watched gives its memory back.
 */
export function watchCard(card) {
  const before = describeCard(card)?.used;
  if (!(before >= 0)) return { stop: () => undefined };
  let most = before;
  const note = (used) => {
    if (used > most) most = used;
  };
  const watch = spawn("nvidia-smi", [...query(card, "memory.used"), "-lms", "50"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  watch.on("error", () => {});
  createInterface({ input: watch.stdout }).on("line", (line) => note(bytes(line)));
  let stopped;
  return {
    stop: () => {
      if (stopped === undefined) {
        // Runtimes keep what they have taken, so this alone comes close.
        note(describeCard(card)?.used);
        watch.kill();
        stopped = most - before;
      }
      return stopped;
    },
  };
}
