import { badOrientationOption, restoringNothing } from "../../compiler/diagnostics/catalogue/preparation.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { renderDiagnostics } from "../../compiler/index.js";
import { explainOrientation, isOrientation } from "../../compiler/support/orientation.js";
import { interpolations, type Pipeline, restorings } from "../../compiler/support/pipeline.js";
import {
  choose,
  parseIntensity,
  pipelineNames,
  preparePipeline,
  type ScanPipeline,
} from "../../runtime/index.js";
import { describePipeline } from "../describe-pipeline.js";
import { parseTriple } from "../report-options.js";
import type { Terminal } from "../terminal.js";
import { printable } from "../text.js";
import type { RunArguments, RunSettings } from "./settings.js";

/** Options that say, for one run, what a pipeline says for all of them. */
const overriding = [
  "orientation",
  "spacing",
  "interpolation",
  "intensity",
  "overlap",
  "blend",
  "pad",
  "mirror",
  "restore",
] as const;

/** The settings with what a pipeline says in them, where no option says otherwise; and says which option does. */
export function withPipeline(
  settings: RunSettings,
  pipeline: Pipeline | undefined,
  options: RunArguments,
  terminal: Terminal,
): RunSettings {
  const say = options.quiet ? () => undefined : terminal.print;
  if (pipeline) {
    say(`pipeline ${printable(pipeline.name)}: ${describePipeline(pipeline)}`);
    const given = [...overriding, "set", "tile"] as const;
    for (const option of given) {
      if (options[option] !== undefined) say(`--${option} comes before what the pipeline says`);
    }
  }
  const isSpatial = (["orientation", "spacing", "interpolation", "restore"] as const).some(
    (option) => options[option] !== undefined,
  );
  if (!pipeline && !isSpatial) return settings;
  const scan = scanPipeline(pipeline, options);
  if (options.restore === "probabilities" && !scan.spacing) fail(restoringNothing, {});
  const preparation = preparePipeline(scan, (remark) => {
    terminal.remark(renderDiagnostics([remark], { colour: terminal.colour }));
  });
  if (!pipeline) return { ...settings, preparation };
  const { intensity } = scan;
  return {
    ...settings,
    preparation,
    ...(options.overlap === undefined ? { overlap: pipeline.overlap } : {}),
    ...(options.blend === undefined ? { blend: pipeline.blending } : {}),
    ...(options.pad === undefined ? { pad: pipeline.padding } : {}),
    mirroring: pipeline.mirroring,
    picture: {
      ...settings.picture,
      names: pipelineNames(pipeline.labels),
      // What the network sees is what the picture shows.
      ...(intensity.kind === "window" ? { window: [intensity.low, intensity.high] as const } : {}),
    },
  };
}

function scanPipeline(pipeline: Pipeline | undefined, options: RunArguments): ScanPipeline {
  const orientation = options.orientation ?? pipeline?.orientation;
  if (orientation !== undefined && !isOrientation(orientation)) {
    fail(badOrientationOption, { found: orientation, ...explainOrientation(orientation) });
  }
  const spacing = options.spacing === undefined ? pipeline?.spacing : parseTriple(options.spacing);
  const word = <T extends string>(
    name: "interpolation" | "restore",
    choices: readonly T[],
    otherwise: T,
  ): T => (options[name] === undefined ? otherwise : choose(name, options[name], choices));
  return {
    modality: pipeline?.modality ?? "other",
    ...(orientation === undefined ? {} : { orientation }),
    ...(spacing === undefined ? {} : { spacing }),
    interpolation: word("interpolation", interpolations, pipeline?.interpolation ?? "linear"),
    intensity:
      options.intensity === undefined && pipeline
        ? pipeline.intensity
        : parseIntensity(options.intensity ?? "minmax"),
    restoring: word("restore", restorings, pipeline?.restoring ?? "labels"),
  };
}
