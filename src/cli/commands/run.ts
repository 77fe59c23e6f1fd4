import { outputEnding } from "../../compiler/diagnostics/catalogue/cli.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { createProgress, type Progress, watchMemory } from "../../runtime/index.js";
import { requireWritable } from "../files.js";
import { labelTable } from "../run/label-table.js";
import { prepareNetwork } from "../run/network.js";
import { runScan } from "../run/scan.js";
import { type RunArguments, readSettings } from "../run/settings.js";
import type { Terminal } from "../terminal.js";

export { weightUsage } from "../run/network.js";

/** `slab run`: segments a scan and writes its label map, and a picture where one is asked for. */
export async function run(
  network: string,
  scan: string,
  options: RunArguments,
  terminal: Terminal,
): Promise<number> {
  const say = options.quiet ? () => undefined : terminal.print;
  const settings = readSettings(options);
  checkOutputs(network, scan, options);
  const { output, picture } = options;
  const { threads } = settings;
  const prepared = prepareNetwork(
    network,
    options,
    { ...(threads === undefined ? {} : { threads }), arena: settings.memory === undefined },
    terminal,
  );
  const memory = settings.memory === undefined ? undefined : watchMemory(settings.memory);
  let progress: Progress | undefined;
  try {
    const onProgress = (done: number, total: number) => {
      if (options.quiet) return;
      progress ??= createProgress(terminal.progress, total, "segmenting");
      progress.update(done);
      if (done === total) progress.finish();
    };
    const job = { scan, output, ...(picture === undefined ? {} : { picture }) };
    const { histogram, grid } = await runScan(job, prepared, settings, { onProgress, memory });
    say(labelTable(histogram, grid));
    say(`wrote ${output}${picture === undefined ? "" : ` and ${picture}`}`);
    return 0;
  } finally {
    progress?.clear();
    memory?.stop();
    await prepared.close();
  }
}

/** Finds out before minutes of work whether its result can be written. */
function checkOutputs(network: string, scan: string, { output, picture, weights }: RunArguments): void {
  requireEnding(output, "a label map", [".nii", ".nii.gz"], "labels.nii.gz");
  if (picture !== undefined) requireEnding(picture, "a picture", [".png"], "labels.png");
  const inputs = [network, scan, ...(weights === undefined ? [] : [weights])];
  requireWritable([output, ...(picture === undefined ? [] : [picture])], inputs);
}

function requireEnding(path: string, what: string, endings: readonly string[], example: string): void {
  const fits = endings.some((ending) => path.toLowerCase().endsWith(ending));
  if (!fits) fail(outputEnding, { what, endings, example }, { path });
}
