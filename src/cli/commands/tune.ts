import { availableParallelism } from "node:os";
import {
  type CheckedNetwork,
  checkNetwork,
  renderDiagnostics,
  type Schedule,
  SlabFailure,
  scheduledText,
  seededInput,
  showSchedule,
} from "../../compiler/index.js";
import { encodeSchedule } from "../../compiler/schedule/stored.js";
import { known } from "../../compiler/support/invariant.js";
import {
  type Device,
  type OpenOptions,
  openModel,
  parseNamedDevice,
  readManifest,
  requireDevice,
  writeFileAtomically,
} from "../../runtime/index.js";
import { readSource, requireWritable } from "../files.js";
import { createHost } from "../host.js";
import { withCompiled } from "../network.js";
import {
  type NetworkArguments,
  networkOptions,
  parseCard,
  parseCount,
  type WeightArguments,
} from "../options.js";
import { withTemporaryModel } from "../run/temporary-model.js";
import { chosenSchedule } from "../schedule.js";
import type { Terminal } from "../terminal.js";
import { table } from "../text.js";

export interface TuneArguments extends NetworkArguments, WeightArguments {
  readonly output: string;
  readonly seconds: string;
  readonly threads?: string;
  readonly device: string;
  readonly card: string;
  readonly precision?: string;
}

/** What is measured on a device: its preset and what differs from it in one choice, and other presets that run there. */
const candidates: Readonly<Record<Device, readonly string[]>> = {
  cpu: [
    "portable",
    "cpu",
    "memory",
    "axes=aligned",
    "cpu,axes=written",
    "cpu,concat=kept",
    "cpu,norm=native",
    "cpu,shift=pad",
    "cpu,sampling=native",
    "cpu,algorithm=direct",
    "cpu,upsample=transposed",
  ],
  cuda: [
    "portable",
    "gpu",
    "gpu,views=turns",
    "gpu,axes=aligned",
    "gpu,conv=folded",
    "gpu,norm=native",
    "gpu,shift=merged",
    "gpu,shift=slice",
    "gpu,sampling=gathered",
    "gpu,concat=split",
    "gpu,upsample=pointwise",
    "cpu",
  ],
  webgpu: [
    "webgpu",
    "webgpu,views=stacked",
    "webgpu,axes=written",
    "webgpu,conv=sliced",
    "webgpu,conv=volumetric",
    "webgpu,conv=volumetric,norm=centred",
    "webgpu,norm=moments",
    "webgpu,norm=native",
    "webgpu,shift=slice",
    "webgpu,sampling=native",
    "webgpu,concat=split",
    "portable",
    "cpu",
  ],
};
const mostSeconds = 86_400;
const mostThreads = 256;
/** A schedule that takes so many times as long as the best one is measured no further. */
const hopeless = 1.5;

interface Candidate {
  readonly name: string;
  readonly schedule: Schedule;
  readonly seconds: number[];
  /** Why it does not run on the device. */
  failure?: SlabFailure;
}

