// The memory of a card, as nvidia-smi says it: all that is used, so nothing else may run on the card meanwhile.
import { spawn, spawnSync } from "node:child_process";

const query = (what) => [`--query-gpu=${what}`, "--format=csv,noheader,nounits"];

/** Name, driver and used bytes of a card; undefined where nvidia-smi or the card is not there. */
export function describeCard(card) {
  const { status, stdout } = spawnSync(
    "nvidia-smi",
    ["-i", String(card), ...query("name,driver_version,memory.used")],
    {
      encoding: "utf8",
    },
  );
  const [name, driver, used] = (stdout ?? "").trim().split(", ");
  return status === 0 && used !== undefined ? { name, driver, used: Number(used) * 2 ** 20 } : undefined;
}

/** Watches the card's memory; `stop` gives the most bytes that were used beyond those at the beginning. */
export function watchCard(card) {
  const before = describeCard(card);
  if (!before) return { stop: () => undefined };
  let most = before.used;
  const watch = spawn("nvidia-smi", ["-i", String(card), ...query("memory.used"), "-lms", "50"]);
  watch.on("error", () => {});
  watch.stdout.on("data", (text) => {
    for (const line of String(text).trim().split("\n")) most = Math.max(most, Number(line) * 2 ** 20 || 0);
  });
  return {
    stop: () => {
      watch.kill();
      return most - before.used;
    },
  };
}
