import { pipelineInvalid, pipelineNewer } from "../compiler/diagnostics/catalogue/preparation.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import { isOrientation } from "../compiler/support/orientation.js";
import {
  blendings,
  type Intensity,
  intensityKinds,
  interpolations,
  modalities,
  type Padding,
  type Pipeline,
  type PipelineLabel,
  paddings,
  type Range,
  restorings,
} from "../compiler/support/pipeline.js";

const FORMAT = 1;
const MAXIMUM_CHARACTERS = 1 << 24;
const MAXIMUM_LABELS = 65_536;
const MAXIMUM_TEXT = 10_000;

/**
 * The pipeline that a model carries, read as hostile input: nothing is taken over that `docs/pipeline.schema.json` does
 * not allow. Fails with SLAB5041 or SLAB5042.
 */
export function parsePipeline(text: string, path: string): Pipeline {
  const reader = new Reader(path);
  if (text.length > MAXIMUM_CHARACTERS)
    reader.refuse(`${text.length} characters`, `at most ${MAXIMUM_CHARACTERS}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    reader.refuse(`text that is not JSON: ${shown(text)}`, "a JSON object");
  }
  const record = reader.record(value, "the pipeline", allKeys);
  const { format } = record;
  if (typeof format === "number" && Number.isInteger(format) && format > FORMAT) {
    fail(pipelineNewer, { format, known: FORMAT }, { path });
  }
  if (format !== FORMAT) reader.refuse(`format: ${shown(format)}`, `format: ${FORMAT}`);
  const orientation = record.orientation;
  if (orientation !== undefined && !(typeof orientation === "string" && isOrientation(orientation))) {
    reader.refuse(`orientation: ${shown(orientation)}`, "one of the 48 codes, such as RAS");
  }
  const spacing =
    record.spacing === undefined ? undefined : reader.triple(record.spacing, "spacing", isSpacing);
  return {
    format: FORMAT,
    name: reader.text(record.name, "name"),
    documentation: reader.text(record.documentation, "documentation"),
    modality: reader.word(record.modality, "modality", modalities),
    ...(orientation === undefined ? {} : { orientation: orientation as string }),
    ...(spacing ? { spacing } : {}),
    interpolation: reader.word(record.interpolation, "interpolation", interpolations),
    intensity: intensityOf(record.intensity, reader),
    padding: paddingOf(record.padding, reader),
    tile: reader.triple(
      record.tile,
      "tile",
      (size) => Number.isSafeInteger(size) && size >= 1 && size <= 65_536,
    ),
    overlap: reader.number(record.overlap, "overlap", (share) => share >= 0 && share < 1, "in [0, 1)"),
    blending: reader.word(record.blending, "blending", blendings),
    mirroring: mirroringOf(record.mirroring, reader),
    restoring: reader.word(record.restoring, "restoring", restorings),
    labels: labelsOf(record.labels, reader),
  };
}

const allKeys = [
  "format",
  "name",
  "documentation",
  "modality",
  "orientation",
  "spacing",
  "interpolation",
  "intensity",
  "padding",
  "tile",
  "overlap",
  "blending",
  "mirroring",
  "restoring",
  "labels",
];

function isSpacing(size: number): boolean {
  return size >= 1e-3 && size <= 1e3;
}

/** Refuses what does not fit, and says where it stands. */
class Reader {
  constructor(private readonly path: string) {}

  refuse(found: string, expected: string): never {
    fail(pipelineInvalid, { found, expected }, { path: this.path });
  }

  record(value: unknown, where: string, keys: readonly string[]): Readonly<Record<string, unknown>> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.refuse(`${where}: ${shown(value)}`, "an object");
    }
    const strange = Object.keys(value).find((key) => !keys.includes(key));
    if (strange !== undefined) this.refuse(`${where} with ${shown(strange)}`, `only ${keys.join(", ")}`);
    return value as Readonly<Record<string, unknown>>;
  }

  text(value: unknown, where: string): string {
    if (typeof value === "string" && value.length <= MAXIMUM_TEXT) return value;
    return this.refuse(`${where}: ${shown(value)}`, `a text of at most ${MAXIMUM_TEXT} characters`);
  }

  word<T extends string>(value: unknown, where: string, choices: readonly T[]): T {
    const found = choices.find((choice) => choice === value);
    return found ?? this.refuse(`${where}: ${shown(value)}`, choices.join(", "));
  }

  number(value: unknown, where: string, fits: (value: number) => boolean, expected: string): number {
    if (typeof value === "number" && Number.isFinite(value) && fits(value)) return value;
    return this.refuse(`${where}: ${shown(value)}`, `a number ${expected}`);
  }

  triple(value: unknown, where: string, fits: (value: number) => boolean): readonly [number, number, number] {
    if (
      Array.isArray(value) &&
      value.length === 3 &&
      value.every((size) => typeof size === "number" && fits(size))
    ) {
      return value as unknown as readonly [number, number, number];
    }
    return this.refuse(`${where}: ${shown(value)}`, "three sizes");
  }

  range(value: unknown, where: string): Range {
    const [low, high] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
    if (typeof low === "number" && typeof high === "number" && low < high && Number.isFinite(high - low)) {
      return [low, high];
    }
    return this.refuse(`${where}: ${shown(value)}`, "two numbers, the lower one first");
  }
}

function intensityOf(value: unknown, reader: Reader): Intensity {
  const given = reader.record(value, "intensity", [
    "kind",
    "low",
    "high",
    "to",
    "clip",
    "over",
    "mean",
    "deviation",
  ]);
  const kind = reader.word(given.kind, "intensity.kind", intensityKinds);
  const allowed: Readonly<Record<typeof kind, readonly string[]>> = {
    none: [],
    minmax: ["to", "over"],
    zscore: ["mean", "deviation", "clip", "over"],
    window: ["low", "high", "to", "clip"],
    percentiles: ["low", "high", "to", "clip", "over"],
  };
  reader.record(value, "intensity", ["kind", ...allowed[kind]]);
  const to = given.to === undefined ? {} : { to: reader.range(given.to, "intensity.to") };
  const over =
    given.over === undefined ? {} : { over: reader.word(given.over, "intensity.over", ["nonzero"] as const) };
  if (kind === "none") return { kind };
  if (kind === "minmax") return { kind, ...over, ...to };
  if (kind === "zscore") {
    const limits = given.clip === undefined ? {} : { clip: reader.range(given.clip, "intensity.clip") };
    if (given.mean === undefined && given.deviation === undefined) return { kind, ...limits, ...over };
    const mean = reader.number(given.mean, "intensity.mean", () => true, "beside deviation");
    const deviation = reader.number(given.deviation, "intensity.deviation", (width) => width > 0, "above 0");
    return { kind, mean, deviation, ...limits, ...over };
  }
  const [low, high] = reader.range([given.low, given.high], "intensity");
  if (given.clip !== undefined && given.clip !== false) {
    reader.refuse(`intensity.clip: ${shown(given.clip)}`, "false, or nothing");
  }
  const clip = given.clip === undefined ? {} : ({ clip: false } as const);
  if (kind === "window") return { kind, low, high, ...clip, ...to };
  if (low < 0 || high > 100)
    reader.refuse(`intensity: percentiles ${low} and ${high}`, "percentiles in 0..100");
  return { kind, low, high, ...clip, ...over, ...to };
}

function paddingOf(value: unknown, reader: Reader): Padding {
  const { kind } = reader.record(value, "padding", ["kind", "value"]);
  if (kind === "constant") {
    const given = (value as { readonly value?: unknown }).value;
    return { kind, value: reader.number(given, "padding.value", () => true, "that is finite") };
  }
  reader.record(value, "padding", ["kind"]);
  return { kind: reader.word(kind, "padding.kind", paddings) };
}

function mirroringOf(value: unknown, reader: Reader): readonly number[] {
  const fits = Array.isArray(value) && value.length <= 3 && value.every((axis) => [0, 1, 2].includes(axis));
  if (fits && new Set(value).size === value.length) return value as number[];
  return reader.refuse(`mirroring: ${shown(value)}`, "axes 0, 1 and 2, each at most once");
}

function labelsOf(value: unknown, reader: Reader): readonly PipelineLabel[] {
  if (!Array.isArray(value) || value.length > MAXIMUM_LABELS) {
    return reader.refuse(`labels: ${shown(value)}`, `a list of at most ${MAXIMUM_LABELS}`);
  }
  return value.map((entry: unknown, index): PipelineLabel => {
    const where = `labels[${index}]`;
    const label = reader.record(entry, where, ["name", "colour"]);
    const name = reader.text(label.name, `${where}.name`);
    if (label.colour === undefined) return { name };
    if (typeof label.colour === "string" && /^#[0-9a-f]{6}$/.test(label.colour))
      return { name, colour: label.colour };
    return reader.refuse(`${where}.colour: ${shown(label.colour)}`, 'a colour such as "#9d6ca2"');
  });
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
  const short = text.slice(0, 200).replace(/\p{Cc}/gu, "?");
  return short.length > 60 ? `${short.slice(0, 60)}…` : short;
}
