import { type Profile, stages } from "../../runtime/index.js";
import { formatBytes, table } from "../text.js";

/** What the time went into; `total` is the wall-clock time in milliseconds. */
export function profileTable({ milliseconds }: Profile, total: number): string {
  const seconds = (value: number) => (value / 1000).toFixed(2);
  const share = (value: number) => ((100 * value) / total).toFixed(1);
  const rows = stages.flatMap((stage) => {
    const value = milliseconds.get(stage);
    return value === undefined ? [] : [[stage, seconds(value), share(value)]];
  });
  const network = milliseconds.get("network") ?? 0;
  const rest = Math.max(0, total - network);
  return [
    table([["time", "s", "%"], ...rows, ["total", seconds(total), "100.0"]], [1, 2]),
    `peak memory: ${formatBytes(peakBytes())}`,
    `without the network: ${seconds(rest)} s, ${share(rest)} % (tiles are cut and blended while it runs)`,
  ].join("\n");
}

/** The most that the process has held, as the system says; in kilobytes there. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
