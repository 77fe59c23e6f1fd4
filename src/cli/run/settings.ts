import {
  type Blend,
  type Device,
  type Pad,
  type PictureOptions,
  type Preparation,
  parseBlend,
  parseDevice,
  parseIntensity,
  parseMemory,
  parseOverlap,
  parsePad,
  scaleOnly,
} from "../../runtime/index.js";
import { type NetworkArguments, parseCard, parseCount, type WeightArguments } from "../options.js";
import type { ScheduleArguments } from "../schedule.js";

/** The options of `slab run`, as the user wrote them. */
export interface RunArguments extends NetworkArguments, WeightArguments, ScheduleArguments {
  readonly output: string;
  readonly orientation?: string;
  readonly spacing?: string;
  readonly interpolation?: string;
  readonly restore?: string;
  readonly intensity?: string;
  readonly overlap?: string;
  readonly blend?: string;
  readonly pad?: string;
  readonly mirror?: string;
  readonly memory?: string;
  readonly picture?: string;
  readonly pictureSlices?: string;
  readonly threads?: string;
  readonly device?: string;
  readonly card?: string;
  readonly resume?: boolean;
  readonly log?: string;
  readonly profile?: boolean;
  readonly quiet?: boolean;
}

/** What they come to: how scans are prepared, tiled and computed. */
export interface RunSettings {
  readonly preparation: Preparation;
  readonly overlap: number;
  readonly blend: Blend;
  readonly pad: Pad;
  /** How pictures are drawn, where they are asked for. */
  readonly picture: PictureOptions;
  /** By names of the network's axes, which are not known yet. */
  readonly mirror: string | undefined;
  /** By indices, where `mirror` says nothing. */
  readonly mirroring?: readonly number[];
  /** The most bytes that the process may take. */
  readonly memory: number | undefined;
  readonly threads: number | undefined;
  readonly device: Device | "auto";
  /** The number of the graphics card, for CUDA. */
  readonly card: number;
  /** Whether the user named a device, or `auto`: then it is said which one is used. */
  readonly deviceAsked: boolean;
}

/** As many slices in a row as a picture shows well. */
export const mostSlices = 16;

const mostThreads = 256;

/** Reads the options. Fails with a diagnostic for the first that does not fit. */
export function readSettings(options: RunArguments): RunSettings {
  const { memory, threads, device, card = "0" } = options;
  const cardNumber = parseCard(card);
  return {
    preparation: scaleOnly(parseIntensity(options.intensity ?? "minmax")),
    overlap: parseOverlap(options.overlap ?? "0.5"),
    blend: parseBlend(options.blend ?? "gaussian"),
    pad: parsePad(options.pad ?? "minimum"),
    picture: { slices: parseCount("--picture-slices", options.pictureSlices ?? "1", mostSlices) },
    mirror: options.mirror,
    memory: memory === undefined ? undefined : parseMemory(memory),
    threads: threads === undefined ? undefined : parseCount("--threads", threads, mostThreads),
    device: parseDevice(device ?? "auto"),
    card: cardNumber,
    deviceAsked: device !== undefined,
  };
}
