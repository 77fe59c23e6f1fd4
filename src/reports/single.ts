import type {
  Analysis,
  PortShape,
  ReceptiveField,
  Roofline,
  ScheduleMemory,
  VolumeCost,
  WholeReach,
} from "../compiler/index.js";
import { breakdownTable } from "./breakdown.js";
import { budgetFact } from "./budget.js";
import type { Document, Fact, Facts, Remark } from "./document.js";
import { counted, duration, exact, intensity, short, shortBytes, threeDigits } from "./numbers.js";
import { type Report, showAxes, showSettings, summaryOf } from "./report.js";

/** One network for people: what it is and what is counted first, then the numbers. */
export function describeReport(report: Report): Document {
  const { analysis, breakdowns, roofline, volume, verdicts } = report;
  const summary = summaryOf(analysis.documentation);
  return {
    title: `${analysis.network} · ${report.file}`,
    ...(summary === undefined ? {} : { subtitle: summary }),
    blocks: [
      identity(analysis),
      counts(analysis),
      conventions(report),
      { kind: "facts", facts: [...memoryFacts(report), ...reachFacts(report)] },
      ...(roofline ? [rooflineFacts(roofline)] : []),
      ...(volume ? [volumeFacts(volume)] : []),
      ...breakdowns.map((breakdown) => breakdownTable(report, breakdown)),
      ...(verdicts
        ? [{ kind: "facts", title: "Budget", facts: verdicts.map((each) => budgetFact(each)) } as const]
        : []),
      coverage(analysis),
    ],
  };
}

function identity({ arguments: settings, inputs, outputs }: Analysis): Facts {
  const port = (name: string) => (each: PortShape) => ({
    name,
    text: `${each.name} ${showAxes(each.axes)}, ${shortBytes(each.bytes)}`,
  });
  return {
    kind: "facts",
    facts: [
      { name: "settings", text: showSettings(settings) },
      ...inputs.map(port("input")),
      ...outputs.map(port("output")),
    ],
  };
}

function counts({ parameters, total }: Analysis): Facts {
  const { trainable, applied, unused, buffers } = parameters;
  const bytes = total.bytesRead + total.bytesWritten;
  const reuse = applied === trainable - unused ? "" : `; ${exact(applied)} counted at each use`;
  const idle = unused === 0n ? "" : `; ${exact(unused)} of them are held and not used`;
  return {
    kind: "facts",
    facts: [
      number("parameters", trainable, `trained values, each counted once${reuse}${idle}`),
      ...(buffers > 0n ? [number("buffers", buffers, "stored with the weights, not trained")] : []),
      number("MACs", total.macs, "multiply-accumulates of convolutions and matrix products"),
      number("FLOPs", total.flops, "every floating point operation, two for a multiply-accumulate"),
      {
        name: "bytes moved",
        exact: exact(bytes),
        short: shortBytes(bytes),
        text: "every operation reads its inputs and weights, and writes its output, in float32",
      },
      { name: "intensity", exact: intensity(total.flops, bytes), text: "FLOPs for each byte moved" },
    ],
  };
}

function number(name: string, count: bigint, text: string): Fact {
  return { name, exact: exact(count), short: short(count), text };
}

function bytesFact(name: string, bytes: bigint, text: string): Fact {
  return { name, exact: exact(bytes), short: shortBytes(bytes), text };
}

/** How many of the tensors that are held at the peak are named. */
const namedTensors = 4;

function memoryFacts({ analysis, memory, schedules }: Report): Fact[] {
  const { schedule, peakBytes, peakAt, live, activationBytes } = memory;
  const suffix = schedule === "portable" ? "" : `, ${schedule}`;
  const named = live.slice(0, namedTensors).map(({ name, bytes }) => `${name} ${shortBytes(bytes)}`);
  const smaller = live.length - named.length;
  const more = smaller > 0 ? `, and ${counted(smaller, "smaller tensor")}` : "";
  return [
    bytesFact("weights", analysis.memory.weightBytes, "bytes, in float32"),
    bytesFact(`peak memory${suffix}`, peakBytes, `bytes of activations, held while ${peakAt} runs`),
    { name: "  of it", text: `${named.join(", ")}${more}` },
    bytesFact(`all activations${suffix}`, activationBytes, "bytes, were none ever given back"),
    ...schedules()
      .filter((other) => other !== memory)
      .map(otherPeak),
  ];
}

/** The peak of a schedule that was not asked for, with the largest tensor that is held then. */
function otherPeak({ schedule, peakBytes, peakAt, live: [largest] }: ScheduleMemory): Fact {
  const most = largest ? `; the largest is ${largest.name} ${shortBytes(largest.bytes)}` : "";
  return bytesFact(`peak memory, ${schedule}`, peakBytes, `held while ${peakAt} runs${most}`);
}

function reachFacts({ analysis: { receptiveFields }, spacing = {} }: Report): Fact[] {
  return receptiveFields.flatMap((field) => {
    const suffix = receptiveFields.length > 1 ? ` of ${field.output} in ${field.input}` : "";
    return [
      { name: `receptive field${suffix}`, text: showReach(field, spacing) },
      { name: `tile overlap${suffix}`, text: showOverlap(field) },
    ];
  });
}