/** `slab tune`: measures schedules in turns, on a device of this machine, and writes the fastest one to a file. */
export async function tune(file: string, options: TuneArguments, terminal: Terminal): Promise<number> {
  const { output, weights } = options;
  const device = parseNamedDevice(options.device);
  const limit = 1000 * parseCount("--seconds", options.seconds, mostSeconds);
  const threads =
    options.threads === undefined
      ? availableParallelism()
      : parseCount("--threads", options.threads, mostThreads);
  const card = parseCard(options.card);
  requireDevice(device);
  requireWritable([output], [file, ...(weights === undefined ? [] : [weights])]);
  readSource(file);
  const checked = checkNetwork(file, createHost(file), networkOptions(options));
  if (checked.warnings.length > 0) {
    terminal.remark(renderDiagnostics(checked.warnings, { colour: terminal.colour }));
  }
  const { all, repeats } = differing(checked, candidatesFor(device, options));
  const start = performance.now();
  let turns = 0;
  for (let round = 0; performance.now() - start < limit; round++) {
    const best = Math.min(...all.flatMap(({ seconds }) => (seconds.length > 0 ? [median(seconds)] : [])));
    const left = all.filter(
      ({ seconds, failure }) =>
        (round === 0 && !failure) || (seconds.length > 0 && median(seconds) < hopeless * best),
    );
    if (left.length === 0) break;
    for (const candidate of left) {
      const { name, schedule, seconds } = candidate;
      // The first one is measured whatever the limit, so that there is something to say.
      if (turns > 0 && performance.now() - start > limit) break;
      turns += 1;
      const taken = await timed(checked, file, schedule, options, { threads, device, card }).catch(
        (error) => {
          // What a device can't compute is no candidate there.
          if (device === "cpu" || !(error instanceof SlabFailure)) throw error;
          candidate.failure = error;
          return undefined;
        },
      );
      if (taken === undefined) {
        terminal.remark(`turn ${turns}: ${name} does not run on ${device}`);
        continue;
      }
      seconds.push(taken);
      terminal.remark(`turn ${turns}: ${name} ${taken.toFixed(3)} s`);
    }
  }
  const measured = all.filter(({ seconds }) => seconds.length > 0);
  const sorted = measured.toSorted((a, b) => median(a.seconds) - median(b.seconds));
  const [winner] = sorted;
  const failed = all.filter(({ failure }) => failure !== undefined);
  if (!winner) throw known(failed[0]?.failure, "nothing was measured, so something failed");
  const content = encodeSchedule({
    format: 1,
    schedule: winner.schedule,
    network: checked.graph.network,
    tile: networkOptions(options).tile ?? [],
    device,
    threads,
    measured: sorted.map(({ name, seconds }) => ({ schedule: name, seconds })),
  });
  writeFileAtomically(output, new TextEncoder().encode(content));
  terminal.print(resultTable(sorted));
  for (const { name, failure } of failed) {
    const [reason] = failure?.diagnostics ?? [];
    terminal.print(`${name} does not run on ${device}: ${reason?.notes[0]?.text ?? reason?.title}`);
  }
  for (const [name, same] of repeats) terminal.print(`${name} computes this network as ${same} does`);
  const missing = all.length - measured.length - failed.length;
  if (missing > 0) terminal.print(`${missing} of ${all.length} schedules not measured: the time was over`);
  terminal.print(`wrote ${output}: ${showSchedule(winner.schedule)}`);
  return 0;
}

function candidatesFor(device: Device, { precision }: TuneArguments): readonly Candidate[] {
  return candidates[device].map((name) => {
    const schedule = chosenSchedule({ schedule: name, ...(precision ? { precision } : {}) });
    return { name, schedule, seconds: [] };
  });
}

/** Those whose graphs differ; of the others, by name, which computes the same: a choice may concern nothing in a network. */
function differing(
  checked: CheckedNetwork,
  found: readonly Candidate[],
): { readonly all: readonly Candidate[]; readonly repeats: ReadonlyMap<string, string> } {
  const byGraph = new Map<string, Candidate>();
  const repeats = new Map<string, string>();
  for (const candidate of found) {
    const text = scheduledText(checked, candidate.schedule);
    const first = byGraph.get(text);
    if (first) repeats.set(candidate.name, first.name);
    else byGraph.set(text, candidate);
  }
  return { all: [...byGraph.values()], repeats };
}

/** Seconds of one run, after one that warms up. One model is open at a time: several would share the memory. */
async function timed(
  checked: CheckedNetwork,
  file: string,
  schedule: Schedule,
  options: TuneArguments,
  running: Pick<OpenOptions, "threads" | "device" | "card">,
): Promise<number> {
  const emission = { schedule, externalDataName: "weights" };
  const opened = withCompiled(checked, options, emission, ({ emitted }) => {
    const manifest = readManifest(emitted.model, file);
    return withTemporaryModel(emitted, (source) => openModel(source, manifest, { name: file, ...running }));
  });
  const model = await opened;
  try {
    const [port] = model.manifest.inputs;
    const input = () => seededInput(port.name, port.shape) as Float32Array<ArrayBuffer>;
    await model.run(input());
    const values = input();
    const start = performance.now();
    await model.run(values);
    return (performance.now() - start) / 1000;
  } finally {
    await model.close();
  }
}

function resultTable(sorted: readonly Candidate[]): string {
  const reference = sorted.find(({ name }) => name === "portable") ?? sorted[0];
  const base = reference ? median(reference.seconds) : 1;
  const rows = sorted.map(({ name, seconds }) => [
    name,
    median(seconds).toFixed(3),
    `${Math.min(...seconds).toFixed(3)} to ${Math.max(...seconds).toFixed(3)}`,
    String(seconds.length),
    (base / median(seconds)).toFixed(2),
  ]);
  return table([["schedule", "median s", "from to", "runs", "times as fast"], ...rows], [1, 2, 3, 4]);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[middle] ?? 0];
  return (low + high) / 2;
}
