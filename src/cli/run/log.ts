import { appendFileSync } from "node:fs";
import { logUnwritable } from "../../compiler/diagnostics/catalogue/cli.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { reasonOf, systemCode } from "../../runtime/volume/files.js";

/** A log of JSON lines. Every line has the keys `time` (ISO 8601, UTC) and `event`. */
export interface RunLog {
  write(event: "start" | "scan" | "end", values: Readonly<Record<string, unknown>>): void;
}

/**
 * Appends to a file, line by line, so that what has happened is there whatever comes next; without a path nothing is
 * written. Fails with SLAB6023 where the file can't be written, at the latest with the first line.
 */
export function openLog(path: string | undefined): RunLog {
  return {
    write: (event, values) => {
      if (path === undefined) return;
      try {
        appendFileSync(path, `${JSON.stringify({ time: new Date().toISOString(), event, ...values })}\n`);
      } catch (error) {
        fail(logUnwritable, { reason: reasonOf(systemCode(error)) }, { path });
      }
    },
  };
}
