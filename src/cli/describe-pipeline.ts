import type { Intensity, Padding, Pipeline } from "../compiler/support/pipeline.js";
import type { NetworkArguments } from "./options.js";
import { counted, printable } from "./text.js";

/** `ct, RAS, 1.5x1.5x2 mm (linear), window(-991, 362) -> (0, 1), tiles of 96x96x96, …`: a pipeline on one line. */
export function describePipeline(pipeline: Pipeline): string {
  const { modality, orientation, spacing, interpolation, overlap, blending, mirroring, labels } = pipeline;
  const parts = [
    modality,
    ...(orientation === undefined ? [] : [orientation]),
    ...(spacing === undefined ? [] : [`${spacing.join("x")} mm (${interpolation})`]),
    showIntensity(pipeline.intensity),
    `tiles of ${pipeline.tile.join("x")}, overlap ${overlap}, ${blending}, padding ${showPadding(pipeline.padding)}`,
    ...(mirroring.length === 0 ? [] : [`mirrored along ${mirroring.length} of 3 axes`]),
    ...(pipeline.restoring === "labels" || spacing === undefined ? [] : ["probabilities resampled back"]),
    ...(labels.length === 0 ? [] : [counted(labels.length, "label")]),
  ];
  return printable(parts.join(", "));
}

function showPadding(padding: Padding): string {
  return padding.kind === "constant" ? `constant(${padding.value})` : padding.kind;
}

/** An intensity as the language writes it. */
function showIntensity(intensity: Intensity): string {
  const { kind } = intensity;
  const named: string[] = [];
  if ("mean" in intensity && intensity.mean !== undefined) {
    named.push(`mean: ${intensity.mean}`, `deviation: ${intensity.deviation}`);
  }
  if ("clip" in intensity && intensity.clip !== undefined) {
    named.push(`clip: ${intensity.clip === false ? "false" : `(${intensity.clip.join(", ")})`}`);
  }
  if ("over" in intensity) named.push("over: nonzero");
  const bounds = "low" in intensity ? [String(intensity.low), String(intensity.high)] : [];
  const given = [...bounds, ...named];
  const to = "to" in intensity ? ` -> (${intensity.to?.join(", ")})` : "";
  return `${kind}${given.length > 0 ? `(${given.join(", ")})` : ""}${to}`;
}

/** What options of the command line put in the place of what a pipeline says. */
export function replacedByOptions(
  pipeline: Pipeline | undefined,
  { set, tile }: Pick<NetworkArguments, "set" | "tile">,
): readonly string[] {
  if (!pipeline) return [];
  const given = [
    ...(set ?? []).map((setting) => `--set ${setting}`),
    ...(tile === undefined ? [] : [`--tile ${tile}`]),
  ];
  return given.map((option) => printable(`${option} comes before what pipeline ${pipeline.name} says`));
}
