import { compilerVersion } from "../../compiler/version.js";
import { createProfile, createProgress, type Progress, watchMemory } from "../../runtime/index.js";
import { logged, runBatch } from "../run/batch.js";
import { labelTable } from "../run/label-table.js";
import { openLog } from "../run/log.js";
import { prepareNetwork } from "../run/network.js";
import { planOutputs } from "../run/outputs.js";
import { withPipeline } from "../run/pipeline.js";
import { profileTable } from "../run/profile-table.js";
import { runScan, type ScanJob } from "../run/scan.js";
import { type RunArguments, readSettings } from "../run/settings.js";
import type { Terminal } from "../terminal.js";

export { weightUsage } from "../run/network.js";

/**
 * `slab run`: segments scans and writes their label maps, and pictures where they are asked for. A single scan's mistake
 * is thrown; in a batch it is reported, and the exit code is 1.
 */
export async function run(
  network: string,
  scans: readonly string[],
  options: RunArguments,
  terminal: Terminal,
): Promise<number> {
  const say = options.quiet ? () => undefined : terminal.print;
  const start = performance.now();
  const general = readSettings(options);
  const { jobs, batch, makeFolders } = planOutputs(network, scans, options);
  const opened = prepareNetwork(network, options, general, terminal);
  const settings = withPipeline(general, opened.pipeline, options, terminal);
  makeFolders();
  const log = openLog(options.log);
  const { orientation, spacing, interpolation, intensity, overlap, blend, pad, mirror, restore, device } =
    options;
  log.write("start", {
    slab: compilerVersion,
    network,
    scans: scans.length,
    pipeline: opened.pipeline?.name,
    options: { orientation, spacing, interpolation, intensity, overlap, blend, pad, mirror, restore, device },
  });
  const memory = settings.memory === undefined ? undefined : watchMemory(settings.memory);
  const profile = createProfile();
  let progress: Progress | undefined;
  const runOne = async (job: ScanJob, label: string, description?: string) => {
    const onProgress = (done: number, total: number) => {
      if (options.quiet) return;
      progress ??= createProgress(terminal.progress, total, label);
      progress.update(done);
      if (done < total) return;
      progress.finish();
      progress = undefined;
    };
    const described = description === undefined ? {} : { description };
    try {
      return await runScan(job, opened, settings, { onProgress, profile, memory, ...described });
    } finally {
      progress?.clear();
      progress = undefined;
    }
  };
  try {
    let exitCode = 0;
    const [only] = jobs;
    if (batch) {
      exitCode = await runBatch(jobs, opened, options, runOne, log, terminal);
    } else if (only) {
      const { histogram, grid } = await logged(log, only, runOne(only, "segmenting"));
      say(labelTable(histogram, grid, opened.pipeline?.labels));
      say(`wrote ${only.output}${only.picture === undefined ? "" : ` and ${only.picture}`}`);
    }
    if (options.profile) terminal.print(profileTable(profile, performance.now() - start));
    return exitCode;
  } finally {
    memory?.stop();
    await opened.close();
  }
}
