import { existsSync } from "node:fs";
import { workerDied } from "../../compiler/diagnostics/catalogue/models.js";
import { type Diagnostic, SlabFailure } from "../../compiler/diagnostics/diagnostic.js";
import { renderDiagnostics } from "../../compiler/diagnostics/render.js";
import { voxelVolume } from "../../runtime/volume/spacing.js";
import type { Terminal } from "../terminal.js";
import { table } from "../text.js";
import { describeResult, digestFiles, isResult } from "./fingerprint.js";
import type { RunLog } from "./log.js";
import type { RunNetwork } from "./network.js";
import type { ScanJob, ScanResult } from "./scan.js";
import type { RunArguments } from "./settings.js";

/** What became of a scan. */
interface Outcome {
  readonly job: ScanJob;
  readonly status: "done" | "finished before" | "failed" | "not begun";
  readonly seconds?: number;
  readonly result?: ScanResult;
  readonly diagnostics?: readonly Diagnostic[];
}

/**
 * What the next scan would find, too: the weights are wrong (SLAB4xxx), results can't be written (SLAB5020 to SLAB5023), or
 * the network can't be opened or does not run on the device (SLAB5110, SLAB5203).
 */
const lasting = /^SLAB(4\d{3}|502\d|5110|5203)$/;

/**
 * Runs scan after scan. One that fails is reported and the others go on, unless they would fail for the same reason. With `resume`, a scan is passed over whose result says that this network and these options made it from this
 * scan. Gives the exit code: 1 where a scan failed.
 */
export async function runBatch(
  jobs: readonly ScanJob[],
  network: RunNetwork,
  options: RunArguments,
  runOne: (job: ScanJob, label: string, description: string | undefined) => Promise<ScanResult>,
  log: RunLog,
  terminal: Terminal,
): Promise<number> {
  const digest = network.digest();
  const outcomes: Outcome[] = [];
  for (const [index, job] of jobs.entries()) {
    const label = `[${index + 1}/${jobs.length}] ${job.scan}`;
    const outcome = outcomes.some(stops)
      ? ({ job, status: "not begun" } as const)
      : await attempt(job, label);
    outcomes.push(outcome);
    log.write("scan", scanEvent(outcome));
  }
  if (!options.quiet) terminal.print(summary(outcomes));
  const failed = outcomes.filter(({ status }) => status === "failed" || status === "not begun");
  log.write("end", { scans: jobs.length, failed: failed.length });
  return failed.length === 0 ? 0 : 1;

  async function attempt(job: ScanJob, label: string): Promise<Outcome> {
    const start = performance.now();
    const seconds = () => Math.round(performance.now() - start) / 1000;
    try {
      const description = descriptionOf(job);
      if (options.resume && description !== undefined && isFinished(job, description)) {
        return { job, status: "finished before" };
      }
      const result = await runOne(job, label, description);
      return { job, status: "done", seconds: seconds(), result };
    } catch (error) {
      if (!(error instanceof SlabFailure)) throw error;
      const { diagnostics } = error;
      terminal.remark(renderDiagnostics(diagnostics, { colour: terminal.colour }));
      // Its thread is gone: the next scan needs another.
      if (diagnostics.some(({ code }) => code === workerDied.code)) await network.close();
      return { job, status: "failed", seconds: seconds(), diagnostics };
    }
  }

  /** Undefined for a scan that can't be read: reading it as one will say why. */
  function descriptionOf({ scan }: ScanJob): string | undefined {
    try {
      return describeResult(digest, digestFiles([scan]), options);
    } catch {
      return undefined;
    }
  }
}

function isFinished({ output, picture }: ScanJob, description: string): boolean {
  return (picture === undefined || existsSync(picture)) && isResult(output, description);
}

function stops({ diagnostics = [] }: Outcome): boolean {
  return diagnostics.some(({ code }) => lasting.test(code));
}

function summary(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ job, status, seconds, result, diagnostics }) => [
    job.scan,
    diagnostics?.[0] ? `${status}: ${diagnostics[0].code}, ${diagnostics[0].title}` : status,
    result ? String(result.tiles) : "",
    seconds === undefined ? "" : seconds.toFixed(1),
    result ? String(result.histogram.filter((count) => count > 0).length) : "",
  ]);
  const statuses = ["done", "finished before", "failed", "not begun"] as const;
  const counts = statuses.flatMap((status) => {
    const count = outcomes.filter((outcome) => outcome.status === status).length;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  return `${table([["scan", "result", "tiles", "s", "labels"], ...rows], [2, 3, 4])}\n${counts.join(", ")}`;
}

/** Writes into the log what becomes of a single scan. */
export async function logged(log: RunLog, job: ScanJob, running: Promise<ScanResult>): Promise<ScanResult> {
  const start = performance.now();
  const seconds = () => Math.round(performance.now() - start) / 1000;
  try {
    const result = await running;
    log.write("scan", scanEvent({ job, status: "done", seconds: seconds(), result }));
    return result;
  } catch (error) {
    if (error instanceof SlabFailure) {
      const { diagnostics } = error;
      log.write("scan", scanEvent({ job, status: "failed", seconds: seconds(), diagnostics }));
    }
    throw error;
  }
}

/** What the log says of a scan: its labels that occur, or its diagnostics. */
function scanEvent({
  job,
  status,
  seconds,
  result,
  diagnostics,
}: Outcome): Readonly<Record<string, unknown>> {
  const millilitres = result ? voxelVolume(result.grid.affine) / 1000 : 0;
  const labels = result?.histogram.flatMap((voxels, label) =>
    voxels === 0 ? [] : [{ label, voxels, millilitres: voxels * millilitres }],
  );
  return {
    scan: job.scan,
    output: job.output,
    status,
    seconds,
    tiles: result?.tiles,
    labels,
    diagnostics: diagnostics?.map(({ code, title, notes, help }) => ({ code, title, notes, help })),
  };
}