function showReach(
  { axes, whole, exact: isExact }: ReceptiveField,
  spacing: Readonly<Record<string, number>>,
): string {
  const parts = axes.map(({ axis, voxels }) => {
    const step = spacing[axis];
    if (voxels === "whole") return `${axis} whole`;
    const length = step === undefined ? "" : ` (${(voxels * step).toFixed(1)} mm)`;
    return `${axis} ${exact(voxels)}${length}`;
  });
  const voxels = axes.some((each) => each.voxels !== "whole") ? " voxels" : "";
  return [`${isExact ? "" : "at most "}${parts.join(", ")}${voxels}`, ...whole.map(showWhole)].join("; ");
}

function showWhole({ operation, layers, of }: WholeReach): string {
  const [takes, sees] = layers === 1 ? ["takes its", "sees"] : ["take their", "see"];
  return of === "statistics"
    ? `${counted(layers, operation)} besides ${takes} statistics from the whole tile`
    : `${counted(layers, operation)} ${sees} the whole tile`;
}

function showOverlap({ axes, whole }: ReceptiveField): string {
  if (axes.some(({ overlap }) => overlap === "whole"))
    return "none hides the borders of tiles: whole axes matter";
  const parts = axes.map(
    ({ axis, overlap, tileOverlap }) => `${axis} ${exact(Number(tileOverlap ?? overlap))}`,
  );
  const small = axes.filter(({ tileOverlap }) => tileOverlap === undefined).map(({ axis }) => axis);
  const but = whole.some(({ of }) => of === "statistics") ? ", but for the statistics of norms" : "";
  const fit = small.length === 0 ? "" : `; this tile is too small for it along ${small.join(", ")}`;
  return `${parts.join(", ")} voxels are the least that hides the borders of tiles${but}${fit}`;
}

function conventions({ analysis, convention }: Report): Facts {
  const { conventions, total } = analysis;
  const facts = conventions.map(({ name, tool, unit, value }) => ({
    name: name === convention ? `${name} *` : name,
    exact: exact(value),
    short: short(value),
    text: `${unit} by ${tool}`,
  }));
  const chosen = conventions.find(({ name }) => name === convention);
  const rule = chosen
    ? [
        { name: "* rule", text: chosen.rule },
        {
          name: "* exact",
          text: `${exact(total.macs)} MACs; the tool's number is ×${threeDigits(Number(chosen.value) / Number(total.macs))} of that`,
        },
      ]
    : [];
  return { kind: "facts", title: "As other tools count this network", facts: [...facts, ...rule] };
}

function rooflineFacts({ device, ridge, seconds, computeSeconds, memorySeconds }: Roofline): Facts {
  const part = (some: number) => (seconds === 0 ? "" : `, ${((100 * some) / seconds).toFixed(1)} %`);
  return {
    kind: "facts",
    title: `Least time on a device (a bound, not a forecast): ${device.title}`,
    facts: [
      { name: "time", text: duration(seconds) },
      { name: "bounded by arithmetic", text: `${duration(computeSeconds)}${part(computeSeconds)}` },
      { name: "bounded by memory", text: `${duration(memorySeconds)}${part(memorySeconds)}` },
      {
        name: "device",
        text: `${short(device.flopsPerSecond)}FLOP/s, ${shortBytes(device.bytesPerSecond)}/s: layers with less than ${threeDigits(ridge)} FLOPs for a byte are bounded by memory`,
      },
      { name: "source", text: device.source },
    ],
  };
}

function volumeFacts({
  volume,
  tile,
  overlap,
  starts,
  tiles,
  macs,
  flops,
  redundancy,
  ...bytes
}: VolumeCost): Facts {
  const along = starts.map((each) => exact(each.length)).join(" x ");
  return {
    kind: "facts",
    title: `A volume of ${shape(volume)} in tiles of ${shape(tile)}, overlap ${overlap}`,
    facts: [
      number(
        "tiles",
        tiles,
        `${along} along the axes; ${threeDigits(redundancy)} voxels computed for each of the volume`,
      ),
      number("MACs", macs, "of all tiles"),
      number("FLOPs", flops, "of all tiles"),
      bytesFact("output of a tile", bytes.tileOutputBytes, "bytes"),
      bytesFact(
        "blending",
        bytes.blendingBytes,
        "bytes: sums of scores and of weights while tiles are joined",
      ),
      bytesFact("label map", bytes.labelBytes, "bytes"),
    ],
  };
}

function shape(axes: readonly { readonly size: bigint }[]): string {
  return axes.map(({ size }) => String(size)).join("x");
}

function coverage({ coverage: { counted: known, free, unknown } }: Analysis): Remark {
  return {
    kind: "remark",
    text: `${counted(known, "operation")} counted, ${exact(free)} free (they only move or rename values), ${unknown} unknown: an operation without a cost rule does not compile.`,
  };
}
